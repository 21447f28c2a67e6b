// User name -> id, for the login path; a hint that is verified against the record. Bounded: names not asked
// for during a whole generation are dropped.
#pragma once

#include "store/record.hpp"

#include <unordered_map>

namespace hourglass::store {

class NameCache {
public:
    static constexpr int lookups_max = 2;  // of one name: a cached id may be stale once
    static constexpr std::size_t generation_entries_max = 131'072;  // two generations are kept

    std::optional<UserId> find(std::string_view username);
    void keep(std::string_view username, UserId id);
    void forget(std::string_view username);
    std::size_t size() const { return young_.size() + old_.size(); }

private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };
    using Generation = std::unordered_map<std::string, UserId, Hash, std::equal_to<>>;

    Generation young_;
    Generation old_;
};

}  // namespace hourglass::store
