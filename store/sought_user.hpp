// Whom a name means: a user may be kept under the name as it was sent, or under another spelling of it, and
// where a realm was named he must belong to one of its organizations.
#pragma once

#include "store/record.hpp"

#include <algorithm>
#include <utility>

namespace hourglass::store {

struct SoughtUser {
    std::string name;                             // first of all exactly so
    std::string other_spelling{};                 // then so; empty: no other way
    std::vector<OrganizationId> organizations{};  // he is of one of these; empty: of any

    bool may_be_of(OrganizationId organization) const {
        return organizations.empty() || std::ranges::find(organizations, organization) != organizations.end();
    }

    bool means(std::string_view username) const {
        return username == name || (!other_spelling.empty() && username == other_spelling);
    }

    // A spelling by which he turned out not to be there.
    void rule_out(std::string_view spelling) {
        if (spelling == name) name = std::move(other_spelling);
        other_spelling.clear();
    }

    bool operator==(const SoughtUser&) const = default;
};

}  // namespace hourglass::store
