#include "store/session_index.hpp"

#include "store/packed_text.hpp"
#include "store/redis_reply.hpp"
#include "store/session_text.hpp"

namespace hourglass::store {
namespace {

constexpr int settle_rounds_max = 16;  // each is another writer of the same user at the same moment

void add_sessions_read(Pipeline& pipeline, const UserTag& tag) {
    pipeline.add({"HGETALL", keys::account(tag)}).add({"HGETALL", keys::closed(tag)});
}

struct Listed {
    SessionEntry entry;
    bool is_running{};
};

void append_sessions(const UserTag& tag, const Reply& hash, std::vector<Listed>& sessions) {
    const auto elements = hash.elements();
    for (std::size_t i = 0; i + 1 < elements.size(); i += 2) {
        const auto session = parse_session(text_of(elements[i]), text_of(elements[i + 1]));
        if (!session) continue;
        sessions.push_back({
            {tag, session->started, session_field(session->nas, session->session_id)},
            session->is_running
        });
    }
}

awaitable<result<std::vector<Listed>>> read_sessions(RedisConnection& redis, UserTag tag) {
    Pipeline read;
    add_sessions_read(read, tag);
    const auto replies = co_await redis.execute_all(std::move(read));
    if (!replies) co_return replies.error();
    std::vector<Listed> sessions;
    for (const auto& hash : *replies)
        append_sessions(tag, hash, sessions);
    co_return std::move(sessions);
}

}  // namespace

std::string SessionEntry::member() const {
    return tag.text + " " + decimal(started) + " " + field;
}

std::optional<SessionEntry> parse_session_entry(std::string_view member) {
    SessionEntry entry;
    entry.tag.text = take_word(member);
    std::int64_t started = 0;
    if (entry.tag.text.empty() || !take_number(member, started) || member.empty()) return std::nullopt;
    entry.started = Time(Seconds(started));
    entry.field = member;
    return entry;
}

std::string score_of(Time started, bool is_running) {
    return std::to_string(started.time_since_epoch().count() + (is_running ? running_score : 0));
}

void add_listing(Pipeline& pipeline, OrganizationId organization, const SessionEntry& entry, bool is_running,
                 Listing listing) {
    const auto index = keys::sessions_of_organization(organization);
    const auto score = score_of(entry.started, is_running);
    pipeline.add({"SADD", keys::organizations_with_sessions, std::to_string(organization)});
    if (listing == Listing::if_new)
        pipeline.add({"ZADD", index, "NX", score, entry.member()});
    else
        pipeline.add({"ZADD", index, score, entry.member()});
}

void add_closing(Pipeline& pipeline, OrganizationId organization, const SessionEntry& entry) {
    pipeline.add({"ZADD", keys::sessions_of_organization(organization), "XX", score_of(entry.started, false),
                  entry.member()});
}

void add_delisting(Pipeline& pipeline, OrganizationId organization, const SessionEntry& entry) {
    pipeline.add({"ZREM", keys::sessions_of_organization(organization), entry.member()});
}

void add_nas_entry(Pipeline& pipeline, std::string_view nas, const SessionEntry& entry,
                   std::chrono::system_clock::time_point arrival) {
    pipeline.add({"ZADD", keys::sessions_of_nas(nas), "GT", arrival_score(arrival), entry.member()});
}

std::string arrival_score(std::chrono::system_clock::time_point arrival) {
    return std::to_string(
        std::chrono::duration_cast<std::chrono::microseconds>(arrival.time_since_epoch()).count());
}

awaitable<result<std::vector<OrganizationId>>> organizations_with_sessions(RedisConnection& redis) {
    auto read = Pipeline().add({"SMEMBERS", keys::organizations_with_sessions});
    const auto members = co_await redis.execute(std::move(read));
    if (!members) co_return members.error();
    std::vector<OrganizationId> organizations;
    for (const auto* member : members->elements())
        organizations.push_back(integer_of(member));
    co_return std::move(organizations);
}

awaitable<result<void>> list_sessions(RedisConnection& redis, UserId user, OrganizationId organization) {
    const auto sessions = co_await read_sessions(redis, UserTag::of(user));
    if (!sessions) co_return sessions.error();
    if (sessions->empty()) co_return result<void>();
    Pipeline listing;
    for (const auto& session : *sessions)
        add_listing(listing, organization, session.entry, session.is_running);
    const auto listed = co_await redis.execute_all(std::move(listing));
    if (!listed) co_return listed.error();
    co_return result<void>();
}

awaitable<result<void>> settle_sessions(RedisConnection& redis, UserId user, OrganizationId left) {
    const auto tag = UserTag::of(user);
    std::optional<OrganizationId> settled;
    for (int round = 0; round < settle_rounds_max; ++round) {
        auto read = Pipeline().add({"HGET", keys::user(tag), user_field::organization});
        const auto organization = co_await redis.execute(std::move(read));
        if (!organization) co_return organization.error();
        if (organization->is_nil() || settled == organization->integer()) co_return result<void>();

        const auto present = organization->integer();
        const auto sessions = co_await read_sessions(redis, tag);
        if (!sessions) co_return sessions.error();
        Pipeline settling;
        for (const auto& session : *sessions) {
            add_listing(settling, present, session.entry, session.is_running);
            if (left != present) add_delisting(settling, left, session.entry);
        }
        if (settling.size() > 0) {
            const auto done = co_await redis.execute_all(std::move(settling));
            if (!done) co_return done.error();
        }
        settled = present;
    }
    co_return result<void>();
}

}  // namespace hourglass::store
