// Attributes that a profile gives to a session, as packets carry them: by the dictionary's names and types,
// and by the operators that such lists have in RADIUS servers.
#pragma once

#include "radius/attribute_codec.hpp"
#include "store/profile.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace hourglass::radius {

struct EncodedRules {
    std::vector<EncodedAttribute> attributes;
    // Rules whose attribute the dictionary does not know, or knows as the protocol's own business, such as
    // Message-Authenticator; and those whose value or operator gives none.
    std::size_t left_out{};

    bool operator==(const EncodedRules&) const = default;
};

// "+=" adds one, ":=" takes the place of those before it, "=" counts only if there is none yet.
EncodedRules encode(std::span<const store::AttributeRule> rules, const Dictionary& dictionary);

// What is wrong with an attribute that somebody wants a reply to have; nullopt: nothing.
std::optional<std::string> find_reply_mistake(std::string_view name, std::string_view value,
                                              const Dictionary& dictionary);

}  // namespace hourglass::radius
