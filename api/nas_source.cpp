#include "api/nas_source.hpp"

#include "api/datetime.hpp"
#include "api/filters.hpp"
#include "api/nas_sighting.hpp"
#include "api/paging.hpp"
#include "api/problem.hpp"
#include "api/resource.hpp"

namespace hourglass::api {
namespace {

constexpr std::string_view known_parameter = "known";
constexpr std::string_view address_parameter = "address";

constexpr auto fields = std::to_array<Field>({
    text("address").read_only(),
    text("nas").read_only().nullable(),
    integer("access_point").read_only().nullable(),
    datetime("first_seen").read_only(),
    datetime("last_seen").read_only(),
    datetime("last_authentic").read_only().nullable(),
    text("nas_identifier").read_only().nullable(),
    list("seen").read_only(),
    list("vendors", integer_type).read_only(),
    integer("interim_interval").read_only().nullable(),
    object("traffic"),
});

json show(const store::SeenSource& source) {
    const auto& sighting = source.sighting;
    store::Fields values{
        {"address",    source.address.to_string()     },
        {"first_seen", store_datetime(sighting.first) },
        {"last_seen",  store_datetime(sighting.last)  },
        {"seen",       to_text(traits_of(sighting))   },
        {"vendors",    to_text(show_vendors(sighting))},
        {"traffic",    to_text(show_traffic(sighting))},
    };
    if (!sighting.nas.empty()) values["nas"] = sighting.nas;
    if (sighting.nas_id) values["access_point"] = std::to_string(*sighting.nas_id);
    if (sighting.last_authentic) values["last_authentic"] = store_datetime(*sighting.last_authentic);
    if (!sighting.nas_identifier.empty()) values["nas_identifier"] = sighting.nas_identifier;
    if (sighting.interim_interval)
        values["interim_interval"] = std::to_string(sighting.interim_interval->count());
    return show_record(fields, values);
}

Checked<store::SeenSourceFilter> read_filter(const Query& query) {
    const auto known = read_boolean_filter(query, known_parameter);
    if (!known) return known.error();
    store::SeenSourceFilter filter{.is_authentic = *known};
    if (const auto address = query.find(address_parameter)) {
        filter.within = store::parse_network(*address);
        if (!filter.within) return field_problem(address_parameter, "Enter an address or a prefix.");
    }
    return filter;
}

constexpr Record source_record{
    .name = "NasSource",
    .fields = fields,
    .example = R"({"address": "192.0.2.7", "nas": null, "first_seen": "2026-01-31T12:00:00Z",
                   "last_seen": "2026-01-31T12:05:00Z", "seen": [], "vendors": [],
                   "traffic": {"access_requests": 0, "drops": {"unknown_client": 312}}})",
};
constexpr auto filters = std::to_array<Parameter>({
    {boolean(known_parameter), "Whether they ever sent something authentic."},
    {text(address_parameter),  "Those of this address or prefix."           },
});
constexpr auto exceptions = std::to_array<Exception>({
    {http::verb::get, http::status::bad_request, "A parameter is not what it should be."},
});

}  // namespace

const Description nas_source_description{
    .tag = "nas",
    .noun = "nas_source",
    .nouns = "nas_sources",
    .shown = &source_record,
    .paging = Paging::offset,
    .filters = filters,
    .exceptions = exceptions,
};

// Addresses belong to no organization, so a confined token sees none of them.
awaitable<Response> list_nas_sources(Context& context) {
    if (is_confined(context.token)) co_return permission_denied();
    auto filter = read_filter(context.query);
    if (!filter) co_return filter.error();

    co_await gather_sightings(context);
    const auto page = read_page_request(context.query);
    const auto sources = co_await context.store.sightings.sources(*std::move(filter), page);
    if (!sources) co_return problem(sources.error());

    auto results = json::array();
    for (const auto& source : sources->items)
        results.push_back(show(source));
    co_return reply(http::status::ok, show_page(context.request, page, sources->count, std::move(results)));
}

}  // namespace hourglass::api
