#include "radius/attribute_rules.hpp"

#include "radius/attribute_text.hpp"

#include <algorithm>
#include <array>

namespace hourglass::radius {
namespace {

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
constexpr auto of_microsoft = std::to_array<VendorAttribute<Octets>>({
    attr::ms_chap_response,
    attr::ms_chap_error,
    attr::ms_chap_challenge,
    attr::ms_chap_mppe_keys,
    attr::ms_mppe_send_key,
    attr::ms_mppe_recv_key,
    attr::ms_chap2_response,
    attr::ms_chap2_success,
});

bool is_of_the_protocol(const AttributePath& path) {
    if (path.size() == 1) return std::ranges::find(of_the_protocol, path.front()) != of_the_protocol.end();
    return std::ranges::any_of(of_microsoft, [&](const VendorAttribute<Octets>& attribute) {
        return path == AttributePath{attr::vendor_specific, attribute.vendor, attribute.type};
    });
}

// False if the rule gives no attribute.
bool apply(std::vector<AttributeData>& attributes, const store::AttributeRule& rule,
           const Dictionary& dictionary) {
    auto parsed = parse_attribute(rule.attribute, rule.value, dictionary);
    auto* const attribute = std::get_if<AttributeData>(&parsed);
    if (!attribute || is_of_the_protocol(attribute->path)) return false;

    const auto is_it = [&](const AttributeData& other) { return other.path == attribute->path; };
    if (rule.op == "=") {
        if (std::ranges::any_of(attributes, is_it)) return true;
    } else if (rule.op == ":=") {
        std::erase_if(attributes, is_it);
    } else if (rule.op != "+=") {
        return false;
    }
    attributes.push_back(std::move(*attribute));
    return true;
}

std::vector<EncodedAttribute> encode_grouped(std::vector<AttributeData> attributes,
                                             const Dictionary& dictionary) {
    join_groups(attributes, dictionary);
    if (auto encoded = encode_attributes(attributes, dictionary)) return *std::move(encoded);
    // One of the groups is too long to stay together; each attribute alone has been found to fit.
    for (auto& attribute : attributes)
        attribute.shared = 0;
    return encode_attributes(attributes, dictionary).value();
}

}  // namespace

EncodedRules encode(std::span<const store::AttributeRule> rules, const Dictionary& dictionary) {
    EncodedRules encoded;
    std::vector<AttributeData> attributes;
    for (const auto& rule : rules) {
        if (!apply(attributes, rule, dictionary)) ++encoded.left_out;
    }
    encoded.attributes = encode_grouped(std::move(attributes), dictionary);
    return encoded;
}

std::optional<std::string> find_reply_mistake(std::string_view name, std::string_view value,
                                              const Dictionary& dictionary) {
    const auto parsed = parse_attribute(name, value, dictionary);
    if (const auto* mistake = std::get_if<AttributeMistake>(&parsed)) return mistake->sentence;
    if (std::get<AttributeData>(parsed).path == AttributePath{attr::user_name.type})
        return std::string(name) +
               " is what the NAS reports the session under, and no attribute of a profile";
    if (is_of_the_protocol(std::get<AttributeData>(parsed).path))
        return std::string(name) + " is the protocol's own business and no attribute of a profile";
    return std::nullopt;
}

}  // namespace hourglass::radius
