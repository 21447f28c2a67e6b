#include "store/credits.hpp"

#include "store/credit_text.hpp"
#include "store/deadlines.hpp"
#include "store/decimal.hpp"
#include "store/keys.hpp"
#include "store/redis_connection.hpp"
#include "store/redis_reply.hpp"
#include "store/remembered_users.hpp"
#include "store/scripts.hpp"
#include "store/session_list.hpp"

#include <algorithm>

namespace hourglass::store {
namespace {

error_code error_of(std::string_view outcome) {
    if (outcome == "not_found") return Error::not_found;
    if (outcome == "not_metered") return Error::not_metered;
    if (outcome == "insufficient") return Error::insufficient_balance;
    if (outcome == "excessive") return Error::excessive_balance;
    if (outcome == "key_reused") return Error::key_reused;
    return Error::corrupt;
}

// `lines` are in the order they were written, the first of them has the number `first`.
result<std::vector<Credit>> parse_newest_first(std::span<redisReply* const> lines, std::uint64_t first) {
    std::vector<Credit> credits;
    credits.reserve(lines.size());
    for (auto i = lines.size(); i-- > 0;) {
        auto credit = parse_credit(first + i, text_of(lines[i]));
        if (!credit) return Error::corrupt;
        credits.push_back(*std::move(credit));
    }
    return credits;
}

}  // namespace

Credits::Credits(RedisConnection& redis, const LedgerRules& rules) : redis_(redis), rules_(rules) {}

awaitable<result<Credit>> Credits::add(NewCredit credit) {
    const auto tag = UserTag::of(credit.user);
    auto addition = Pipeline().run(
        scripts::add_credit,
        {keys::user(tag), keys::account(tag), keys::credits(tag), keys::idempotency(tag)},
        {std::to_string(credit.seconds.count()), decimal(credit.now), credit.source, credit.reason,
         std::to_string(balance_max.count()), credit.idempotency_key,
         std::to_string(idempotency_retention.count()), std::to_string(rules_.stale_limit().count())});
    const auto reply = co_await redis_.execute(std::move(addition));
    if (!reply) co_return reply.error();

    const auto elements = reply->elements();
    const auto outcome = elements.empty() ? std::string_view() : text_of(elements[0]);
    if (outcome != "done") co_return error_of(outcome);
    auto added = elements.size() == 4
                     ? parse_credit(static_cast<std::uint64_t>(integer_of(elements[1])), text_of(elements[2]))
                     : std::nullopt;
    if (!added) co_return Error::corrupt;
    const bool has_running = integer_of(elements[3]) > 0;
    Pipeline behind;
    if (has_running) add_deadline(behind, tag, credit.now);
    add_change_barrier(behind);
    const auto named = co_await redis_.execute_all(std::move(behind));
    if (!named) co_return named.error();
    co_return *std::move(added);
}

awaitable<result<Page<Credit>>> Credits::list(UserId user, PageRequest page) {
    const auto key = keys::credits(UserTag::of(user));
    auto count = Pipeline().add({"LLEN", key});
    const auto counted = co_await redis_.execute(std::move(count));
    if (!counted) co_return counted.error();

    // Credits are only appended, so numbers stay what they were between the two reads.
    Page<Credit> credits;
    credits.count = static_cast<std::uint64_t>(counted->integer());
    const auto end = credits.count - std::min(page.offset, credits.count);
    const auto begin = end - std::min(page.limit, end);
    if (begin == end) co_return std::move(credits);

    auto range = Pipeline().add({"LRANGE", key, std::to_string(begin), std::to_string(end - 1)});
    const auto lines = co_await redis_.execute(std::move(range));
    if (!lines) co_return lines.error();
    auto parsed = parse_newest_first(lines->elements(), begin + 1);
    if (!parsed) co_return parsed.error();
    credits.items = *std::move(parsed);
    co_return std::move(credits);
}

awaitable<result<Statement>> Credits::statement(UserId user, StatementPosition from, std::uint64_t limit) {
    const auto tag = UserTag::of(user);
    auto read =
        Pipeline().run(scripts::read_statement,
                       {keys::account(tag), keys::closed(tag), keys::details(tag), keys::credits(tag)},
                       {std::to_string(from.credit), std::to_string(limit + 1)});
    const auto reply = co_await redis_.execute(std::move(read));
    if (!reply) co_return reply.error();
    const auto elements = reply->elements();
    if (elements.size() != 5) co_return Error::corrupt;

    const SessionHashes hashes{elements_of(elements[0]), elements_of(elements[1]), elements_of(elements[2])};
    auto credits =
        parse_newest_first(elements_of(elements[4]), static_cast<std::uint64_t>(integer_of(elements[3])));
    if (!credits) co_return credits.error();
    const Seconds forgotten(parse_decimal(value_of(hashes.closed, "forgotten")).value_or(0));

    auto page = make_page(*std::move(credits), parse_sessions(user, hashes), forgotten, from, limit);
    if (const auto credited = parse_decimal(value_of(hashes.account, "credited"))) {
        page.credited = Seconds(*credited);
    }
    page.consumed = Seconds(parse_decimal(value_of(hashes.account, "consumed")).value_or(0));
    co_return std::move(page);
}

}  // namespace hourglass::store
