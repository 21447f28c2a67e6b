#include "api/organization.hpp"

#include "api/authorization.hpp"
#include "api/paging.hpp"
#include "api/problem.hpp"
#include "api/record.hpp"
#include "api/text.hpp"
#include "store/id_lists.hpp"

#include <map>

namespace hourglass::api {
namespace {

namespace name = store::organization_field;

constexpr auto fields = std::to_array<Field>({
    integer("id").at_least(1).fixed(),
    text(store::record_field::name).always_required(),
    reference(name::parent).nullable(),
    boolean(name::is_active).or_else("1").kept_by_put(),
});

using Parents = std::map<store::RecordId, std::optional<store::RecordId>>;

awaitable<result<Parents>> read_parents(Context& context) {
    const auto all = co_await context.store.registry.organizations.all();
    if (!all) co_return all.error();
    Parents parents;
    for (const auto& organization : *all) {
        const auto parent = organization.fields.find(name::parent);
        parents.emplace(organization.id,
                        parent == organization.fields.end() ? std::nullopt : parse_id(parent->second));
    }
    co_return std::move(parents);
}

bool is_at_or_above(const Parents& parents, store::RecordId id, store::RecordId of) {
    for (std::optional<store::RecordId> at = of; at;) {
        if (*at == id) return true;
        const auto found = parents.find(*at);
        at = found == parents.end() ? std::nullopt : found->second;
    }
    return false;
}

// The parent is there and not below the organization itself, and stays so until the write.
awaitable<result<void>> check(Context& context, RecordDraft& draft) {
    const auto sent = draft.record.values.find(name::parent);
    if (sent == draft.record.values.end() || !sent->second) co_return result<void>();

    const auto generation = co_await context.store.registry.organizations.generation();
    if (!generation) co_return generation.error();
    const auto parents = co_await read_parents(context);
    if (!parents) co_return parents.error();
    draft.unless_since = *generation;

    const auto& text = *sent->second;
    const auto parent = parse_id(text).value_or(0);
    if (!parents->contains(parent))
        draft.record.refuse(name::parent, "Invalid pk \"" + text + "\" - object does not exist.");
    else if (draft.id != 0 && is_at_or_above(*parents, draft.id, parent))
        draft.record.refuse(name::parent, "An organization cannot be below itself.");
    co_return result<void>();
}

awaitable<result<std::string>> reason_to_stay(Context& context, store::RecordId id) {
    const store::PageRequest some{.offset = 0, .limit = page_items_max, .descending = false};
    const auto users = co_await context.store.users.list({.organization = id}, some);
    if (!users) co_return users.error();
    if (!users->items.empty()) co_return std::string("The organization has users.");

    for (auto* const records : {&context.store.registry.nases, &context.store.registry.profiles}) {
        const auto count = co_await records->count_of(id);
        if (!count) co_return count.error();
        if (*count > 0) co_return std::string("The organization has NASes or profiles.");
    }
    const auto parents = co_await read_parents(context);
    if (!parents) co_return parents.error();
    const bool is_parent =
        std::ranges::any_of(*parents, [&](const auto& entry) { return entry.second == id; });
    co_return is_parent ? std::string("The organization has others below it.") : std::string();
}

// A tenant whom the operator has made inactive shall not undo it: a confined token may look and not write.
constexpr RecordResource resource{
    .noun = "organization",
    .fields = fields,
    .records = &store::Registry::organizations,
    .check = &check,
    .reason_to_stay = &reason_to_stay,
};

constexpr Record organization_record{
    .name = "Organization",
    .fields = fields,
    .example = R"({"id": 1, "name": "Harbour Hotel", "is_active": true})",
};
constexpr auto exceptions = std::to_array<Exception>({
    {http::verb::delete_, http::status::conflict, "The organization is in use."},
});

}  // namespace

const Description organization_description{
    .tag = "organization",
    .about = "Tenants. Their ids may be used before they are described.",
    .noun = "organization",
    .nouns = "organizations",
    .shown = &organization_record,
    .exceptions = exceptions,
};

const Description own_organizations_description{
    .tag = "organization",
    .noun = "own_organization",
    .nouns = "own_organizations",
    .shown = &organization_record,
};

awaitable<Response> list_organizations(Context& context) {
    return list_records(context, resource);
}
awaitable<Response> create_organization(Context& context) {
    return create_record(context, resource);
}
awaitable<Response> read_organization(Context& context) {
    return read_record(context, resource);
}
awaitable<Response> replace_organization(Context& context) {
    return change_record(context, resource, Write::put);
}
awaitable<Response> update_organization(Context& context) {
    return change_record(context, resource, Write::patch);
}
awaitable<Response> delete_organization(Context& context) {
    return delete_record(context, resource);
}

awaitable<Response> list_own_organizations(Context& context) {
    if (!is_confined(context.token)) co_return co_await list_records(context, resource);

    std::vector<store::Record> own;
    for (const auto id : context.token.organizations) {
        auto organization = co_await context.store.registry.organizations.find(id);
        const bool is_undescribed = !organization && organization.error() == store::Error::not_found;
        if (!organization && !is_undescribed) co_return problem(organization.error());
        own.push_back(is_undescribed
                          ? store::Record{.id = id, .fields = {{std::string(name::is_active), "1"}}}
                          : *std::move(organization));
    }
    const auto page = read_list_request(context.query);
    if (!page) co_return page.error();
    co_return co_await show_records(context, resource, *page, store::select_page(std::move(own), *page));
}

}  // namespace hourglass::api
