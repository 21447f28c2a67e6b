// What NASes do, for /metrics: packets by the NAS's class, and how many NASes have fallen silent. The workers
// count by address (radius/sightings.hpp); here that becomes a few numbers, however many NASes there are.
#pragma once

#include "radius/sightings.hpp"

#include <string>
#include <unordered_map>

namespace hourglass::daemon {

// By the vendor of the attributes that it sends; no names of the operator's, so there are ever so many.
struct NasClass {
    std::uint32_t vendor;  // IANA's private enterprise number
    std::string_view name;
};
inline constexpr auto nas_classes = std::to_array<NasClass>({
    {14988, "mikrotik"},
    {9,     "cisco"   },
    {14823, "aruba"   },
    {25053, "ruckus"  },
    {29671, "meraki"  },
    {2636,  "juniper" },
    {4874,  "juniper" },
    {2011,  "huawei"  },
    {12356, "fortinet"},
    {17713, "cambium" },
    {3309,  "nomadix" },
    {14559, "coova"   },
});
inline constexpr std::string_view other_nas_class = "other";      // none of these vendors
inline constexpr std::string_view unknown_nas_class = "unknown";  // no NAS of ours

class NasTraffic {
public:
    static constexpr std::chrono::minutes silent_after{30};
    // A NAS that was taken out of service is no longer missed.
    static constexpr std::chrono::hours forgotten_after{24};
    static constexpr std::size_t nases_max = 65'536;

    using Time = std::chrono::sys_seconds;
    using Counts = std::array<std::uint64_t, radius::sight_names.size()>;  // by Sight

    // What one worker saw.
    void add(const std::vector<radius::SourceSighting>& seen);

    struct Reading {
        std::map<std::string_view, Counts> packets;  // by class, since the start
        std::uint64_t heard{};                       // NASes with an authentic packet in a day
        std::uint64_t silent{};                      // of these
    };
    Reading read(Time now);

private:
    struct Nas {
        Time last_heard;
        std::string_view its_class = other_nas_class;  // the last one that its packets showed
    };

    std::string_view class_of(const radius::SourceSighting& seen);

    std::map<std::string_view, Counts> packets_;
    std::unordered_map<std::string, Nas> nases_;  // that were heard, by the client's name
};

}  // namespace hourglass::daemon
