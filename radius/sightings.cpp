#include "radius/sightings.hpp"

#include <algorithm>

namespace hourglass::radius {
namespace {

// RFC 2866 section 5.1.
constexpr std::uint32_t interim_update = 3;
constexpr std::uint32_t stop = 2;
constexpr std::size_t vendor_id_octets = 4;
constexpr std::uint8_t not_a_trait = 0xff;
static_assert(traits.size() <= 32, "SourceSighting::traits has a bit for each");

// By attribute type, so that a look costs one load an attribute.
constexpr auto trait_places = [] {
    std::array<std::uint8_t, 256> places{};
    places.fill(not_a_trait);
    for (std::size_t i = 0; i < traits.size(); ++i)
        places[traits[i].attribute] = static_cast<std::uint8_t>(i);
    return places;
}();

Sight sight_of(Code code) {
    if (code == Code::access_request) return Sight::access_requests;
    return code == Code::accounting_request ? Sight::accounting_requests : Sight::status_requests;
}

Sight sight_of(error_code drop) {
    return static_cast<Sight>(static_cast<int>(Sight::drop_unknown_client) + drop.value() - 1);
}

bool has_news(const SourceSighting& sighting) {
    return std::ranges::any_of(sighting.counts, [](auto count) { return count != 0; });
}

void name_client(SourceSighting& sighting, const Client* client) {
    if (!client) return;
    if (sighting.client != client->name) sighting.client = client->name;
    sighting.record = client->record;
}

void note_time(SourceSighting& sighting, std::chrono::sys_seconds now) {
    if (sighting.first == std::chrono::sys_seconds()) sighting.first = now;
    sighting.last = now;
}

void note_vendor(SourceSighting& sighting, Bytes attribute) {
    if (attribute.size() < vendor_id_octets) return;
    const auto vendor = static_cast<std::uint32_t>(read_integer(attribute.first(vendor_id_octets)));
    auto& known = sighting.vendors;
    if (known.size() < Sightings::vendors_max && std::ranges::find(known, vendor) == known.end())
        known.push_back(vendor);
}

SourceSighting take_news(SourceSighting& sighting) {
    auto taken = sighting;
    sighting = {.source = taken.source, .client = taken.client, .record = taken.record};
    return taken;
}

}  // namespace

void Sightings::note_request(const Address& source, const Client& client, const Packet& packet, Time now) {
    auto& entry = heard(source, client, now);
    ++entry.sighting[sight_of(packet.code())];

    if (entry.look_second != now) entry.looks = 0;
    entry.look_second = now;
    if (entry.looks++ < looks_per_second_max) look_at(entry, packet, now);
}

void Sightings::note(const Address& source, const Client& client, Sight what, Time now) {
    ++heard(source, client, now).sighting[what];
}

void Sightings::note_drop(const Address& source, const Clients& clients, error_code reason, Time now) {
    const auto sight = sight_of(reason);
    if (const auto found = heard_.find(source); found != heard_.end()) {
        note_time(found->second.sighting, now);
        ++found->second.sighting[sight];
    } else if (const auto known = strangers_.find(source); known != strangers_.end()) {
        note_time(known->second.sighting, now);
        ++known->second.sighting[sight];
    } else {
        const auto* client = sight == Sight::drop_unknown_client ? nullptr : clients.find(source);
        if (!client && strangers_.size() >= strangers_max) return;
        ++stranger(source, client, now).sighting[sight];
    }
}

std::vector<SourceSighting> Sightings::take(Time now) {
    std::vector<SourceSighting> taken;
    for (auto& [source, entry] : heard_) {
        if (has_news(entry.sighting)) taken.push_back(take_news(entry.sighting));
    }
    for (auto& [source, entry] : strangers_)
        taken.push_back(std::move(entry.sighting));
    for (auto& [client, entry] : unlisted_)
        taken.push_back(std::move(entry.sighting));
    strangers_.clear();
    unlisted_.clear();
    recent_ = nullptr;
    boost::unordered::erase_if(heard_,
                               [&](const auto& kept) { return now - kept.second.look_second > idle_max; });
    return taken;
}

Sightings::Entry& Sightings::heard(const Address& source, const Client& client, Time now) {
    const bool is_recent = recent_ != nullptr && recent_->sighting.source == source;
    auto& entry = is_recent ? *recent_ : find_heard(source, client, now);
    name_client(entry.sighting, &client);
    note_time(entry.sighting, now);
    entry.sighting.last_authentic = now;
    return entry;
}

Sightings::Entry& Sightings::find_heard(const Address& source, const Client& client, Time now) {
    const auto found = heard_.find(source);
    if (found == heard_.end() && heard_.size() >= sources_max) return unlisted(client, now);
    recent_ = found != heard_.end() ? &found->second : &heard_[source];
    recent_->sighting.source = source;
    return *recent_;
}

Sightings::Entry& Sightings::stranger(const Address& source, const Client* client, Time now) {
    if (client && strangers_.size() >= strangers_max) return unlisted(*client, now);
    auto& entry = strangers_[source];
    entry.sighting.source = source;
    name_client(entry.sighting, client);
    note_time(entry.sighting, now);
    return entry;
}

Sightings::Entry& Sightings::unlisted(const Client& client, Time now) {
    auto& entry = unlisted_[client.name];
    name_client(entry.sighting, &client);
    note_time(entry.sighting, now);
    return entry;
}

void Sightings::look_at(Entry& entry, const Packet& packet, Time now) {
    auto& sighting = entry.sighting;
    for (const auto attribute : packet.attributes()) {
        const auto place = trait_places[attribute.type];
        if (place != not_a_trait) sighting.traits |= 1u << place;
        if (attribute.type == attr::vendor_specific) note_vendor(sighting, attribute.value);
        if (attribute.type == attr::nas_identifier.type) {
            const auto name = as_text(attribute.value);
            if (sighting.nas_identifier != name) sighting.nas_identifier = name;
        }
    }
    if (packet.code() == Code::accounting_request) follow(entry, packet, now);
}

// One session at a time: how its Acct-Session-Time grows from report to report is the NAS's interim interval,
// or a multiple of it where a report was lost or not looked at.
void Sightings::follow(Entry& entry, const Packet& packet, Time now) {
    const auto status = packet.find(attr::acct_status_type);
    const auto session = packet.find(attr::acct_session_id);
    const auto time = packet.find(attr::acct_session_time);
    if (!status || !session || !time) return;

    const auto hash = std::hash<std::string_view>()(*session);
    const bool is_followed = hash == entry.followed_session;
    if (is_followed && *status == stop) entry.followed_session = 0;
    if (*status != interim_update) return;

    const auto reached = std::chrono::seconds(*time);
    const bool is_lost = now - entry.followed_at > idle_max;
    if (is_followed && reached > entry.followed_time) {
        auto& interval = entry.sighting.interim_interval;
        const auto step = reached - entry.followed_time;
        interval = interval ? std::min(*interval, step) : step;
    } else if (!is_followed && entry.followed_session != 0 && !is_lost) {
        return;
    }
    entry.followed_session = hash;
    entry.followed_at = now;
    entry.followed_time = reached;
}

}  // namespace hourglass::radius
