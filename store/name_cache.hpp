// User name -> id and organization, for the login path; a hint that is verified against the record. Bounded:
// names not asked for during a whole generation are dropped.
#pragma once

#include "store/record.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

namespace hourglass::store {

// Whose a name is.
struct NameOwner {
    UserId id{};
    OrganizationId organization{};  // 0: not known
    bool has_other_spelling{};      // his name is SoughtUser::other_spelling

    bool operator==(const NameOwner&) const = default;
};

class NameCache {
public:
    // Of one name: a cached id may be stale once, and so may the claim of one spelling.
    static constexpr int lookups_max = 3;
    static constexpr std::size_t generation_entries_max = 131'072;  // two generations are kept

    explicit NameCache(std::size_t generation_entries = generation_entries_max)
        : generation_entries_(generation_entries) {}

    std::optional<NameOwner> find(std::string_view username);
    void keep(std::string_view username, NameOwner owner);
    void forget(std::string_view username);
    std::size_t size() const { return young_.size() + old_.size(); }

private:
    struct Hash {
        using is_transparent = void;
        using is_avalanching = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };
    using Generation = boost::unordered_flat_map<std::string, NameOwner, Hash, std::equal_to<>>;

    std::size_t generation_entries_;
    Generation young_;
    Generation old_;
};

}  // namespace hourglass::store
