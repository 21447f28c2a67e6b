#include "api/user_extra.hpp"

#include "api/authorization.hpp"
#include "api/device_info.hpp"
#include "api/etag.hpp"
#include "api/filters.hpp"
#include "api/paging.hpp"
#include "api/problem.hpp"
#include "api/resource.hpp"
#include "api/text.hpp"
#include "api/user_token.hpp"

namespace hourglass::api {
namespace {

constexpr std::string_view parent = "parent";
constexpr std::string_view device_info = "device_info";
constexpr std::int64_t age_max = 2'147'483'647;

constexpr auto fields = std::to_array<Field>({
    integer("id").read_only(),
    reference(parent).required_on_post().kept_by_put(),
    text("gender").nullable().characters(32),
    text("age_range").nullable(),
    integer("age").at_least(0).at_most(age_max).nullable(),
    date("birthday").nullable(),
    text("locale").nullable(),
    text("address").nullable(),
    text("hometown").nullable(),
    text("city").nullable(),
    text("state").nullable(),
    text("postal_code").nullable(),
    text("country").nullable(),
    text("location").nullable(),
    text("telephone").nullable(),
    text("company").nullable(),
    text("title").nullable(),
    text("passport_number").nullable(),
    text("country_id").nullable(),
    text("tax_id").nullable(),
    text("event").nullable(),
    boolean("accept_terms").nullable(),
    text("custom_field_1").nullable(),
    text("custom_field_2").nullable(),
    text("custom_field_3").nullable(),
    text("custom_field_4").nullable(),
    text("custom_field_5").nullable(),
    text("custom_field_6").nullable(),
    text("custom_field_7").nullable(),
    text("custom_field_8").nullable(),
    object(device_info).shown_if_asked(),
});

bool wants_devices(const Context& context) {
    return context.query.is_true(device_info);
}

// With the parent's devices where they were asked for.
awaitable<Checked<Document>> show(Context& context, store::Extra extra) {
    auto values = std::move(extra.fields);
    values["id"] = std::to_string(extra.id);
    values[std::string(parent)] = std::to_string(extra.parent);
    if (!wants_devices(context)) co_return Document{show_record(fields, values)};

    const auto sessions = co_await context.store.ledger.sessions_of(extra.parent);
    if (!sessions) co_return problem(sessions.error());
    values[std::string(device_info)] = to_text(show_devices(*sessions));
    const auto asked = std::to_array<std::string_view>({device_info});
    co_return Document{show_record(fields, values, asked)};
}

awaitable<Response> show_object(Context& context, http::status status, store::Extra extra) {
    auto tag = etag(extra.id, extra.version);
    const auto shown = co_await show(context, std::move(extra));
    if (!shown) co_return shown.error();
    co_return reply(status, shown->value).with("ETag", std::move(tag));
}

// The record of that id if the token may see its parent, else 404.
awaitable<Checked<store::Extra>> find_visible_extra(Context& context) {
    auto extra = co_await context.store.extras.find(context.id);
    if (!extra) co_return problem(extra.error());
    if (is_confined(context.token)) {
        auto user = co_await find_visible_user(context, extra->parent);
        if (!user) co_return std::move(user).error();
    }
    co_return *std::move(extra);
}

struct ExtraRecord {
    std::optional<store::UserId> parent;
    store::FieldChanges values;
};

// The body of a write as a record without errors, or the refusal. A parent of another tenant does not exist.
awaitable<Checked<ExtraRecord>> read_record(Context& context, Write write) {
    const auto body = read_body(context.request);
    if (!body) co_return body.error();

    auto record = parse_record(fields, body->value, write);
    const auto sent = record.take(parent);
    if (sent) {
        const auto user = co_await find_visible_user(context, parse_id(**sent).value_or(0));
        const bool is_missing = !user && user.error().status == http::status::not_found;
        if (is_missing) record.refuse(parent, "Invalid pk \"" + **sent + "\" - object does not exist.");
        if (!user && !is_missing) co_return user.error();
    }
    if (!record.errors.empty()) co_return field_problem(record.errors);
    co_return ExtraRecord{sent ? parse_id(**sent) : std::nullopt, std::move(record.values)};
}

awaitable<Response> change_extra(Context& context, Write write) {
    const auto extra = co_await find_visible_extra(context);
    if (!extra) co_return extra.error();

    auto record = co_await read_record(context, write);
    if (!record) co_return record.error();
    const auto expected = read_if_match(context.request, extra->id, extra->version);
    if (!expected) co_return expected.error();

    auto changed = co_await context.store.extras.change(context.id, record->parent, std::move(record->values),
                                                        *expected);
    if (!changed) co_return problem(changed.error());
    co_return co_await show_object(context, http::status::ok, *std::move(changed));
}

constexpr Record extra_record{
    .name = "UserExtra",
    .fields = fields,
    .example = R"({"id": 1, "parent": 1, "gender": "f", "age_range": "25-34", "birthday": "1990-05-04",
                   "city": "Turin", "accept_terms": true})",
};
constexpr auto filters = std::to_array<Parameter>({
    {integer(parent),                    "The record of this user."             },
    {integer("parent__organization_id"), "Records of this organization's users."},
});
constexpr auto options = std::to_array<Parameter>({
    {boolean(device_info), "Shows which devices were seen."},
});
constexpr auto exceptions = std::to_array<Exception>({
    {http::verb::post,  http::status::conflict, "The parent has a record already."},
    {http::verb::put,   http::status::conflict, "The parent has another record."  },
    {http::verb::patch, http::status::conflict, "The parent has another record."  },
});

}  // namespace

