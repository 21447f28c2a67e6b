#include "api/user_token.hpp"

#include "api/authorization.hpp"
#include "api/etag.hpp"
#include "api/filters.hpp"
#include "api/paging.hpp"
#include "api/problem.hpp"
#include "api/resource.hpp"
#include "api/text.hpp"

namespace hourglass::api {
namespace {

namespace name = store::user_field;

constexpr std::string_view user_time = "user_time";
constexpr std::size_t user_name_octets_max = 253;  // RFC 2865 section 5.1: what an attribute holds

constexpr auto fields = std::to_array<Field>({
    integer("id").read_only(),
    text(name::username).octets(user_name_octets_max).characters(user_name_octets_max).always_required(),
    text(name::external_id).nullable(),
    text(name::klass).nullable(),
    text(name::password).masked().required_on_post().kept_by_put(),
    email("email").nullable(),
    text("first_name").nullable(),
    text("last_name").nullable(),
    boolean(name::is_active).or_else("1").kept_by_put(),
    integer(name::organization).at_least(1).always_required(),
    text("description").nullable().characters(2000),
    datetime(name::date_joined).read_only(),
    datetime(name::first_login).read_only().nullable(),
    datetime(name::last_login).read_only().nullable(),
    datetime(name::expiration).nullable(),
    url("avatar_url").nullable(),
    list(name::profile).or_else("[]"),
    integer(user_time)
        .at_least(0)
        .at_most(store::balance_max.count())
        .nullable()
        .kept_by_put()
        .shown_if_asked(),
});

}  // namespace

std::span<const Field> user_fields() {
    return fields;
}

store::OrganizationId organization_of(const store::User& user) {
    const auto found = user.fields.find(name::organization);
    return found == user.fields.end() ? 0 : parse_id(found->second).value_or(0);
}

json show_user(const store::User& user, bool with_balance, store::Time now) {
    auto values = user.fields;
    values["id"] = std::to_string(user.id);
    if (const auto balance = user.account.balance_at(now)) {
        values[std::string(user_time)] = std::to_string(balance->count());
    }
    const auto asked = std::to_array<std::string_view>({user_time});
    return show_record(fields, values, std::span(asked).first(with_balance ? 1 : 0));
}

void fill_in_organization(const store::ApiToken& token, json& body) {
    const bool is_said = !body.is_object() || body.contains(std::string(name::organization));
    if (!is_said && token.organizations.size() == 1) {
        body[std::string(name::organization)] = token.organizations.front();
    }
}

bool names_foreign_organization(const store::ApiToken& token, const ParsedRecord& record) {
    const auto found = record.values.find(name::organization);
    return found != record.values.end() && !may_see(token, parse_id(*found->second).value_or(0));
}

std::optional<store::Balance> to_balance(std::optional<std::optional<std::string>> sent) {
    if (!sent) return std::nullopt;
    const auto seconds = *sent ? parse_id(**sent) : std::nullopt;
    return seconds ? store::Balance(*seconds) : store::Balance();
}

Checked<store::UserFilter> read_user_filter(const Context& context) {
    store::UserFilter filter;
    const auto organization = read_organization_filter(context, name::organization);
    if (!organization) return organization.error();
    const auto is_active = read_boolean_filter(context.query, name::is_active);
    if (!is_active) return is_active.error();

    filter.username = context.query.find(name::username);
    filter.username_prefix = context.query.find("search");
    filter.external_id = context.query.find(name::external_id);
    filter.organization = *organization;
    filter.is_active = *is_active;
    filter.visible_organizations = context.token.organizations;
    return filter;
}

namespace {

std::string etag_of(const store::User& user) {
    const auto last_login = user.fields.find(name::last_login);
    return etag(user.id, user.version, last_login == user.fields.end() ? "" : last_login->second);
}

Response show_object(http::status status, const store::User& user, bool with_balance, store::Time now) {
    return reply(status, show_user(user, with_balance, now)).with("ETag", etag_of(user));
}

bool wants_balance(const Context& context) {
    return context.query.is_true("balance");
}

// What was searched by name is shown by name, unless an order is asked for. A cursor is a place by id.
store::UserOrder order_of(const Query& query) {
    const bool is_by_id = query.contains("ordering") || query.contains(cursor_parameter);
    return is_by_id ? store::UserOrder::by_id : store::UserOrder::by_name;
}

// Beside other errors a taken user name is reported too; alone, the store decides when it writes.
awaitable<void> report_taken_name(Context& context, ParsedRecord& record, store::UserId own_id) {
    const auto sent = record.values.find(name::username);
    if (sent == record.values.end()) co_return;
    const auto owner = co_await context.store.users.find_id(*sent->second);
    if (owner && *owner != own_id) {
        record.refuse(name::username, "user with this username already exists.");
    }
}

// The body of a write as a record without errors, or the refusal.
awaitable<Checked<ParsedRecord>> read_record(Context& context, Write write,
                                             std::optional<store::User> before = {}) {
    auto body = read_body(context.request);
    if (!body) co_return std::move(body).error();
    fill_in_organization(context.token, body->value);

    auto record = parse_record(fields, body->value, write);
    if (names_foreign_organization(context.token, record)) co_return permission_denied();
    judge_name(context.environment.why_unusable, before, record);
    if (!record.errors.empty()) {
        co_await report_taken_name(context, record, context.id);
        co_return field_problem(record.errors);
    }
    co_return record;
}

awaitable<Response> change_user(Context& context, Write write) {
    const auto user = co_await find_visible_user(context, context.id);
    if (!user) co_return user.error();

    auto record = co_await read_record(context, write, *user);
    if (!record) co_return record.error();
    const auto expected = read_if_match(context.request, user->id, user->version);
    if (!expected) co_return expected.error();

    const auto balance = to_balance(record->take(user_time));
    const auto changed = co_await context.store.users.change(context.id, std::move(record->values), balance,
                                                             actor_of(context.token), context.now, *expected);
    if (!changed) co_return problem(changed.error());
    co_return show_object(http::status::ok, *changed, balance || wants_balance(context), context.now);
}

constexpr Record user_record{
    .name = "User",
    .fields = fields,
    .example = R"({"id": 1, "username": "ann", "klass": "gold", "password": "correct horse",
                   "email": "ann@example.org", "is_active": true, "organization": 1,
                   "date_joined": "2026-01-31T12:00:00Z", "expiration": "2027-01-31T12:00:00Z",
                   "profile": ["evening"], "user_time": 3600})",
};
constexpr auto filters = std::to_array<Parameter>({
    {text(name::username),        "The user of exactly this name."        },
    {text("search"),              "Users whose names begin so, by name."  },
    {integer(name::organization), "Users of this organization."           },
    {text(name::external_id),     "Users with this key in another system."},
    {boolean(name::is_active),    "Users who may log in, or who may not." },
});
constexpr auto options = std::to_array<Parameter>({
    {boolean("balance"), "Shows `user_time`: the seconds left, now."},
});
constexpr auto on_delete = std::to_array<Parameter>({
    {boolean("force"), "Deletes even while a session runs."},
});
constexpr auto exceptions = std::to_array<Exception>({
    {http::verb::delete_, http::status::conflict, "A session of the user runs."},
});

}  // namespace

