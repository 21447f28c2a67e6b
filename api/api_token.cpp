#include "api/api_token.hpp"

#include "api/authorization.hpp"
#include "api/datetime.hpp"
#include "api/etag.hpp"
#include "api/paging.hpp"
#include "api/problem.hpp"
#include "api/resource.hpp"
#include "store/id_lists.hpp"

#include <algorithm>

namespace hourglass::api {
namespace {

constexpr std::uint64_t api_tokens_max = 10'000;  // that a confined administrator's list looks through
constexpr auto scope_names = std::to_array<std::string_view>({"read", "write", "admin"});

constexpr auto fields = std::to_array<Field>({
    integer("id").read_only(),
    text("name").always_required(),
    list_of_choices("scopes", scope_names).never_empty().always_required(),
    list("organizations", integer_type).at_least(1).or_else("[]"),
    datetime("expiration").nullable(),
    datetime("last_used").read_only().nullable(),
    text("token").read_only().shown_if_asked(),
});

void put_time(store::Fields& values, std::string_view name, std::optional<store::Time> time) {
    if (time) values[std::string(name)] = store_datetime(*time);
}

json show(const store::ApiToken& token, std::string_view secret = {}) {
    auto scopes = json::array();
    if (token.scopes.read) scopes.push_back("read");
    if (token.scopes.write) scopes.push_back("write");
    if (token.scopes.admin) scopes.push_back("admin");

    store::Fields values{
        {"id",            std::to_string(token.id)    },
        {"name",          token.name                  },
        {"scopes",        to_text(scopes)             },
        {"organizations", to_text(token.organizations)},
        {"token",         std::string(secret)         }
    };
    put_time(values, "expiration", token.expiration);
    put_time(values, "last_used", token.last_used);
    const auto asked = std::to_array<std::string_view>({"token"});
    return show_record(fields, values, std::span(asked).first(secret.empty() ? 0 : 1));
}

// A confined administrator sees and makes only tokens that reach no further than his own.
bool reaches_beyond(const store::ApiToken& token, const store::ApiToken& own) {
    const auto is_foreign = [&](store::OrganizationId organization) { return !may_see(own, organization); };
    return is_confined(own) && (!is_confined(token) || std::ranges::any_of(token.organizations, is_foreign));
}

constexpr std::uint64_t only_version = 1;  // tokens are made and removed, and nothing else

std::string etag_of(const store::ApiToken& token) {
    return etag(token.id, only_version, token.last_used ? store_datetime(*token.last_used) : "");
}

store::ApiToken to_token(ParsedRecord& record) {
    const auto read_list = [&](std::string_view name) {
        return list_type.show(record.take(name).value_or("[]").value_or("[]"));
    };
    const auto scopes = read_list("scopes");
    const auto has = [&](std::string_view name) {
        return std::ranges::find(scopes, json(name)) != scopes.end();
    };

    store::ApiToken token;
    token.name = record.take("name").value_or("").value_or("");
    token.scopes = {.read = has("read"), .write = has("write"), .admin = has("admin")};
    token.organizations = read_list("organizations").get<std::vector<store::OrganizationId>>();
    const auto expiration = record.take("expiration");
    const auto moment = expiration && *expiration ? read_stored_datetime(**expiration) : std::nullopt;
    if (moment) token.expiration = std::chrono::floor<std::chrono::seconds>(*moment);
    return token;
}

awaitable<Checked<store::ApiToken>> find_visible_token(Context& context) {
    auto token = co_await context.store.tokens.find(context.id);
    if (!token) co_return problem(token.error());
    if (reaches_beyond(*token, context.token)) co_return not_found();
    co_return *std::move(token);
}

// The store lists all tokens; a confined administrator's pages are cut from those he may see.
awaitable<result<store::Page<store::ApiToken>>> list_visible(Context& context, store::PageRequest page) {
    if (!is_confined(context.token)) co_return co_await context.store.tokens.list(page);

    auto all = co_await context.store.tokens.list({.limit = api_tokens_max});
    if (!all) co_return all.error();
    auto& tokens = all->items;
    std::erase_if(tokens, [&](const auto& token) { return reaches_beyond(token, context.token); });
    co_return store::select_page(std::move(tokens), page);
}

constexpr Record token_record{
    .name = "ApiToken",
    .fields = fields,
    .example = R"({"id": 2, "name": "billing", "scopes": ["read"], "organizations": [1],
                   "token": "hg_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG"})",
};

}  // namespace

const Description api_token_description{
    .tag = "api_token",
    .about = "Bearer tokens of this API. A token itself is in the reply to its POST only.",
    .noun = "api_token",
    .nouns = "api_tokens",
    .shown = &token_record,
};

awaitable<Response> list_api_tokens(Context& context) {
    const auto page = read_list_request(context.query);
    if (!page) co_return page.error();

    const auto tokens = co_await list_visible(context, *page);
    if (!tokens) co_return problem(tokens.error());

    auto results = json::array();
    for (const auto& token : tokens->items) {
        results.push_back(show(token));
    }
    co_return reply(http::status::ok,
                    show_page(context.request, *page, tokens->count, std::move(results), tokens->next_after));
}

awaitable<Response> create_api_token(Context& context) {
    auto body = read_body(context.request);
    if (!body) co_return body.error();
    const bool says_organizations = !body->value.is_object() || body->value.contains("organizations");
    if (!says_organizations) body->value["organizations"] = context.token.organizations;

    auto record = parse_record(fields, body->value, Write::post);
    if (!record.errors.empty()) co_return field_problem(record.errors);
    auto token = to_token(record);
    if (reaches_beyond(token, context.token)) co_return permission_denied();

    const auto created = co_await context.store.tokens.create(std::move(token), context.now);
    if (!created) co_return problem(created.error());
    co_return reply(http::status::created, show(created->record, created->token))
        .with("ETag", etag_of(created->record));
}

awaitable<Response> read_api_token(Context& context) {
    const auto token = co_await find_visible_token(context);
    if (!token) co_return token.error();

    const auto tag = etag_of(*token);
    if (is_known_to_client(context.request, tag)) co_return not_modified(tag);
    co_return reply(http::status::ok, show(*token)).with("ETag", tag);
}

awaitable<Response> delete_api_token(Context& context) {
    const auto token = co_await find_visible_token(context);
    if (!token) co_return token.error();
    if (is_stale(context.request, etag(token->id, only_version))) co_return precondition_failed();

    const auto removed = co_await context.store.tokens.remove(context.id);
    if (!removed) co_return problem(removed.error());
    co_return no_content();
}

}  // namespace hourglass::api
