// Which indexes name a user and his extra, and how they follow the record: entries are added before the
// record says so and taken away after it no longer does. An index may name what is gone, never miss what is
// there.
#pragma once

#include "store/error.hpp"
#include "store/record.hpp"
#include "store/redis_connection.hpp"

#include <compare>

namespace hourglass::store {

// What of a user's records the indexes follow.
struct Membership {
    std::string username;
    OrganizationId organization{};
    bool is_active = true;
    std::optional<std::string> external_id;
    std::optional<ExtraId> extra;

    bool operator==(const Membership&) const = default;
};

// One entry of one index.
struct IndexEntry {
    std::string key;
    std::string score;  // empty: the claim of a user name, see name_claims.hpp
    std::string member;

    auto operator<=>(const IndexEntry&) const = default;
};
using IndexEntries = std::vector<IndexEntry>;

IndexEntries entries_of(UserId id, const Membership& membership);

// As the scripts return it; nullopt if there is no such user.
std::optional<Membership> parse_membership(std::span<redisReply* const> elements);
awaitable<result<std::optional<Membership>>> read_membership(RedisConnection& redis, UserId id);

// Adds without waiting for anything: for a pipeline in which the write of the record follows.
void add_entries(Pipeline& pipeline, const IndexEntries& entries);

// After a write: takes away those of `suspects` that the record no longer asks for, and goes on until the
// record was seen unchanged since, because another writer may have asked for them again meanwhile.
awaitable<result<void>> settle_entries(RedisConnection& redis, UserId id, IndexEntries suspects);

}  // namespace hourglass::store
