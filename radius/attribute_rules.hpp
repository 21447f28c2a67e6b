// Attributes that a profile gives to a session, as packets carry them: by the dictionary's names and types,
// and by the operators that such lists have in RADIUS servers.
#pragma once

#include "store/profile.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace hourglass::radius {

// As it stands in a packet; a vendor's is a Vendor-Specific.
struct EncodedAttribute {
    std::uint8_t type{};
    std::vector<std::uint8_t> value;  // 253 octets at most

    bool operator==(const EncodedAttribute&) const = default;
};

struct EncodedRules {
    std::vector<EncodedAttribute> attributes;
    // Rules whose attribute the dictionary does not know, or knows as the protocol's own business, such as
    // Message-Authenticator; and those whose value or operator gives none.
    std::size_t left_out{};

    bool operator==(const EncodedRules&) const = default;
};

// "+=" adds one, ":=" takes the place of those before it, "=" counts only if there is none yet.
EncodedRules encode(std::span<const store::AttributeRule> rules);

}  // namespace hourglass::radius
