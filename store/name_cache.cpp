#include "store/name_cache.hpp"

namespace hourglass::store {

std::optional<NameOwner> NameCache::find(std::string_view username) {
    if (const auto found = young_.find(username); found != young_.end()) return found->second;
    const auto found = old_.find(username);
    if (found == old_.end()) return std::nullopt;
    const auto owner = found->second;
    keep(username, owner);
    return owner;
}

void NameCache::keep(std::string_view username, NameOwner owner) {
    if (young_.size() >= generation_entries_) {
        old_ = std::move(young_);
        young_.clear();
    }
    young_.insert_or_assign(std::string(username), owner);
}

void NameCache::forget(std::string_view username) {
    if (const auto found = young_.find(username); found != young_.end()) young_.erase(found);
    if (const auto found = old_.find(username); found != old_.end()) old_.erase(found);
}

}  // namespace hourglass::store
