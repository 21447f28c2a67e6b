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
    Suspension suspension{};
    bool is_applied{};  // what it wants written is in the transaction
    bool is_over{};
    std::size_t replies{};  // to the reads just sent
    result<std::optional<AccountingAnswer>> outcome = std::optional<AccountingAnswer>();
};

ReportBatches::~ReportBatches() {
    waiting_.insert(waiting_.end(), under_way_.begin(), under_way_.end());
    for (auto* const waiter : waiting_)
        if (waiter->suspension.is_waiting()) static_cast<void>(waiter->suspension.take());
}

awaitable<result<std::optional<AccountingAnswer>>> ReportBatches::apply(ReportStep& step) {
    Waiter waiter{step};
    waiting_.push_back(&waiter);
    if (company_ && waiting_.size() >= CommandQueue::company_enough) company_->cancel();
    if (std::exchange(is_led_, true)) co_await waiter.suspension.wait();
    if (!waiter.is_over) co_await lead();
    co_return std::move(waiter.outcome);
}

// For a batch, of which the leader is the first. Then the next one leads.
awaitable<void> ReportBatches::lead() {
    co_await wait_for_company();
    take_batch();
    std::exception_ptr bug;
    try {
        const auto applied = co_await apply_all(under_way_);
        for (auto* const waiter : under_way_) {
            if (!applied)
                waiter->outcome = applied.error();
            else if (waiter->is_applied)
                waiter->outcome = std::optional(waiter->step.answer());
        }
    } catch (...) {
        bug = std::current_exception();
        for (auto* const waiter : under_way_)
            waiter->outcome = Error::unavailable;
    }
    for (auto* const waiter : std::exchange(under_way_, {})) {
        waiter->is_over = true;
        if (waiter->suspension.is_waiting()) waiter->suspension.resume();
    }
    is_led_ = !waiting_.empty();
    if (is_led_) waiting_.front()->suspension.resume();
    if (bug) std::rethrow_exception(bug);
}

// At least of the others of this turn of the loop.
awaitable<void> ReportBatches::wait_for_company() {
    const auto leaves_at = redis_.company_leaves_at();
    const bool is_alone = waiting_.size() < CommandQueue::company_enough;
    if (!is_alone || leaves_at <= CommandQueue::Clock::now()) {
        co_await asio::post(asio::use_awaitable);
        co_return;
    }
    asio::steady_timer timer(co_await asio::this_coro::executor, leaves_at);
    company_ = &timer;
    co_await timer.async_wait(as_tuple_awaitable);
    company_ = nullptr;
}

// Of each user one report at a time.
void ReportBatches::take_batch() {
    std::deque<Waiter*> left;
    boost::unordered_flat_set<std::string_view> users;
    for (auto* const waiter : waiting_) {
        const bool is_taken =
            under_way_.size() < reports_max && users.insert(waiter->step.place().tag.text).second;
        is_taken ? under_way_.push_back(waiter) : left.push_back(waiter);
    }
    waiting_ = std::move(left);
}

// What cannot be applied in company is left as it is, for the script.
awaitable<result<void>> ReportBatches::apply_all(Batch batch) {
    const auto connection = redis_.reconnects();
    const auto is_same = [&] { return redis_.is_ready() && redis_.reconnects() == connection; };
    if (!is_same()) co_return Error::unavailable;

    auto done = co_await read(batch);
    if (done && is_same()) done = co_await read_further(batch);
    // A transaction on another connection would be guarded by nothing.
    if (!is_same()) co_return Error::unavailable;
    if (!done || batch.empty()) {
        redis_.send(Pipeline().add({"UNWATCH"}));
        co_return result<void>();
    }
    done = co_await write(batch);
    if (!is_same()) co_return Error::unavailable;
    co_return result<void>();
}

// Leaves in the batch what a step knows. An error is of one of them, who will meet it alone.
awaitable<result<void>> ReportBatches::read(Batch& batch) {
    std::vector<std::string> keys{"WATCH"};
    Pipeline reads;
    for (const auto* waiter : batch)
        waiter->step.add_watched_keys(keys);
    const std::vector<std::string_view> watch(keys.begin(), keys.end());
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

awaitable<result<void>> ReportBatches::write(const Batch& batch) {
    Pipeline writes;
    writes.add({"MULTI"});
    for (const auto* waiter : batch)
        waiter->step.add_writes(writes);
    writes.add({"EXEC"});
    const auto replies = co_await redis_.execute_all(std::move(writes));
    if (!replies) co_return replies.error();

    const auto& done = replies->back();
    if (done.is_nil()) {
        counts_.conflicts.fetch_add(1, in_any_case);
        co_return result<void>();
    }
    // What Redis could not do for one of them it has done for the others; the script tells which.
    if (std::ranges::any_of(done.elements(), is_error)) co_return Error::unavailable;
    for (auto* const waiter : batch)
        waiter->is_applied = true;
    counts_.batches.fetch_add(1, in_any_case);
    counts_.in_batches.fetch_add(batch.size(), in_any_case);
    co_return result<void>();
}

}  // namespace hourglass::store
