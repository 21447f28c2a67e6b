// Called-Station-Id as Wi-Fi NASes write it (RFC 3580 section 3.20): the access point's MAC address, and the
// SSID behind a colon.
#pragma once

#include "radius/mac_address.hpp"

namespace hourglass::radius {

struct Station {
    MacAddress mac{};
    std::string_view ssid;  // empty: it is not said

    bool operator==(const Station&) const = default;
};

// nullopt: it does not begin with a MAC address.
std::optional<Station> parse_station(std::string_view text);

}  // namespace hourglass::radius
