// Which entries the indexes must have for one user: an index may name what is gone, and never misses what is
// there. Indexes lie in other slots and are read later than the user, who may have changed meanwhile: what is
// missing is to be looked for again.
#pragma once

#include "store/violations.hpp"

namespace hourglass::store {

struct Lookup {
    enum class Place : std::uint8_t { claim, sorted_set, set };

    Violation if_missing;
    Place place{};
    std::string key;
    std::string member;   // of a claim: the user's id
    std::string score{};  // empty: any
};

// The subject of a violation that is about an entry of an index.
std::string subject_of(std::string_view key, std::string_view member);

std::vector<Lookup> lookups_of(const Holdings& holdings, Time now);
void add_lookup(Pipeline& pipeline, const Lookup& lookup);
bool is_met(const Lookup& lookup, const Reply& answer);

}  // namespace hourglass::store
