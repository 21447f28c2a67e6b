#include "store/user_memory.hpp"

namespace hourglass::store {
namespace {

// One thread writes, so that load and store need not be one step.
void add_one(std::atomic<std::uint64_t>& counter) {
    counter.store(counter.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
}

}  // namespace

const LoginUser* UserMemory::find(UserId id) {
    const auto found = places_.find(id);
    auto* const entry = found != places_.end() ? &entries_[found->second] : nullptr;
    add_one(entry && entry->user.has_account ? counts_.found : counts_.missed);
    if (!entry) return nullptr;
    entry->is_wanted = true;
    return &entry->user;
}

UserMemory::Read UserMemory::begin_read(UserId id) const {
    return {cleared_, changes_[static_cast<std::size_t>(id) % change_counters]};
}

void UserMemory::keep(const LoginUser& user, Read read) {
    if (users_max_ == 0 || read != begin_read(user.id)) return;
    const auto found = places_.find(user.id);
    const auto place = found != places_.end() ? found->second : make_place();
    entries_[place] = {.user = user, .is_wanted = false};
    places_.insert_or_assign(user.id, place);
    publish_size();
}

void UserMemory::keep_account(UserId id, Account account, Read read) {
    const auto found = places_.find(id);
    if (found == places_.end() || read != begin_read(id)) return;
    auto& entry = entries_[found->second];
    entry.user.account = std::move(account);
    entry.user.has_account = true;
    add_one(counts_.completed);
}

UserMemory::Place UserMemory::make_place() {
    if (!vacant_.empty()) {
        const auto place = vacant_.back();
        vacant_.pop_back();
        return place;
    }
    if (entries_.size() >= users_max_) return displace_one();
    entries_.emplace_back();
    return static_cast<Place>(entries_.size() - 1);
}

// None is vacant. Who was asked for gets a second chance, and loses it when the hand comes by again.
UserMemory::Place UserMemory::displace_one() {
    for (;; hand_ = (hand_ + 1) % entries_.size()) {
        auto& entry = entries_[hand_];
        if (std::exchange(entry.is_wanted, false)) continue;
        const auto place = static_cast<Place>(hand_);
        hand_ = (hand_ + 1) % entries_.size();
        places_.erase(entry.user.id);
        add_one(counts_.displaced);
        return place;
    }
}

void UserMemory::vacate(Place place) {
    entries_[place] = {};
    vacant_.push_back(place);
}

void UserMemory::forget(UserId id) {
    ++changes_of(id);
    const auto found = places_.find(id);
    if (found == places_.end()) return;
    vacate(found->second);
    places_.erase(found);
    add_one(counts_.changed);
    publish_size();
}

void UserMemory::forget_account(UserId id) {
    ++changes_of(id);
    const auto found = places_.find(id);
    if (found == places_.end()) return;
    auto& entry = entries_[found->second];
    if (!std::exchange(entry.user.has_account, false)) return;
    entry.user.account = {};
    add_one(counts_.changed);
}

void UserMemory::clear() {
    ++cleared_;
    if (places_.empty()) return;
    places_.clear();
    entries_.clear();
    vacant_.clear();
    hand_ = 0;
    add_one(counts_.cleared);
    publish_size();
}

void UserMemory::publish_size() {
    counts_.users.store(places_.size(), std::memory_order_relaxed);
}

}  // namespace hourglass::store
