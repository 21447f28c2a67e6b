// What the workers of this daemon saw and the store was not told yet: gathered by source address, and by NAS
// of the registry.
#pragma once

#include "radius/sightings.hpp"
#include "store/sightings.hpp"

namespace hourglass::daemon {

class NasSightings {
public:
    static constexpr std::size_t sources_max = 16'384;  // of which the store keeps fewer

    // What one worker saw.
    void add(const std::vector<radius::SourceSighting>& seen);

    std::vector<store::SeenSource> take_sources();
    std::map<std::int64_t, store::Sighting> take_nases();

private:
    std::map<boost::asio::ip::address, store::Sighting> sources_;
    std::map<std::int64_t, store::Sighting> nases_;  // by id
};

}  // namespace hourglass::daemon
