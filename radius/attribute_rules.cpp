#include "radius/attribute_rules.hpp"

#include "radius/attribute_text.hpp"

#include <algorithm>
#include <array>

namespace hourglass::radius {
namespace {

constexpr std::size_t vendor_header_octets = 6;

// Credentials, signatures and what belongs to the packet and not to the session: no profile may write them.
constexpr auto of_the_protocol = std::to_array<std::uint8_t>({
    attr::user_password.type,
    attr::chap_password.type,
    attr::state.type,
    attr::proxy_state.type,
    attr::chap_challenge.type,
    attr::eap_message.type,
    attr::message_authenticator.type,
});

bool is_of_the_protocol(const AttributeValue& attribute) {
    if (attribute.vendor != 0) return attribute.vendor == attr::ms_chap_response.vendor;
    return std::ranges::find(of_the_protocol, attribute.type) != of_the_protocol.end();
}

bool is_same(const AttributeValue& a, const AttributeValue& b) {
    return a.vendor == b.vendor && a.type == b.type;
}

// False if the rule gives no attribute.
bool apply(std::vector<AttributeValue>& attributes, const store::AttributeRule& rule) {
    auto attribute = parse_attribute(rule.attribute, rule.value);
    if (!attribute || is_of_the_protocol(*attribute)) return false;

    const auto is_it = [&](const AttributeValue& other) { return is_same(other, *attribute); };
    if (rule.op == "=") {
        if (std::ranges::any_of(attributes, is_it)) return true;
    } else if (rule.op == ":=") {
        std::erase_if(attributes, is_it);
    } else if (rule.op != "+=") {
        return false;
    }
    attributes.push_back(*std::move(attribute));
    return true;
}

// RFC 2865 section 5.26.
EncodedAttribute encode(AttributeValue attribute) {
    if (attribute.vendor == 0) return {attribute.type, std::move(attribute.value)};
    const auto vendor = integer_octets(attribute.vendor);
    EncodedAttribute encoded{
        attr::vendor_specific, {vendor.begin(), vendor.end()}
    };
    encoded.value.push_back(attribute.type);
    encoded.value.push_back(static_cast<std::uint8_t>(attribute.value.size() + 2));
    encoded.value.insert(encoded.value.end(), attribute.value.begin(), attribute.value.end());
    return encoded;
}

bool does_fit(const AttributeValue& attribute) {
    const auto header = attribute.vendor == 0 ? 0 : vendor_header_octets;
    return attribute.value.size() + header <= attribute_value_octets_max;
}

}  // namespace

EncodedRules encode(std::span<const store::AttributeRule> rules) {
    EncodedRules encoded;
    std::vector<AttributeValue> attributes;
    for (const auto& rule : rules) {
        if (!apply(attributes, rule)) ++encoded.left_out;
    }
    for (auto& attribute : attributes) {
        if (does_fit(attribute))
            encoded.attributes.push_back(encode(std::move(attribute)));
        else
            ++encoded.left_out;
    }
    return encoded;
}

}  // namespace hourglass::radius