const Description user_description{
    .tag = "user_token",
    .about = "Users, their credentials and their time.",
    .noun = "user",
    .nouns = "users",
    .shown = &user_record,
    .filters = filters,
    .options = options,
    .on_delete = on_delete,
    .exceptions = exceptions,
};

awaitable<Checked<store::User>> find_visible_user(Context& context, store::UserId id) {
    auto user = co_await context.store.users.find(id);
    if (!user) co_return problem(user.error());
    if (!may_see(context.token, organization_of(*user))) co_return not_found();
    co_return *std::move(user);
}

awaitable<Response> list_users(Context& context) {
    auto filter = read_user_filter(context);
    if (!filter) co_return filter.error();

    const auto page = read_list_request(context.query);
    if (!page) co_return page.error();

    const auto users = co_await context.store.users.list(*std::move(filter), *page, order_of(context.query));
    if (!users) co_return problem(users.error());

    auto results = json::array();
    for (const auto& user : users->items) {
        results.push_back(show_user(user, wants_balance(context), context.now));
    }
    co_return reply(http::status::ok,
                    show_page(context.request, *page, users->count, std::move(results), users->next_after));
}

awaitable<Response> create_user(Context& context) {
    auto record = co_await read_record(context, Write::post);
    if (!record) co_return record.error();

    const auto sent = to_balance(record->take(user_time));
    const auto balance = sent.value_or(store::Seconds(context.environment.settings.default_user_time));
    const auto user = co_await context.store.users.create(without_nulls(std::move(record->values)), balance,
                                                          actor_of(context.token), context.now);
    if (!user) co_return problem(user.error());
    co_return show_object(http::status::created, *user, sent || wants_balance(context), context.now);
}

awaitable<Response> read_user(Context& context) {
    const auto user = co_await find_visible_user(context, context.id);
    if (!user) co_return user.error();

    // The balance moves without a new version, so it is never "not modified".
    const auto tag = etag_of(*user);
    if (!wants_balance(context) && is_known_to_client(context.request, tag)) co_return not_modified(tag);
    co_return show_object(http::status::ok, *user, wants_balance(context), context.now);
}

awaitable<Response> replace_user(Context& context) {
    return change_user(context, Write::put);
}

awaitable<Response> update_user(Context& context) {
    return change_user(context, Write::patch);
}

awaitable<Response> delete_user(Context& context) {
    const auto user = co_await find_visible_user(context, context.id);
    if (!user) co_return user.error();
    const auto expected = read_if_match(context.request, user->id, user->version);
    if (!expected) co_return expected.error();

    const auto removed =
        co_await context.store.users.remove(context.id, context.query.is_true("force"), *expected);
    if (!removed) co_return problem(removed.error());
    co_return no_content();
}

}  // namespace hourglass::api
