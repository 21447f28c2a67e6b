#include "api/credit.hpp"

#include "api/authorization.hpp"
#include "api/idempotency_key.hpp"
#include "api/ledger_entry.hpp"
#include "api/paging.hpp"
#include "api/problem.hpp"
#include "api/resource.hpp"
#include "api/text.hpp"
#include "api/user_token.hpp"

namespace hourglass::api {
namespace {

constexpr auto fields = std::to_array<Field>({
    integer("seconds")
        .at_least(-store::balance_max.count())
        .at_most(store::balance_max.count())
        .required_on_post(),
    text("reason").nullable(),
});

// Two clients may choose the same key for different credits.
std::string key_of(const store::ApiToken& token, const std::string& key) {
    return key.empty() ? key : std::to_string(token.id) + " " + key;
}

constexpr Record new_credit{
    .name = "Credit",
    .fields = fields,
    .example = R"({"seconds": 1800, "reason": "paid in cash"})",
};
constexpr auto on_post = std::to_array<Parameter>({
    {text("Idempotency-Key"), "Of the client's choice, new for each credit: repeated, it counts once.",
     "header"},
});
constexpr auto exceptions = std::to_array<Exception>({
    {http::verb::post, http::status::unprocessable_entity,
     "The Idempotency-Key came with another credit before."},
});

}  // namespace

const Description credit_description{
    .tag = "user_token",
    .noun = "credit",
    .nouns = "credits",
    .shown = &ledger_entry_record,
    .sent = &new_credit,
    .paging = Paging::offset,
    .on_post = on_post,
    .exceptions = exceptions,
};

awaitable<Response> list_credits(Context& context) {
    const auto user = co_await find_visible_user(context, context.id);
    if (!user) co_return user.error();

    const auto page = read_page_request(context.query);
    const auto credits = co_await context.store.credits.list(context.id, page);
    if (!credits) co_return problem(credits.error());

    auto results = json::array();
    for (const auto& credit : credits->items) {
        results.push_back(show_ledger_entry(credit));
    }
    co_return reply(http::status::ok, show_page(context.request, page, credits->count, std::move(results)));
}

awaitable<Response> create_credit(Context& context) {
    const auto user = co_await find_visible_user(context, context.id);
    if (!user) co_return user.error();

    const auto body = read_body(context.request);
    if (!body) co_return body.error();
    auto record = parse_record(fields, body->value, Write::post);
    if (!record.errors.empty()) co_return field_problem(record.errors);
    const auto key = read_idempotency_key(context.request);
    if (!key) co_return key.error();

    const auto seconds = parse_whole_number(record.take("seconds").value_or("").value_or(""));
    const auto credit =
        co_await context.store.credits.add({.user = context.id,
                                            .seconds = store::Seconds(seconds ? seconds->value : 0),
                                            .reason = record.take("reason").value_or("").value_or(""),
                                            .source = actor_of(context.token),
                                            .idempotency_key = key_of(context.token, *key),
                                            .now = context.now});
    if (!credit) co_return problem(credit.error());
    co_return reply(http::status::created, show_ledger_entry(*credit));
}

}  // namespace hourglass::api
