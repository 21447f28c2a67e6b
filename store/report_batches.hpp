// Reports on their way to Redis, many in one transaction. Of all that wait, the first leads: it reads the
// accounts of a batch under WATCH, works out what each report does (report_step.hpp), and has Redis write all
// of it at once, unless anything that was read has changed meanwhile. That is half the work of a script for
// each report. What no step knows, and a batch that met changes again and again, is for the script
// apply_accounting, which waits for nobody.
//
// The connection is the worker's own. Nobody else may use WATCH, MULTI or EXEC on it.
#pragma once

#include "store/redis_connection.hpp"
#include "store/report_step.hpp"
#include "store/users_in_hand.hpp"

#include <atomic>
#include <vector>

namespace hourglass::store {

// Added to by the owner's thread, read by any.
struct LedgerCounts {
    std::atomic<std::uint64_t> batches{0};     // transactions that were done
    std::atomic<std::uint64_t> conflicts{0};   // and that were not, for something had changed
    std::atomic<std::uint64_t> in_batches{0};  // reports of those that were done
    std::atomic<std::uint64_t> by_script{0};   // reports for which the script was asked
};

class ReportBatches {
public:
    // Redis looks through all watched keys at each new one, and serves nobody else meanwhile.
    static constexpr std::size_t reports_max = 256;                // in a batch
    static constexpr std::size_t looked_at_max = 2 * reports_max;  // to find them

    // A batch that met a change is tried so often; then each of its reports is one for the script.
    static constexpr int tries_max = 3;

    // `in_hand`: what the workers of a daemon share; null: there is one alone.
    explicit ReportBatches(RedisConnection& redis, UsersInHand* in_hand = nullptr)
        : redis_(redis), in_hand_(in_hand) {}
    ~ReportBatches();
    ReportBatches(const ReportBatches&) = delete;
    ReportBatches& operator=(const ReportBatches&) = delete;

    // What came of it, once that is durable; nullopt: nothing, it is one for the script. Error::unavailable:
    // nobody knows. `step` is the caller's.
    awaitable<result<std::optional<Applied>>> apply(ReportStep& step);

    // More wait than Redis takes: see RedisConnection::is_behind().
    bool is_behind() const;

    const LedgerCounts& counts() const { return counts_; }
    LedgerCounts& counts() { return counts_; }

private:
    struct Waiter;
    using Batch = std::vector<Waiter*>;

    awaitable<void> lead(Waiter& leader);
    void end_lead(Waiter& leader);
    awaitable<void> wait_for_company();
    Batch take_batch();
    awaitable<result<void>> apply_all(Waiter& leader, Batch batch);
    awaitable<result<void>> read(Batch& batch);
    awaitable<result<void>> read_further(Batch& batch);
    awaitable<void> write(Batch batch);

    RedisConnection& redis_;
    UsersInHand* in_hand_;
    Batch waiting_;    // the first of them leads
    Batch under_way_;  // of leaders before it
    bool is_led_ = false;
    std::size_t expected_ = CommandQueue::company_enough;  // of the next batch
    boost::asio::steady_timer* company_ = nullptr;         // while the leader waits for it
    LedgerCounts counts_;
};

}  // namespace hourglass::store
