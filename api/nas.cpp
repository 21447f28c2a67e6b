#include "api/nas.hpp"

#include "api/datetime.hpp"
#include "api/nas_sighting.hpp"
#include "api/record.hpp"
#include "store/network.hpp"

#include <set>

namespace hourglass::api {
namespace {

namespace name = store::nas_field;

constexpr std::size_t name_characters_max = 128;
constexpr std::string_view first_seen = "first_seen";
constexpr std::string_view last_seen = "last_seen";
constexpr std::string_view seen = "seen";
constexpr std::string_view traffic = "traffic";
constexpr std::string_view warnings = "warnings";
constexpr auto coa_requests = std::to_array({store::disconnect_request, store::coa_request});

constexpr auto fields = std::to_array<Field>({
    integer("id").read_only(),
    text(store::record_field::name).characters(name_characters_max).always_required(),
    Field(name::address, network_type).always_required(),
    text(name::secret).masked().required_on_post().kept_by_put(),
    Field(name::require_message_authenticator, requirement_type).or_else("auto"),
    Field(name::limit_proxy_state, requirement_type).or_else("auto"),
    integer(name::coa_port).at_least(1).at_most(65'535).or_else("3799"),
    list_of_choices(name::coa, coa_requests).or_else(R"(["disconnect","coa"])"),
    boolean(name::clamp_to_wall_clock).or_else("0"),
    integer(store::record_field::organization).at_least(1).nullable().kept_by_put(),
    datetime(first_seen).read_only().nullable(),
    datetime(last_seen).read_only().nullable(),
    list(seen).read_only(),
    object(traffic),
    list(warnings).read_only(),
});

std::string_view text_of(const store::Record& nas, std::string_view field) {
    const auto found = nas.fields.find(field);
    return found == nas.fields.end() ? std::string_view() : std::string_view(found->second);
}

// The facts are "<source address> <what it was seen to do>".
std::set<std::string> seen_within(const store::Network& network, const std::vector<std::string>& facts) {
    std::set<std::string> words;
    for (const auto& fact : facts) {
        const auto space = fact.find(' ');
        boost::system::error_code failure;
        const auto source = boost::asio::ip::make_address(fact.substr(0, space), failure);
        if (!failure && space != fact.npos && store::contains(network, source))
            words.insert(fact.substr(space + 1));
    }
    return words;
}

json warnings_of(const store::Record& nas) {
    auto sentences = json::array();
    const auto secret = text_of(nas, name::secret);
    if (secret.empty())
        sentences.push_back("The secret cannot be read: set it again.");
    else if (store::is_weak_nas_secret(secret))
        sentences.push_back("The secret has fewer than " + std::to_string(store::good_nas_secret_octets) +
                            " octets: it can be guessed from a captured packet.");
    return sentences;
}

awaitable<result<void>> complete(Context& context, std::vector<store::Record>& nases) {
    std::vector<store::RecordId> ids;
    for (const auto& nas : nases)
        ids.push_back(nas.id);
    const auto sightings = co_await context.store.sightings.of_nases(std::move(ids));
    if (!sightings) co_return sightings.error();
    const auto facts = co_await context.store.nas_facts.list();
    if (!facts) co_return facts.error();

    for (std::size_t i = 0; i < nases.size(); ++i) {
        auto& nas = nases[i];
        const auto network = store::parse_network(text_of(nas, name::address));
        auto words = network ? seen_within(*network, *facts) : std::set<std::string>();
        const auto sighting = (*sightings)[i].value_or(store::Sighting());
        words.merge(traits_of(sighting));
        if ((*sightings)[i]) nas.fields[std::string(first_seen)] = store_datetime(sighting.first);
        if (const auto time = sighting.last_authentic)
            nas.fields[std::string(last_seen)] = store_datetime(*time);
        nas.fields[std::string(seen)] = to_text(words);
        nas.fields[std::string(traffic)] = to_text(show_traffic(sighting));
        nas.fields[std::string(warnings)] = to_text(warnings_of(nas));
    }
    co_return result<void>();
}

// A NAS may report usage of any user, so a tenant's token may look and not write.
constexpr RecordResource resource{
    .noun = "nas",
    .fields = fields,
    .records = &store::Registry::nases,
    .complete = &complete,
};

constexpr Record nas_record{
    .name = "Nas",
    .fields = fields,
    .example = R"({"id": 1, "name": "lobby", "address": "192.0.2.0/24", "secret": "correct horse battery",
                   "organization": 1, "first_seen": "2026-01-01T08:00:00Z", "last_seen": "2026-01-31T12:00:00Z",
                   "seen": ["sends_message_authenticator"], "traffic": {"access_requests": 7, "drops": {}},
                   "warnings": []})",
};
constexpr auto filters = std::to_array<Parameter>({
    {text(store::record_field::name),            "The NAS of exactly this name."},
    {integer(store::record_field::organization), "NASes of this organization."  },
});

}  // namespace

const Description nas_description{
    .tag = "nas",
    .about = "RADIUS clients: their addresses and secrets.",
    .noun = "nas",
    .nouns = "nases",
    .shown = &nas_record,
    .filters = filters,
};

awaitable<Response> list_nases(Context& context) {
    co_await gather_sightings(context);
    co_return co_await list_records(context, resource);
}
awaitable<Response> create_nas(Context& context) {
    return create_record(context, resource);
}
awaitable<Response> read_nas(Context& context) {
    co_await gather_sightings(context);
    co_return co_await read_record(context, resource);
}
awaitable<Response> replace_nas(Context& context) {
    return change_record(context, resource, Write::put);
}
awaitable<Response> update_nas(Context& context) {
    return change_record(context, resource, Write::patch);
}
awaitable<Response> delete_nas(Context& context) {
    auto response = co_await delete_record(context, resource);
    if (response.status == http::status::no_content) context.store.sightings.forget_nas(context.id);
    co_return std::move(response);
}

}  // namespace hourglass::api
