#include "store/user_indexes.hpp"

#include "store/keys.hpp"
#include "store/redis_reply.hpp"
#include "store/scripts.hpp"

#include <algorithm>

namespace hourglass::store {
namespace {

constexpr std::size_t record_fields = 4;  // user name, organization, is_active, external_id
constexpr int settle_rounds_max = 16;     // each is another writer of the same user at the same moment

bool contains(const IndexEntries& entries, const IndexEntry& entry) {
    return std::find(entries.begin(), entries.end(), entry) != entries.end();
}

void add_unique(IndexEntries& entries, const IndexEntries& more) {
    for (const auto& entry : more) {
        if (!contains(entries, entry)) entries.push_back(entry);
    }
}

std::optional<Membership> parse_membership(std::span<redisReply* const> record, const redisReply* extra) {
    if (is_nil(record[0])) return std::nullopt;
    Membership membership;
    membership.username = text_of(record[0]);
    membership.organization = integer_of(record[1]);
    membership.is_active = text_of(record[2]) != "0";
    if (!is_nil(record[3])) membership.external_id = text_of(record[3]);
    if (!is_nil(extra)) membership.extra = integer_of(extra);
    return membership;
}

void add_removal(Pipeline& pipeline, const IndexEntry& entry) {
    if (entry.score.empty())
        pipeline.run(scripts::release_claim, {entry.key}, {entry.member});
    else
        pipeline.add({"ZREM", entry.key, entry.member});
}

}  // namespace

IndexEntries entries_of(UserId id, const Membership& membership) {
    const auto member = std::to_string(id);
    const auto organization = membership.organization;
    IndexEntries entries{
        {keys::name(membership.username), "",     member                             },
        {std::string(keys::usernames),    "0",    membership.username + '\0' + member},
        {std::string(keys::users),        member, member                             },
        {keys::users_of(organization),    member, member                             },
    };
    if (!membership.is_active) {
        entries.push_back({std::string(keys::inactive_users), member, member});
        entries.push_back({keys::inactive_users_of(organization), member, member});
    }
    if (membership.external_id) {
        entries.push_back({keys::users_by_external_id(*membership.external_id), member, member});
    }
    if (membership.extra) {
        const auto extra = std::to_string(*membership.extra);
        entries.push_back({std::string(keys::extras), extra, extra});
        entries.push_back({keys::extras_of(organization), extra, extra});
    }
    return entries;
}

std::optional<Membership> parse_membership(std::span<redisReply* const> elements) {
    if (elements.size() != record_fields + 1) return std::nullopt;
    return parse_membership(elements.first(record_fields), elements.back());
}

namespace {

void add_membership_read(Pipeline& pipeline, UserId id) {
    const auto tag = UserTag::of(id);
    pipeline.add({"HMGET", keys::user(tag), user_field::username, user_field::organization,
                  user_field::is_active, user_field::external_id});
    pipeline.add({"HMGET", keys::extra(tag), "id"});
}

// From the replies of a pipeline that ended with add_membership_read.
std::optional<Membership> last_membership(const std::vector<Reply>& replies) {
    const auto record = replies[replies.size() - 2].elements();
    const auto extra = replies.back().elements();
    if (record.size() != record_fields || extra.size() != 1) return std::nullopt;
    return parse_membership(record, extra.front());
}

}  // namespace

awaitable<result<std::optional<Membership>>> read_membership(RedisConnection& redis, UserId id) {
    Pipeline read;
    add_membership_read(read, id);
    const auto replies = co_await redis.execute_all(std::move(read));
    if (!replies) co_return replies.error();
    co_return last_membership(*replies);
}

void add_entries(Pipeline& pipeline, const IndexEntries& entries) {
    for (const auto& entry : entries) {
        if (entry.score.empty())
            pipeline.add({"SET", entry.key, entry.member + " 0", "NX"});
        else
            pipeline.add({"ZADD", entry.key, entry.score, entry.member});
    }
}

awaitable<result<void>> settle_entries(RedisConnection& redis, UserId id, IndexEntries suspects) {
    auto known = co_await read_membership(redis, id);
    if (!known) co_return known.error();

    for (int round = 0; round < settle_rounds_max; ++round) {
        const auto wanted = *known ? entries_of(id, **known) : IndexEntries{};
        Pipeline settle;
        add_entries(settle, wanted);
        for (const auto& entry : suspects) {
            if (!contains(wanted, entry)) add_removal(settle, entry);
        }
        add_membership_read(settle, id);

        const auto replies = co_await redis.execute_all(std::move(settle));
        if (!replies) co_return replies.error();
        auto seen = last_membership(*replies);
        if (seen == *known) co_return result<void>();
        add_unique(suspects, wanted);
        known = std::move(seen);
    }
    co_return result<void>();
}

}  // namespace hourglass::store
