#include "radius/unknown_attributes.hpp"

#include "radius/attribute_text.hpp"

namespace hourglass::radius {
namespace {

// Most packets have nothing that needs to be taken apart.
bool are_plain_and_known(const AttributeRange& attributes, const Dictionary& dictionary) {
    for (const auto attribute : attributes) {
        const auto* definition = dictionary.find_child(dictionary.packet(), attribute.type);
        if (definition == nullptr || is_container(definition->type)) return false;
    }
    return true;
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
