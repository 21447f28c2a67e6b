// Commands on their way to Redis: what is still to be written, and who waits for which replies, in the order
// of writing. Neither socket nor clock.
//
// Group commit. Redis answers nobody before the append-only file is on disk, once for all that it has read by
// then, and that costs ten times what a write does. So writes which are given in_company stand apart for a
// moment, until enough of them are there or the moment is over; what is given at_once overtakes them. Moments
// end at multiples of the group commit time on the machine's steady clock: workers and daemons that do not
// know of each other write at the same instants, and share what Redis does then.
#pragma once

#include "store/redis_pipeline.hpp"
#include "store/redis_reply.hpp"
#include "store/suspension.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace hourglass::store {

// When commands leave. Those of the same urgency leave in the order in which they were given.
enum class Urgency : std::uint8_t {
    at_once,     // with the others of this turn of the loop
    in_company,  // a moment later, with other writes: for what has to be on disk, and can wait
};

// A caller, until all replies are there or there will be none.
struct ReplyWaiter {
    std::span<Reply> replies;  // to be filled
    std::size_t received = 0;
    bool has_failed = false;  // some reply is an error, or there are none
    Suspension suspension{};
};

class CommandQueue {
public:
    using Clock = std::chrono::steady_clock;

    // So many writes are company enough: more make little cheaper.
    static constexpr std::size_t company_enough = 16;

    // Zero: nobody waits for company.
    void set_group_commit(std::chrono::microseconds moment) { moment_ = moment; }
    // When those leave who come at `now`.
    Clock::time_point end_of_moment(Clock::time_point now) const;

    // `waiter` may be null: nobody waits for the replies.
    void give(const Pipeline& pipeline, ReplyWaiter* waiter, Urgency urgency, Clock::time_point now);

    std::size_t commands() const { return commands_; }  // written or not, that have no reply yet
    bool awaits_replies() const { return !sent_.empty(); }
    Clock::time_point oldest_given_at() const { return sent_.front().given_at; }

    // When those who wait for company leave; nullopt: nobody waits.
    std::optional<Clock::time_point> company_leaves_at() const;
    void release_company(Clock::time_point now);  // if it is time, or there is company enough

    bool has_unwritten() const { return !unwritten_.empty(); }
    // Into `bytes`, whose memory is used for the next ones.
    void take_unwritten(std::string& bytes);

    // One reply, to the oldest command, of which there must be one. Whoever has all of his now, or nullptr.
    ReplyWaiter* take_reply(Reply reply);
    // All who wait, in order; nothing is on its way any more.
    std::vector<ReplyWaiter*> abandon();

private:
    struct Entry {
        ReplyWaiter* waiter;
        std::size_t missing;  // replies
        Clock::time_point given_at;
    };

    std::string unwritten_;
    std::deque<Entry> sent_;  // in unwritten_ too
    std::string company_;
    std::vector<Entry> company_entries_;
    Clock::time_point company_leaves_at_;
    std::size_t commands_ = 0;
    std::chrono::microseconds moment_{};
};

}  // namespace hourglass::store
