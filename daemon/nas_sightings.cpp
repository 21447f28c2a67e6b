#include "daemon/nas_sightings.hpp"

#include <utility>

namespace hourglass::daemon {

namespace {

store::Sighting to_sighting(const radius::SourceSighting& seen) {
    store::Sighting sighting{
        .first = seen.first,
        .last = seen.last,
        .last_authentic = seen.last_authentic,
        .nas = seen.client,
        .nas_id = seen.record,
        .nas_identifier = seen.nas_identifier,
        .interim_interval = seen.interim_interval,
    };
    for (std::size_t i = 0; i < seen.counts.size(); ++i) {
        if (seen.counts[i] > 0) sighting.counts.emplace(radius::sight_names[i], seen.counts[i]);
    }
    for (std::size_t i = 0; i < radius::traits.size(); ++i) {
        if ((seen.traits >> i & 1) != 0) sighting.words.emplace(radius::traits[i].name);
    }
    for (const auto vendor : seen.vendors)
        sighting.words.insert(std::string(store::Sighting::vendor_prefix) + std::to_string(vendor));
    return sighting;
}

}  // namespace

void NasSightings::add(const std::vector<radius::SourceSighting>& seen) {
    for (const auto& each : seen) {
        const auto sighting = to_sighting(each);
        const bool has_room =
            each.source && (sources_.size() < sources_max || sources_.contains(*each.source));
        if (has_room) store::add(sources_[*each.source], sighting);
        if (each.record) store::add(nases_[*each.record], sighting);
    }
}

std::vector<store::SeenSource> NasSightings::take_sources() {
    std::vector<store::SeenSource> taken;
    for (auto& [address, sighting] : std::exchange(sources_, {}))
        taken.push_back({address, std::move(sighting)});
    return taken;
}

std::map<std::int64_t, store::Sighting> NasSightings::take_nases() {
    return std::exchange(nases_, {});
}

}  // namespace hourglass::daemon
