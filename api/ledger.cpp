#include "api/ledger.hpp"

#include "api/ledger_entry.hpp"
#include "api/paging.hpp"
#include "api/problem.hpp"
#include "api/user_token.hpp"
#include "store/hex.hpp"
#include "store/packed_text.hpp"

namespace hourglass::api {
namespace {

json seconds_or_null(const store::Balance& seconds) {
    return seconds ? json(seconds->count()) : json(nullptr);
}

constexpr auto totals = std::to_array<Field>({
    integer("credited").nullable(),
    integer("consumed"),
    integer("balance").nullable(),
});

}  // namespace

const Description ledger_description{
    .tag = "user_token",
    .noun = "ledger_entry",
    .nouns = "ledger_entries",
    .shown = &ledger_entry_record,
    .paging = Paging::cursor,
    .totals = totals,
};

std::string encode_cursor(const store::StatementPosition& position) {
    return store::to_hex(std::to_string(position.credit) + " " + store::decimal(position.session_started) +
                         " " + std::to_string(position.session));
}

std::optional<store::StatementPosition> parse_cursor(std::string_view cursor) {
    std::vector<std::uint8_t> octets(cursor.size() / 2);
    if (!store::from_hex(cursor, octets)) return std::nullopt;
    const std::string text(octets.begin(), octets.end());
    std::string_view left = text;
    std::int64_t credit = 0;
    std::int64_t started = 0;
    std::int64_t session = 0;
    const bool is_ours = store::take_number(left, credit) && store::take_number(left, started) &&
                         store::take_number(left, session) && left.empty() && credit >= 0 && session >= 0;
    if (!is_ours) return std::nullopt;
    return store::StatementPosition{.credit = static_cast<std::uint64_t>(credit),
                                    .session_started = store::Time(store::Seconds(started)),
                                    .session = static_cast<std::uint64_t>(session)};
}

awaitable<Response> read_ledger(Context& context) {
    const auto user = co_await find_visible_user(context, context.id);
    if (!user) co_return user.error();

    const auto cursor = context.query.find(cursor_parameter);
    const auto from = cursor ? parse_cursor(*cursor) : store::StatementPosition{};
    if (!from) co_return problem(http::status::not_found, "Invalid cursor");

    const auto limit = read_page_request(context.query).limit;
    const auto statement = co_await context.store.credits.statement(context.id, *from, limit);
    if (!statement) co_return problem(statement.error());

    auto results = json::array();
    for (const auto& entry : statement->entries) {
        results.push_back(show_ledger_entry(entry));
    }
    const auto& next = statement->next;
    co_return reply(
        http::status::ok,
        {
            {"credited", seconds_or_null(statement->credited)},
            {"consumed", statement->consumed.count()},
            {"balance", seconds_or_null(statement->balance())},
            {"next", next ? json(cursor_link(context.request, limit, encode_cursor(*next))) : json(nullptr)},
            {"previous", nullptr},
            {"results", std::move(results)},
    });
}

}  // namespace hourglass::api
