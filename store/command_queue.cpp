#include "store/command_queue.hpp"

#include <utility>

namespace hourglass::store {
namespace {

// A buffer that a burst has made larger than this is given back.
constexpr std::size_t kept_octets_max = 1 << 18;

void empty(std::string& buffer) {
    buffer.clear();
    if (buffer.capacity() > kept_octets_max) buffer.shrink_to_fit();
}

}  // namespace

void CommandQueue::give(const Pipeline& pipeline, ReplyWaiter* waiter, Urgency urgency,
                        Clock::time_point now) {
    const Entry entry{waiter, pipeline.size(), now};
    commands_ += pipeline.size();
    const bool gathers = moment_ > moment_.zero() || !company_entries_.empty();
    if (urgency == Urgency::at_once || !gathers) {
        unwritten_ += pipeline.bytes();
        sent_.push_back(entry);
        return;
    }
    if (company_entries_.empty()) company_leaves_at_ = end_of_moment(now);
    company_ += pipeline.bytes();
    company_entries_.push_back(entry);
}

// The first multiple of it after `now`.
CommandQueue::Clock::time_point CommandQueue::end_of_moment(Clock::time_point now) const {
    if (moment_ == moment_.zero()) return now;
    const auto passed = now.time_since_epoch() % moment_;
    return now + (moment_ - passed);
}

std::optional<CommandQueue::Clock::time_point> CommandQueue::company_leaves_at() const {
    if (company_entries_.empty()) return std::nullopt;
    return company_leaves_at_;
}

void CommandQueue::release_company(Clock::time_point now) {
    if (company_entries_.empty()) return;
    const bool is_enough = company_entries_.size() >= company_enough;
    const bool is_busy = sent_.size() >= company_enough;  // Redis has company for them
    if (!is_enough && !is_busy && now < company_leaves_at_) return;
    unwritten_ += company_;
    sent_.insert(sent_.end(), company_entries_.begin(), company_entries_.end());
    empty(company_);
    company_entries_.clear();
}

void CommandQueue::take_unwritten(std::string& bytes) {
    empty(bytes);
    std::swap(bytes, unwritten_);
}

ReplyWaiter* CommandQueue::take_reply(Reply reply) {
    auto& oldest = sent_.front();
    auto* const waiter = oldest.waiter;
    --commands_;
    --oldest.missing;
    const bool is_complete = oldest.missing == 0;
    if (is_complete) sent_.pop_front();
    if (!waiter) return nullptr;
    waiter->has_failed |= reply.is_error();
    waiter->replies[waiter->received++] = std::move(reply);
    return is_complete ? waiter : nullptr;
}

std::vector<ReplyWaiter*> CommandQueue::abandon() {
    sent_.insert(sent_.end(), company_entries_.begin(), company_entries_.end());
    std::vector<ReplyWaiter*> waiters;
    for (const auto& entry : sent_) {
        if (!entry.waiter) continue;
        entry.waiter->has_failed = true;
        waiters.push_back(entry.waiter);
    }
    sent_.clear();
    company_entries_.clear();
    empty(company_);
    empty(unwritten_);
    commands_ = 0;
    return waiters;
}

}  // namespace hourglass::store
