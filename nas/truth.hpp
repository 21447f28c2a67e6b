// What really happened, as the NASes know it and no server can: the seconds of each session that were
// reported, and those that the server acknowledged. What it charges must lie between the two.
#pragma once

#include <cstdint>
#include <deque>
#include <string>

namespace hourglass::nas {

class SessionTruth {
public:
    SessionTruth(std::string session_id, std::string nas)
        : session_id_(std::move(session_id)), nas_(std::move(nas)) {}

    void report(std::uint32_t seconds);
    // Of a report whose answer came.
    void acknowledge(std::uint32_t seconds, bool is_stop);

    const std::string& session_id() const { return session_id_; }
    const std::string& nas() const { return nas_; }
    std::int64_t reported() const { return reported_; }
    std::int64_t acknowledged() const { return acknowledged_; }
    // Was any of its reports acknowledged? Then the server must know it.
    bool is_known() const { return is_known_; }
    // Was its Stop acknowledged? Then the server must know that it has ended.
    bool is_ended() const { return is_ended_; }

private:
    std::string session_id_;
    std::string nas_;
    std::uint32_t reported_{};
    std::uint32_t acknowledged_{};
    bool is_known_{};
    bool is_ended_{};
};

// The sessions of one user.
struct UserTruth {
    std::deque<SessionTruth> sessions;

    std::int64_t reported() const;
    std::int64_t acknowledged() const;
};

}  // namespace hourglass::nas
