#include "daemon/registry.hpp"

#include "store/decimal.hpp"
#include "store/network.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <iterator>
#include <set>

namespace hourglass::daemon {

namespace {

std::string text_of(const store::Record& record, std::string_view field) {
    const auto found = record.fields.find(field);
    return found == record.fields.end() ? std::string() : found->second;
}

radius::Requirement requirement_of(const store::Record& nas, std::string_view field) {
    const auto text = text_of(nas, field);
    if (text == "1") return radius::Requirement::yes;
    return text == "0" ? radius::Requirement::no : radius::Requirement::auto_;
}

// nullopt if it has no address or no secret that can be read.
std::optional<radius::Client> to_client(const store::Record& nas) {
    const auto network = store::parse_network(text_of(nas, store::nas_field::address));
    auto secret = text_of(nas, store::nas_field::secret);
    if (!network || secret.empty()) return std::nullopt;

    radius::Client client{
        .name = text_of(nas, store::record_field::name),
        .network = network->address,
        .prefix_length = network->prefix_length,
        .secret = std::move(secret),
        .require_message_authenticator = requirement_of(nas, store::nas_field::require_message_authenticator),
        .limit_proxy_state = requirement_of(nas, store::nas_field::limit_proxy_state),
        .record = nas.id,
    };
    client.organization = store::parse_decimal(text_of(nas, store::record_field::organization));
    if (const auto port = store::parse_decimal<std::uint16_t>(text_of(nas, store::nas_field::coa_port)))
        client.coa_port = *port;
    const auto coa = nlohmann::json::parse(text_of(nas, store::nas_field::coa), nullptr, false);
    const auto takes = [&](std::string_view request) {
        return !coa.is_array() || std::find(coa.begin(), coa.end(), request) != coa.end();
    };
    client.takes_disconnect = takes(store::disconnect_request);
    client.takes_coa = takes(store::coa_request);
    client.clamp_to_wall_clock = text_of(nas, store::nas_field::clamp_to_wall_clock) == "1";
    return client;
}

std::vector<store::Profile> to_profiles(const std::vector<store::Record>& records) {
    std::vector<store::Profile> profiles;
    profiles.reserve(records.size());
    for (const auto& record : records)
        profiles.push_back(store::to_profile(record));
    return profiles;
}

std::vector<radius::Organization> to_organizations(const std::vector<store::Record>& records) {
    std::vector<radius::Organization> organizations;
    organizations.reserve(records.size());
    for (const auto& record : records) {
        organizations.push_back({
            .id = record.id,
            .name = text_of(record, store::record_field::name),
            .parent = store::parse_decimal(text_of(record, store::organization_field::parent)),
            .is_active = text_of(record, store::organization_field::is_active) != "0",
        });
    }
    return organizations;
}

}  // namespace

// The generation is read first: what is written while the records are read makes the next call read again.
awaitable<result<Registry::Refreshed>> Registry::refresh() {
    const auto generation = co_await records_.nases.generation();
    if (!generation) co_return generation.error();
    if (known_ == *generation) co_return Refreshed::unchanged;

    auto changed = co_await changed_nases();
    if (!changed) co_return changed.error();
    const auto done = *changed ? co_await read_nases(**std::move(changed)) : co_await read_all();
    if (!done) co_return done.error();
    known_ = *generation;
    co_return Refreshed::renewed;
}

// nullopt: more than NASes changed, or it is not known what.
awaitable<result<std::optional<std::vector<store::RecordId>>>> Registry::changed_nases() {
    if (!known_) co_return std::nullopt;
    const auto changes = co_await records_.nases.changes_since(*known_);
    if (!changes) co_return changes.error();
    if (!*changes) co_return std::nullopt;
    std::set<store::RecordId> ids;
    for (const auto& change : **changes) {
        if (change.kind != store::record_kind::nas.name) co_return std::nullopt;
        ids.insert(change.id);
    }
    co_return std::vector(ids.begin(), ids.end());
}

awaitable<result<void>> Registry::read_nases(std::vector<store::RecordId> ids) {
    const auto nases = co_await records_.nases.find_all(ids);
    if (!nases) co_return nases.error();
    const auto is_among = [&ids](const radius::Client& client) {
        return std::ranges::binary_search(ids, client.record.value_or(0));
    };
    std::erase_if(clients_, is_among);
    auto changed = to_clients(*nases);
    clients_.insert(clients_.end(), std::make_move_iterator(changed.begin()),
                    std::make_move_iterator(changed.end()));
    std::ranges::sort(clients_, {}, &radius::Client::record);
    co_return result<void>();
}

awaitable<result<void>> Registry::read_all() {
    const auto nases = co_await records_.nases.all();
    if (!nases) co_return nases.error();
    const auto profiles = co_await records_.profiles.all();
    if (!profiles) co_return profiles.error();
    const auto organizations = co_await records_.organizations.all();
    if (!organizations) co_return organizations.error();

    clients_ = to_clients(*nases);
    directory_ = radius::Directory(to_profiles(*profiles), to_organizations(*organizations), dictionary_);
    tell_mistakes();
    changes_.observe(*profiles, *organizations);
    co_return result<void>();
}

void Registry::replace(std::shared_ptr<const radius::Dictionary> dictionary) {
    dictionary_ = std::move(dictionary);
    directory_.replace(dictionary_);
    tell_mistakes();
}

void Registry::tell_mistakes() const {
    for (const auto* const profile : directory_.profiles_with_mistakes()) {
        std::string mistakes;
        for (const auto& mistake : profile->mistakes)
            mistakes += (mistakes.empty() ? "" : " ") + mistake;
        log_.warning("A profile is served without what cannot be read of it",
                     {
                         {"profile",  profile->settings.name},
                         {"mistakes", mistakes              }
        });
    }
}

std::vector<radius::Client> Registry::to_clients(const std::vector<store::Record>& nases) const {
    std::vector<radius::Client> clients;
    clients.reserve(nases.size());
    for (const auto& nas : nases) {
        if (auto client = to_client(nas)) {
            clients.push_back(*std::move(client));
        } else {
            const auto id = std::to_string(nas.id);
            log_.error("The secret of a NAS cannot be read: its requests are not answered", {
                                                                                                {"nas", id}
            });
        }
    }
    return clients;
}

}  // namespace hourglass::daemon
