// A device of a user: comes, logs in at some NAS, stays, leaves, and comes again until the fleet ends. What
// it used goes into the user's truth.
#pragma once

#include "nas/nas.hpp"
#include "nas/truth.hpp"

namespace hourglass::nas {

struct Account {
    std::string username;
    std::string password;
};

// What all devices of a fleet share.
struct World {
    boost::asio::io_context& loop;
    const Plan& plan;
    Tally& tally;
    std::vector<std::unique_ptr<Nas>> nases{};
    Clock::time_point began{};
    Clock::time_point ends{};
};

class Device {
public:
    Device(World& world, const Account& account, UserTruth& truth, std::size_t index, Dice dice);
    Device(const Device&) = delete;
    Device& operator=(const Device&) = delete;

    boost::asio::awaitable<void> live();

    // The fleet has ended early: a session that is up gets its Stop.
    void go_home();

    // What happens to a session at its NAS.
    const std::string& user_name() const { return account_.username; }
    Reaction reaction() const { return session_->reaction; }
    void disconnect();
    void limit_to(std::chrono::seconds left);  // a new Session-Timeout, from now
    void lose_power();

private:
    struct Session {
        SessionTruth& truth;
        Nas& nas;
        Dice dice;
        std::string klass;
        Clock::time_point began;
        Clock::time_point leaves;     // by himself
        Clock::time_point times_out;  // by Session-Timeout
        Clock::duration interim;
        Reaction reaction;
        std::uint64_t reports{};
        bool is_disconnected{};
        bool has_power = true;

        Clock::time_point ends() const { return std::min(leaves, times_out); }
    };

    Nas& choose_nas(std::uint64_t count, Dice dice) const;
    boost::asio::awaitable<std::optional<Octets>> log_in(Nas& nas, Dice dice);
    boost::asio::awaitable<void> stay();
    boost::asio::awaitable<void> report(AcctStatus status);
    void begin_session(Nas& nas, View accept, Dice dice);
    TerminateCause terminate_cause() const;
    std::uint32_t session_seconds() const;
    Clock::duration in_our_time(std::chrono::seconds of_nas) const;
    Octets report_packet(AcctStatus status, std::uint32_t seconds,
                         std::chrono::system_clock::time_point event, std::uint8_t identifier,
                         std::chrono::seconds age) const;

    World& world_;
    const Account& account_;
    UserTruth& truth_;
    std::size_t index_;
    Dice dice_;
    Wait wait_;
    bool is_settling_{};  // waits for an answer that it will not do without
    std::optional<Session> session_;
};

}  // namespace hourglass::nas
