#include "store/report_batches.hpp"

#include "store/redis_reply.hpp"
#include "store/suspension.hpp"

#include <boost/asio.hpp>
#include <boost/unordered/unordered_flat_set.hpp>

#include <exception>

namespace hourglass::store {
namespace asio = boost::asio;

namespace {

constexpr auto as_tuple_awaitable = asio::as_tuple(asio::use_awaitable);
constexpr auto in_any_case = std::memory_order_relaxed;

bool is_error(const redisReply* reply) {
    return reply->type == REDIS_REPLY_ERROR;
}

}  // namespace

struct ReportBatches::Waiter {
    ReportStep& step;
    CommandQueue::Clock::time_point given_at = CommandQueue::Clock::now();
    Suspension suspension{};
    bool is_applied{};  // what it wants written is in the transaction
    bool is_leading{};
    bool is_over{};
    bool has_met_change{};  // of something that was read for the batch
    bool is_in_hand{};
    std::size_t replies{};  // to the reads just sent
    result<std::optional<Applied>> outcome = std::optional<Applied>();
};

ReportBatches::~ReportBatches() {
    waiting_.insert(waiting_.end(), under_way_.begin(), under_way_.end());
    for (auto* const waiter : waiting_)
        if (waiter->suspension.is_waiting()) static_cast<void>(waiter->suspension.take());
}

bool ReportBatches::is_behind() const {
    return redis_.is_behind() ||
           (!waiting_.empty() && redis_.limits().is_backlog(waiting_.size(), waiting_.front()->given_at));
}

awaitable<result<std::optional<Applied>>> ReportBatches::apply(ReportStep& step) {
    Waiter waiter{step};
    for (int tries = 0; tries < tries_max; ++tries) {
        if (waiting_.size() >= redis_.limits().commands_in_flight_max) co_return Error::unavailable;
        waiter.is_over = waiter.has_met_change = false;
        waiting_.push_back(&waiter);
        if (company_ && waiting_.size() >= expected_) company_->cancel();
        if (std::exchange(is_led_, true)) co_await waiter.suspension.wait();
        if (!waiter.is_over) co_await lead(waiter);
        if (!waiter.has_met_change) break;
    }
    co_return waiter.outcome;
}

// For a batch, of which the leader is the first.
awaitable<void> ReportBatches::lead(Waiter& leader) {
    leader.is_leading = true;
    co_await wait_for_company();
    const auto batch = take_batch();
    auto applied = result<void>(Error::unavailable);
    std::exception_ptr bug;
    try {
        applied = co_await apply_all(leader, batch);
    } catch (...) {
        bug = std::current_exception();
    }
    end_lead(leader);
    for (auto* const waiter : batch) {
        if (!applied)
            waiter->outcome = applied.error();
        else if (waiter->is_applied)
            waiter->outcome = std::optional(waiter->step.applied());
        waiter->is_over = true;
        std::erase(under_way_, waiter);
        if (std::exchange(waiter->is_in_hand, false)) in_hand_->give_back(waiter->step.place().tag.text);
        if (waiter->suspension.is_waiting()) waiter->suspension.resume();
    }
    if (bug) std::rethrow_exception(bug);
}

// Once. What the next leader sends comes behind what this one has sent by then, or sends before he waits
// again.
void ReportBatches::end_lead(Waiter& leader) {
    if (!std::exchange(leader.is_leading, false)) return;
    is_led_ = !waiting_.empty();
    if (is_led_) waiting_.front()->suspension.resume();
}

// At least of the others of this turn of the loop. Who is answered together asks together again: where as
// many as last time are soon there, small batches would follow each other for ever.
awaitable<void> ReportBatches::wait_for_company() {
    const auto leaves_at = redis_.company_leaves_at();
    if (waiting_.size() >= expected_ || leaves_at <= CommandQueue::Clock::now()) {
        co_await asio::post(asio::use_awaitable);
        co_return;
    }
    asio::steady_timer timer(co_await asio::this_coro::executor, leaves_at);
    company_ = &timer;
    co_await timer.async_wait(as_tuple_awaitable);
    company_ = nullptr;
}

// Of each user one report at a time. The leader does not wait for another worker that has its user in hand.
ReportBatches::Batch ReportBatches::take_batch() {
    Batch batch;
    Batch left;
    boost::unordered_flat_set<std::string_view> users(2 * std::min(waiting_.size(), reports_max));
    batch.reserve(std::min(waiting_.size(), reports_max));
    const auto looked_at = std::span(waiting_).first(std::min(waiting_.size(), looked_at_max));
    for (auto* const waiter : looked_at) {
        const auto user = std::string_view(waiter->step.place().tag.text);
        const bool is_first = batch.size() < reports_max && users.insert(user).second;
        if (is_first && in_hand_) waiter->is_in_hand = in_hand_->take(user);
        const bool is_taken = is_first && (!in_hand_ || waiter->is_in_hand || batch.empty());
        (is_taken ? batch : left).push_back(waiter);
    }
    const auto rest = std::span(waiting_).subspan(looked_at.size());
    left.insert(left.end(), rest.begin(), rest.end());
    waiting_ = std::move(left);
    expected_ = std::max(batch.size(), CommandQueue::company_enough);
    under_way_.insert(under_way_.end(), batch.begin(), batch.end());
    return batch;
}

// What cannot be applied in company is left as it is, for the script.
awaitable<result<void>> ReportBatches::apply_all(Waiter& leader, Batch batch) {
    const auto connection = redis_.reconnects();
    const auto is_same = [&] { return redis_.is_ready() && redis_.reconnects() == connection; };
    auto done = co_await read(batch);
    if (done && is_same()) done = co_await read_further(batch);

    // A transaction on another connection would be guarded by nothing.
    const bool is_guarded = is_same();
    const bool is_written = is_guarded && done && !batch.empty();
    if (is_guarded && !is_written) redis_.send(Pipeline().add({"UNWATCH"}));
    end_lead(leader);
    if (is_written) co_await write(std::move(batch));
    if (!is_same()) co_return Error::unavailable;
    co_return result<void>();
}

// Leaves in the batch what a step knows. An error is of one of them, who will meet it alone.
awaitable<result<void>> ReportBatches::read(Batch& batch) {
    std::vector<std::string_view> watch;
    watch.reserve(1 + 2 * batch.size());
    watch.push_back("WATCH");
    for (const auto* waiter : batch)
        waiter->step.add_watched_keys(watch);
    Pipeline reads;
    reads.add(watch);
    for (auto* const waiter : batch) {
        const auto before = reads.size();
        waiter->step.add_reads(reads);
        waiter->replies = reads.size() - before;
    }
    const auto replies = co_await redis_.execute_all(std::move(reads));
    if (!replies) co_return replies.error();

    auto rest = std::span(*replies).subspan(1);
    std::erase_if(batch, [&rest](Waiter* waiter) {
        const auto own = rest.first(waiter->replies);
        rest = rest.subspan(own.size());
        return !waiter->step.take_reads(own);
    });
    co_return result<void>();
}

awaitable<result<void>> ReportBatches::read_further(Batch& batch) {
    Pipeline reads;
    for (auto* const waiter : batch) {
        const auto before = reads.size();
        waiter->step.add_further_reads(reads);
        waiter->replies = reads.size() - before;
    }
    if (reads.size() == 0) co_return result<void>();
    const auto replies = co_await redis_.execute_all(std::move(reads));
    if (!replies) co_return replies.error();

    auto rest = std::span(*replies);
    std::erase_if(batch, [&rest](Waiter* waiter) {
        const auto own = rest.first(waiter->replies);
        rest = rest.subspan(own.size());
        return !own.empty() && !waiter->step.take_further_reads(own);
    });
    co_return result<void>();
}

awaitable<void> ReportBatches::write(Batch batch) {
    Pipeline writes;
    writes.add({"MULTI"});
    for (const auto* waiter : batch)
        waiter->step.add_writes(writes);
    writes.add({"EXEC"});
    const auto replies = co_await redis_.execute_all(std::move(writes));
    if (!replies) co_return;

    const auto& done = replies->back();
    if (done.is_nil()) {
        counts_.conflicts.fetch_add(1, in_any_case);
        for (auto* const waiter : batch)
            waiter->has_met_change = true;
        co_return;
    }
    // What Redis could not do for one of them it has done for the others; the script tells which.
    if (std::ranges::any_of(done.elements(), is_error)) co_return;
    for (auto* const waiter : batch)
        waiter->is_applied = true;
    counts_.batches.fetch_add(1, in_any_case);
    counts_.in_batches.fetch_add(batch.size(), in_any_case);
}

}  // namespace hourglass::store
