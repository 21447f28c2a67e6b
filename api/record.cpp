#include "api/record.hpp"

#include "api/authorization.hpp"
#include "api/etag.hpp"
#include "api/filters.hpp"
#include "api/paging.hpp"
#include "api/problem.hpp"
#include "api/text.hpp"

namespace hourglass::api {
namespace {

constexpr std::string_view id_field = "id";
constexpr auto organization_field = store::record_field::organization;
constexpr int write_rounds_max = 100;  // each is another writer at the same moment

store::Records& records_of(Context& context, const RecordResource& resource) {
    return context.store.registry.*resource.records;
}

bool has_organization_field(const RecordResource& resource) {
    return std::ranges::find(resource.fields, organization_field, &Field::name) != resource.fields.end();
}

// nullopt: for all. An organization belongs to itself.
std::optional<store::OrganizationId> organization_of(const RecordResource& resource,
                                                     const store::Record& record) {
    if (!has_organization_field(resource)) return record.id;
    const auto found = record.fields.find(organization_field);
    return found == record.fields.end() ? std::nullopt : parse_id(found->second);
}

bool is_visible(const Context& context, const RecordResource& resource, const store::Record& record) {
    const auto organization = organization_of(resource, record);
    return !organization || may_see(context.token, *organization);
}

bool is_writable(const Context& context, const RecordResource& resource, const store::Record& record) {
    if (!is_confined(context.token)) return true;
    return resource.is_written_by_tenants && organization_of(resource, record).has_value();
}

awaitable<result<Document>> show(Context& context, const RecordResource& resource,
                                 std::vector<store::Record> records) {
    if (resource.complete != nullptr) {
        const auto completed = co_await resource.complete(context, records);
        if (!completed) co_return completed.error();
    }
    auto shown = json::array();
    for (auto& record : records) {
        record.fields[std::string(id_field)] = std::to_string(record.id);
        shown.push_back(show_record(resource.fields, record.fields));
    }
    co_return Document{std::move(shown)};
}

awaitable<Response> show_object(Context& context, const RecordResource& resource, http::status status,
                                store::Record record) {
    auto tag = etag(record.id, record.version);
    const auto shown = co_await show(context, resource, {std::move(record)});
    if (!shown) co_return problem(shown.error());
    co_return reply(status, shown->value.front()).with("ETag", std::move(tag));
}

awaitable<void> put_in_force(Context& context) {
    const auto& hook = context.environment.health.put_in_force;
    if (hook) co_await hook();
}

awaitable<Checked<store::Record>> find_visible(Context& context, const RecordResource& resource) {
    auto record = co_await records_of(context, resource).find(context.id);
    if (!record) co_return problem(record.error());
    if (!is_visible(context, resource, *record)) co_return not_found();
    co_return *std::move(record);
}

// As find_visible; 403 for what the token may see and not change.
awaitable<Checked<store::Record>> find_writable(Context& context, const RecordResource& resource) {
    auto record = co_await find_visible(context, resource);
    if (record && !is_writable(context, resource, *record)) co_return permission_denied();
    co_return record;
}

// A confined token writes into its own organizations; one of a single organization need not say which.
void fill_in_organization(const store::ApiToken& token, json& body) {
    const bool is_said = !body.is_object() || body.contains(std::string(organization_field));
    if (!is_said && token.organizations.size() == 1)
        body[std::string(organization_field)] = token.organizations.front();
}

// That `values` would put the record where the token may not write: into a foreign organization, or among
// what is for all.
bool reaches_beyond(const store::ApiToken& token, const store::FieldChanges& values) {
    const auto sent = values.find(organization_field);
    if (!is_confined(token) || sent == values.end()) return false;
    return !sent->second || !may_see(token, parse_id(*sent->second).value_or(0));
}

awaitable<Checked<RecordDraft>> read_draft(Context& context, const RecordResource& resource,
                                           store::RecordId id, Write write) {
    auto body = read_body(context.request);
    if (!body) co_return std::move(body).error();
    const bool is_tenants = is_confined(context.token) && has_organization_field(resource);
    if (write == Write::post && is_tenants) fill_in_organization(context.token, body->value);

    RecordDraft draft{.id = id, .record = parse_record(resource.fields, body->value, write)};
    auto& record = draft.record;
    if (reaches_beyond(context.token, record.values)) co_return permission_denied();
    const bool lacks_organization = write == Write::post && is_tenants && record.errors.empty() &&
                                    !record.values.contains(organization_field);
    if (lacks_organization) record.refuse(organization_field, "This field is required.");

    if (resource.check != nullptr) {
        const auto checked = co_await resource.check(context, draft);
        if (!checked) co_return problem(checked.error());
    }
    if (!record.errors.empty()) co_return field_problem(record.errors);
    co_return std::move(draft);
}

store::Fields changed(store::Fields fields, store::FieldChanges changes) {
    for (auto& [field, value] : changes) {
        if (value)
            fields.insert_or_assign(field, *std::move(value));
        else
            fields.erase(field);
    }
    return fields;
}

}  // namespace

awaitable<Response> show_records(Context& context, const RecordResource& resource, store::PageRequest page,
                                 store::Page<store::Record> records) {
    auto shown = co_await show(context, resource, std::move(records.items));
    if (!shown) co_return problem(shown.error());
    co_return reply(http::status::ok, show_page(context.request, page, records.count, std::move(shown->value),
                                                records.next_after));
}

awaitable<Response> list_records(Context& context, const RecordResource& resource) {
    const auto organization = read_organization_filter(context, organization_field);
    if (!organization) co_return organization.error();

    const auto page = read_list_request(context.query);
    if (!page) co_return page.error();

    auto records = co_await records_of(context, resource)
                       .list({.name = context.query.find(store::record_field::name),
                              .organization = *organization,
                              .visible_organizations = context.token.organizations},
                             *page);
    if (!records) co_return problem(records.error());
    co_return co_await show_records(context, resource, *page, *std::move(records));
}

awaitable<Response> create_record(Context& context, const RecordResource& resource) {
    if (is_confined(context.token) && !resource.is_written_by_tenants) co_return permission_denied();
    for (int round = 0; round < write_rounds_max; ++round) {
        auto draft = co_await read_draft(context, resource, 0, Write::post);
        if (!draft) co_return draft.error();

        const auto sent_id = draft->record.take(id_field);
        const auto id = sent_id && *sent_id ? parse_id(**sent_id) : std::nullopt;
        auto created = co_await records_of(context, resource)
                           .create(without_nulls(std::move(draft->record.values)), id, draft->unless_since);
        if (!created && created.error() == store::Error::version_changed) continue;
        if (!created) co_return problem(created.error(), resource.noun);

        co_await put_in_force(context);
        co_return co_await show_object(context, resource, http::status::created, *std::move(created));
    }
    co_return problem(store::Error::unavailable);
}

awaitable<Response> read_record(Context& context, const RecordResource& resource) {
    auto record = co_await find_visible(context, resource);
    if (!record) co_return record.error();

    const auto tag = etag(record->id, record->version);
    const bool is_known = resource.complete == nullptr && is_known_to_client(context.request, tag);
    if (is_known) co_return not_modified(tag);
    co_return co_await show_object(context, resource, http::status::ok, *std::move(record));
}

awaitable<Response> change_record(Context& context, const RecordResource& resource, Write write) {
    for (int round = 0; round < write_rounds_max; ++round) {
        auto record = co_await find_writable(context, resource);
        if (!record) co_return record.error();
        auto draft = co_await read_draft(context, resource, record->id, write);
        if (!draft) co_return draft.error();
        if (is_stale(context.request, etag(record->id, record->version))) co_return precondition_failed();

        auto fields = changed(record->fields, std::move(draft->record.values));
        auto written = co_await records_of(context, resource)
                           .replace(*std::move(record), std::move(fields), draft->unless_since);
        const bool came_second = !written && written.error() == store::Error::version_changed;
        if (came_second) continue;
        if (!written) co_return problem(written.error(), resource.noun);

        co_await put_in_force(context);
        co_return co_await show_object(context, resource, http::status::ok, *std::move(written));
    }
    co_return problem(store::Error::unavailable);
}

awaitable<Response> delete_record(Context& context, const RecordResource& resource) {
    for (int round = 0; round < write_rounds_max; ++round) {
        const auto generation = co_await records_of(context, resource).generation();
        if (!generation) co_return problem(generation.error());
        auto record = co_await find_writable(context, resource);
        if (!record) co_return record.error();
        if (is_stale(context.request, etag(record->id, record->version))) co_return precondition_failed();
        if (resource.reason_to_stay != nullptr) {
            const auto reason = co_await resource.reason_to_stay(context, record->id);
            if (!reason) co_return problem(reason.error());
            if (!reason->empty()) co_return problem(http::status::conflict, *reason);
        }

        const bool must_be_last = resource.reason_to_stay != nullptr;
        const auto unless_since = must_be_last ? std::optional(*generation) : std::nullopt;
        const auto removed = co_await records_of(context, resource).remove(*std::move(record), unless_since);
        if (!removed && removed.error() == store::Error::version_changed) continue;
        if (!removed) co_return problem(removed.error());

        co_await put_in_force(context);
        co_return no_content();
    }
    co_return problem(store::Error::unavailable);
}

}  // namespace hourglass::api
