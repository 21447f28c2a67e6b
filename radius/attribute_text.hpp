// Attributes as people write them: names and values as texts, by the dictionary, as radclient has them.
#pragma once

#include "radius/attribute_codec.hpp"

#include <variant>

namespace hourglass::radius {

struct AttributeText {
    std::string name;  // "Session-Timeout", "Tunnel-Type:1"; "Attr-26.9999.1" of what is unknown or malformed
    std::string value;  // "3600", "Wireless-802.11"; octets as 0x and hexadecimal digits

    bool operator==(const AttributeText&) const = default;
};

// What stands for passwords, keys, and what they may be guessed from.
inline constexpr std::string_view masked_value = "****";

AttributeText show_attribute(const AttributeData& attribute, const Dictionary& dictionary);
// All, in the packet's order.
std::vector<AttributeText> show_attributes(const Packet& packet, const Dictionary& dictionary);

// "Session-Timeout takes a number from 0 to 4294967295, not 'x'".
struct AttributeMistake {
    std::string sentence;
};
using ParsedAttribute = std::variant<AttributeData, AttributeMistake>;
// Back from text. A tag stands behind the name, as shown, or before the value (":1:VLAN"); numbers may be
// written by their names; octets that stand for a secret are laid out to be hidden.
ParsedAttribute parse_attribute(std::string_view name, std::string_view value, const Dictionary& dictionary);
// nullopt: there is none.
std::optional<std::string> find_mistake(std::string_view name, std::string_view value,
                                        const Dictionary& dictionary);

}  // namespace hourglass::radius
