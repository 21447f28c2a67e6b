#include "store/name_claims.hpp"

#include "store/decimal.hpp"
#include "store/keys.hpp"
#include "store/redis_connection.hpp"
#include "store/scripts.hpp"

namespace hourglass::store {
namespace {

struct Claim {
    UserId owner{};
    Time made{};
};

std::string format(const Claim& claim) {
    return std::to_string(claim.owner) + " " + decimal(claim.made);
}

std::optional<Claim> parse(std::string_view text) {
    const auto space = text.find(' ');
    if (space == std::string_view::npos) return std::nullopt;
    const auto owner = parse_decimal(text.substr(0, space));
    const auto made = parse_decimal(text.substr(space + 1));
    if (!owner || !made) return std::nullopt;
    return Claim{*owner, Time(Seconds(*made))};
}

}  // namespace

awaitable<result<void>> claim_name(RedisConnection& redis, std::string username, UserId id, Time now) {
    const auto key = keys::name(username);
    const auto ours = format({id, now});

    auto attempt = Pipeline().add({"SET", key, ours, "NX"}).add({"GET", key});
    const auto replies = co_await redis.execute_all(std::move(attempt));
    if (!replies) co_return replies.error();
    const bool is_set = !replies->front().is_nil();
    if (is_set) co_return result<void>();

    const std::string theirs(replies->back().text());
    const auto claim = parse(theirs);
    if (!claim) co_return Error::name_taken;
    if (claim->owner == id) co_return result<void>();
    if (now - claim->made <= stale_claim_age) co_return Error::name_taken;

    auto owner_read = Pipeline().add({"HGET", keys::user(UserTag::of(claim->owner)), user_field::username});
    const auto owner_name = co_await redis.execute(std::move(owner_read));
    if (!owner_name) co_return owner_name.error();
    if (owner_name->text() == username) co_return Error::name_taken;

    auto take_over = Pipeline().run(scripts::replace_claim, {key}, {theirs, ours});
    const auto taken_over = co_await redis.execute(std::move(take_over));
    if (!taken_over) co_return taken_over.error();
    if (taken_over->integer() != 1) co_return Error::name_taken;
    co_return result<void>();
}

awaitable<result<std::optional<UserId>>> find_claim(RedisConnection& redis, std::string username) {
    auto read = Pipeline().add({"GET", keys::name(username)});
    const auto reply = co_await redis.execute(std::move(read));
    if (!reply) co_return reply.error();
    const auto claim = parse(reply->text());
    if (!claim) co_return std::optional<UserId>();
    co_return std::optional(claim->owner);
}

awaitable<result<std::optional<SpellingClaim>>> find_claim(RedisConnection& redis, std::string username,
                                                           std::string other_spelling) {
    auto read = Pipeline().add({"GET", keys::name(username)});
    if (!other_spelling.empty()) read.add({"GET", keys::name(other_spelling)});
    const auto replies = co_await redis.execute_all(std::move(read));
    if (!replies) co_return replies.error();
    for (std::size_t i = 0; i < replies->size(); ++i) {
        if (const auto claim = parse((*replies)[i].text()))
            co_return std::optional(SpellingClaim{claim->owner, i > 0});
    }
    co_return std::optional<SpellingClaim>();
}

}  // namespace hourglass::store
