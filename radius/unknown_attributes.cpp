#include "radius/unknown_attributes.hpp"

#include "radius/attribute_text.hpp"

namespace hourglass::radius {
namespace {

// Most packets have nothing that needs to be taken apart.
bool are_plain_and_known(const AttributeRange& attributes, const Dictionary& dictionary) {
    return std::ranges::all_of(
        attributes, [&](const RawAttribute& attribute) { return dictionary.knows_plain(attribute.type); });
}

}  // namespace

std::string unknown_attributes(const Packet& packet, const Dictionary& dictionary) {
    std::string text;
    if (are_plain_and_known(packet.attributes(), dictionary)) return text;
    for (const auto& attribute : decode_attributes(packet, dictionary)) {
        if (dictionary.find(attribute.path) != nullptr) continue;
        const auto [name, value] = show_attribute(attribute, dictionary);
        const auto shown = (text.empty() ? "" : ", ") + name + " = " + value;
        if (text.size() + shown.size() <= unknown_attributes_octets_max) text += shown;
    }
    return text;
}

}  // namespace hourglass::radius
