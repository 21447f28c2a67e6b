#include "store/deadlines.hpp"

#include "store/decimal.hpp"
#include "store/redis_connection.hpp"
#include "store/redis_reply.hpp"
#include "store/scripts.hpp"
#include "store/session_list.hpp"
#include "store/stays.hpp"

#include <numeric>

namespace hourglass::store {
namespace {

constexpr std::size_t visit_elements = 10;

// A deadline is a whole second; what a claim leaves in its place is not.
std::string claim_mark(Time now) {
    return decimal(now + Deadlines::lease) + ".5";
}

void add_move(Pipeline& pipeline, const UserTag& tag, std::string_view at, std::string_view mark) {
    pipeline.run(scripts::move_deadline, {deadline_index_of(tag)}, {tag.text, at, mark});
}

result<Visit> parse_visit(const UserTag& tag, const Reply& reply, Seconds stale_limit) {
    const auto elements = reply.elements();
    if (elements.size() != visit_elements) return Error::corrupt;
    const SessionHashes hashes{elements_of(elements[7]), elements_of(elements[8]), elements_of(elements[9])};

    Visit visit;
    visit.exists = text_of(elements[0]) == "user";
    visit.username = username_of(tag, elements[1]);
    visit.organization = integer_of(elements[2]);
    visit.is_active = visit.exists && text_of(elements[3]) != "0";
    visit.expiration = parse_time(text_of(elements[4]));
    visit.profile = text_of(elements[5]);
    visit.number = static_cast<std::uint64_t>(integer_of(elements[6]));
    visit.account = parse_account(hashes.account, stale_limit);
    visit.sessions = user_sessions(tag, visit.username, visit.organization, hashes);
    visit.changes = parse_decimal<std::uint64_t>(value_of(hashes.account, "changes")).value_or(0);
    visit.is_changed =
        visit.changes != parse_decimal<std::uint64_t>(value_of(hashes.account, "heeded")).value_or(0);
    return visit;
}

}  // namespace

std::string deadline_index_of(const UserTag& tag) {
    const auto sum = std::accumulate(
        tag.text.begin(), tag.text.end(), std::size_t{0},
        [](std::size_t so_far, char octet) { return so_far + static_cast<unsigned char>(octet); });
    return keys::deadlines(sum % Deadlines::shards);
}

void add_deadline(Pipeline& pipeline, const UserTag& tag, Time at) {
    add_move(pipeline, tag, decimal(at), "");
}

void add_deadline_in_transaction(Pipeline& pipeline, const UserTag& tag, Time at) {
    pipeline.add({"ZADD", deadline_index_of(tag), "LT", decimal(at), tag.text});
}

void add_claim_check(Pipeline& pipeline, const UserTag& tag) {
    pipeline.add({"ZSCORE", deadline_index_of(tag), tag.text});
}

bool is_claimed(const Reply& check) {
    return check.text().find('.') != std::string_view::npos;
}

awaitable<result<std::vector<Claim>>> Deadlines::claim(Time now, std::uint64_t per_shard_max) {
    auto look = Pipeline().add({"EXISTS", keys::journal_replay});
    const auto is_replaying = co_await redis_.execute(std::move(look));
    if (!is_replaying) co_return is_replaying.error();
    if (is_replaying->integer() != 0) co_return std::vector<Claim>();

    const auto mark = claim_mark(now);
    Pipeline claiming;
    for (std::size_t shard = 0; shard < shards; ++shard) {
        claiming.run(scripts::claim_deadlines, {keys::deadlines(shard)},
                     {decimal(now), std::to_string(per_shard_max), mark});
    }
    const auto replies = co_await redis_.execute_all(std::move(claiming));
    if (!replies) co_return replies.error();

    std::vector<Claim> claims;
    for (const auto& reply : *replies) {
        for (const auto* tag : reply.elements())
            claims.push_back({{std::string(text_of(tag))}, mark});
    }
    co_return std::move(claims);
}

awaitable<result<Visit>> Deadlines::visit(UserTag tag, Time now) {
    const auto stale_limit = rules_.stale_limit();
    auto read = Pipeline().run(scripts::visit,
                               {keys::user(tag), keys::account(tag), keys::closed(tag), keys::details(tag)},
                               {decimal(now), std::to_string(stale_limit.count())});
    const auto reply = co_await redis_.execute(std::move(read));
    if (!reply) co_return reply.error();
    co_return parse_visit(tag, *reply, stale_limit);
}

awaitable<result<void>> Deadlines::schedule(Claim claim, Visit visit, Time at,
                                            std::optional<Seconds> stale_limit) {
    Pipeline writes;
    add_move(writes, claim.tag, decimal(at), claim.mark);
    writes.run(scripts::note_deadline, {keys::account(claim.tag)},
               {std::to_string(visit.number), decimal(at), std::to_string(visit.changes),
                stale_limit ? std::to_string(stale_limit->count()) : std::string()});
    const auto replies = co_await redis_.execute_all(std::move(writes));
    if (!replies) co_return replies.error();
    co_return result<void>();
}

awaitable<result<void>> Deadlines::forget(Claim claim) {
    Pipeline removal;
    add_move(removal, claim.tag, "", claim.mark);
    const auto removed = co_await redis_.execute(std::move(removal));
    if (!removed) co_return removed.error();
    co_return result<void>();
}

awaitable<result<std::uint64_t>> Deadlines::overdue(Time now) {
    Pipeline counts;
    for (std::size_t shard = 0; shard < shards; ++shard)
        counts.add({"ZCOUNT", keys::deadlines(shard), "-inf", decimal(now - overdue_after)});
    const auto replies = co_await redis_.execute_all(std::move(counts));
    if (!replies) co_return replies.error();
    std::uint64_t users = 0;
    for (const auto& reply : *replies)
        users += static_cast<std::uint64_t>(reply.integer());
    co_return users;
}

awaitable<result<void>> Deadlines::touch(UserTag tag, Time now) {
    Pipeline naming;
    add_deadline(naming, tag, now);
    const auto named = co_await redis_.execute(std::move(naming));
    if (!named) co_return named.error();
    co_return result<void>();
}

awaitable<result<void>> publish_deadline(RedisConnection& redis, UserTag tag, Time at, std::uint64_t visits) {
    Pipeline writes;
    add_deadline(writes, tag, at);
    writes.run(scripts::note_deadline, {keys::account(tag)}, {std::to_string(visits), decimal(at)});
    const auto replies = co_await redis.execute_all(std::move(writes));
    if (!replies) co_return replies.error();
    co_return result<void>();
}

}  // namespace hourglass::store
