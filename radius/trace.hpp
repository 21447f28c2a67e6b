// What the daemon receives, decides and answers, for whoever watches. While nobody does, it costs one relaxed
// load a packet. Watchers have bounded queues: what does not fit is counted and left out, and nobody waits
// for them.
#pragma once

#include "radius/explanation.hpp"
#include "radius/packet.hpp"
#include "radius/snapshot.hpp"
#include "store/accounting_record.hpp"

#include <boost/asio/ip/udp.hpp>

#include <atomic>
#include <deque>
#include <memory>
#include <mutex>

namespace hourglass::radius {

// A packet and what became of it. All copied: the worker has long gone on when somebody reads it.
struct TracedPacket {
    enum class Fate : std::uint8_t {
        answered,     // with `reply`
        repeated,     // answered again with the same `reply`
        in_progress,  // a repeat of a request that is not answered yet
        dropped,      // in silence: `drop`
        sent,         // by us, of dynamic authorization
        received,     // the answer to one of those
    };

    std::chrono::system_clock::time_point time;  // when it arrived or left
    std::chrono::system_clock::duration took{};  // until its fate
    boost::asio::ip::udp::endpoint nas;
    std::shared_ptr<const Snapshot> snapshot;  // by which it was served
    const Client* client = nullptr;            // of the snapshot; nullptr: of no known NAS
    std::vector<std::uint8_t> packet;
    std::vector<std::uint8_t> reply{};
    Fate fate{};
    error_code drop{};
    std::optional<RejectReason> refusal{};
    store::UserId user{};                // 0: none was found
    std::vector<CheckOutcome> checks{};  // of a login, as far as it was judged
    std::optional<store::Applied> usage{};
    bool is_journaled = false;  // the report waits for Redis
};

// What a filter looks at. Views for the length of a call.
struct TraceSubject {
    const boost::asio::ip::address& address;
    std::string_view nas;   // the client entry's name; empty: of no known NAS
    std::string_view user;  // User-Name as sent; empty: there is none
};
// Of a packet from or to that address; `client` may be null.
TraceSubject subject_of(const boost::asio::ip::address& address, const Client* client, Bytes packet);

struct TraceFilter {
    std::optional<std::string> user{};                  // User-Name, exact
    std::optional<std::string> nas{};                   // a client entry's name
    std::optional<boost::asio::ip::address> address{};  // where packets come from

    // Packets of unknown sources, of which there may be many, only where their address is asked for.
    bool admits(const TraceSubject& subject) const;
};

// Safe to use from every thread. It outlives its watchers.
class Trace {
public:
    static constexpr std::size_t watchers_max = 8;
    static constexpr std::size_t queued_packets_max = 512;  // of one watcher, some 10 KB each at most

    class Watcher {
    public:
        ~Watcher();
        Watcher(const Watcher&) = delete;
        Watcher& operator=(const Watcher&) = delete;

        struct News {
            std::vector<std::shared_ptr<const TracedPacket>> packets;
            std::uint64_t left_out = 0;  // after those, for want of room
        };
        News take(std::size_t packets_max);

    private:
        friend class Trace;
        Watcher(Trace& trace, TraceFilter filter) : trace_(trace), filter_(std::move(filter)) {}

        Trace& trace_;
        const TraceFilter filter_;
        std::deque<std::shared_ptr<const TracedPacket>> queue_;
        std::uint64_t left_out_ = 0;
    };

    Trace() = default;
    Trace(const Trace&) = delete;
    Trace& operator=(const Trace&) = delete;

    // nullptr: there are as many as may be.
    std::unique_ptr<Watcher> watch(TraceFilter filter);

    bool is_watched() const { return count_.load(std::memory_order_relaxed) > 0; }
    // Whether any watcher's filter admits it.
    bool is_wanted(const TraceSubject& subject) const;
    void tell(TracedPacket packet);

private:
    std::atomic<std::size_t> count_{0};
    mutable std::mutex mutex_;
    std::vector<Watcher*> watchers_;
};

}  // namespace hourglass::radius