const Description extra_description{
    .tag = "user_extra",
    .about = "More about a user, one record at most for each.",
    .noun = "user_extra",
    .nouns = "user_extras",
    .shown = &extra_record,
    .filters = filters,
    .options = options,
    .exceptions = exceptions,
};

awaitable<Response> list_extras(Context& context) {
    const auto parent_id = read_id_filter(context.query, parent);
    if (!parent_id) co_return parent_id.error();
    const auto organization = read_organization_filter(context, "parent__organization_id");
    if (!organization) co_return organization.error();

    const auto page = read_list_request(context.query);
    if (!page) co_return page.error();

    auto extras = co_await context.store.extras.list({.parent = *parent_id,
                                                      .parent_organization = *organization,
                                                      .visible_organizations = context.token.organizations},
                                                     *page);
    if (!extras) co_return problem(extras.error());

    auto results = json::array();
    for (auto& extra : extras->items) {
        auto shown = co_await show(context, std::move(extra));
        if (!shown) co_return shown.error();
        results.push_back(std::move(shown->value));
    }
    co_return reply(http::status::ok,
                    show_page(context.request, *page, extras->count, std::move(results), extras->next_after));
}

awaitable<Response> create_extra(Context& context) {
    auto record = co_await read_record(context, Write::post);
    if (!record) co_return record.error();

    auto extra = co_await context.store.extras.create(record->parent.value_or(0),
                                                      without_nulls(std::move(record->values)));
    if (!extra) co_return problem(extra.error());
    co_return co_await show_object(context, http::status::created, *std::move(extra));
}

awaitable<Response> read_extra(Context& context) {
    auto extra = co_await find_visible_extra(context);
    if (!extra) co_return extra.error();

    const auto tag = etag(extra->id, extra->version);
    if (!wants_devices(context) && is_known_to_client(context.request, tag)) co_return not_modified(tag);
    co_return co_await show_object(context, http::status::ok, *std::move(extra));
}

awaitable<Response> replace_extra(Context& context) {
    return change_extra(context, Write::put);
}

awaitable<Response> update_extra(Context& context) {
    return change_extra(context, Write::patch);
}

awaitable<Response> delete_extra(Context& context) {
    const auto extra = co_await find_visible_extra(context);
    if (!extra) co_return extra.error();
    const auto expected = read_if_match(context.request, extra->id, extra->version);
    if (!expected) co_return expected.error();

    const auto removed = co_await context.store.extras.remove(context.id, *expected);
    if (!removed) co_return problem(removed.error());
    co_return no_content();
}

}  // namespace hourglass::api
