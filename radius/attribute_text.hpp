// Attributes as people write them: names and values as texts, by the dictionary.
#pragma once

#include "radius/packet.hpp"

namespace hourglass::radius {

struct AttributeText {
    std::string name;   // "Session-Timeout"
    std::string value;  // "3600"; octets that are no text as 0x and hexadecimal digits

    bool operator==(const AttributeText&) const = default;
};

// In the packet's order, without vendors' attributes, Message-Authenticator and what the dictionary does not
// know.
std::vector<AttributeText> show_attributes(const Packet& packet);

enum class AttributeMistake : std::uint8_t { unknown_name, wrong_value };
// What is wrong with a name and value that somebody wrote; nullopt: nothing.
std::optional<AttributeMistake> find_mistake(std::string_view name, std::string_view value);

}  // namespace hourglass::radius
