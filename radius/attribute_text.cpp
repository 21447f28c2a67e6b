#include "radius/attribute_text.hpp"

#include "radius/attribute_cipher.hpp"
#include "radius/attribute_headers.hpp"
#include "store/decimal.hpp"

namespace hourglass::radius {
namespace {

constexpr std::string_view unknown_prefix = "Attr-";
constexpr std::uint8_t tag_max = 0x1f;
constexpr std::size_t tagged_integer_octets = 4;
constexpr std::uint64_t tagged_integer_max = 0xff'ffff;

bool is_secret(const Definition& definition) {
    constexpr auto credentials = std::to_array<VendorAttribute<Octets>>({
        {0, attr::user_password.type},
        {0, attr::chap_password.type},
        attr::ms_chap_response,
        attr::ms_chap2_response,
    });
    if (definition.flags.encryption != Encryption::none) return true;
    const auto path = path_of(definition);
    return std::ranges::any_of(credentials, [&](const VendorAttribute<Octets>& credential) {
        return credential.vendor == 0
                   ? path == AttributePath{credential.type}
                   : path == AttributePath{attr::vendor_specific, credential.vendor, credential.type};
    });
}

// A tag is in the first octet: always of a number's, for others if it is a small one (RFC 2868 section 3).
std::optional<std::uint8_t> take_tag(const Definition& definition, OctetString& octets) {
    if (!definition.flags.has_tag || octets.empty() || octets.front() > tag_max) return std::nullopt;
    const auto tag = octets.front();
    if (definition.type == DataType::integer) {
        if (octets.size() == tagged_integer_octets) octets.front() = 0;
    } else {
        octets.erase(octets.begin());
    }
    return tag;
}

// What would be read back as a tag, or as a number that leaves no room for one.
bool is_like_tagged(const Definition& definition, std::string_view text) {
    if (!definition.flags.has_tag) return false;
    return definition.type == DataType::integer || text.starts_with(':');
}

// nullopt: it is malformed.
std::optional<AttributeText> show_known(const Definition& definition, OctetString octets,
                                        const Dictionary& dictionary) {
    AttributeText shown{std::string(definition.name), {}};
    const auto tag = take_tag(definition, octets);
    const bool is_tagged = tag.has_value();
    if (is_tagged) shown.name += ":" + std::to_string(*tag);
    if (is_secret(definition)) {
        shown.value = masked_value;
        return shown;
    }
    const auto exact = definition.flags.exact_octets;
    if (exact != 0 && octets.size() != exact) return std::nullopt;
    if (octets.empty() && definition.type != DataType::text) return std::nullopt;
    auto text = to_text(definition.type, octets);
    if (!text || (!is_tagged && is_like_tagged(definition, *text))) return std::nullopt;
    shown.value = *std::move(text);
    if (is_number(definition.type)) {
        const auto name = dictionary.value_name(definition, read_integer(octets));
        if (!name.empty()) shown.value = name;
    }
    return shown;
}

std::string quoted(std::string_view text) {
    return "'" + std::string(text) + "'";
}

std::optional<AttributePath> parse_path(std::string_view text) {
    AttributePath path;
    while (!text.empty()) {
        const auto end = text.find('.');
        const auto number = store::parse_decimal<std::uint32_t>(text.substr(0, end));
        if (!number || path.size() >= path_elements_max) return std::nullopt;
        path.push_back(*number);
        text.remove_prefix(end == text.npos ? text.size() : end + 1);
    }
    return path.empty() ? std::nullopt : std::optional(path);
}

ParsedAttribute parse_unknown(std::string_view name, std::string_view value, const Dictionary& dictionary) {
    auto path = parse_path(name.substr(unknown_prefix.size()));
    if (!path)
        return AttributeMistake{quoted(name) + " is no number of an attribute, such as Attr-26.311.16"};
    auto octets = parse_octets(value);
    if (!octets)
        return AttributeMistake{std::string(name) + " takes 0x and hexadecimal digits, not " + quoted(value)};
    AttributeData attribute{.path = *std::move(path), .octets = *std::move(octets)};
    if (!encode_attributes({&attribute, 1}, dictionary))
        return AttributeMistake{std::string(name) + " is no attribute that a packet can have"};
    return attribute;
}

// A tag from behind the name or before the value, which it is taken from.
struct Tagged {
    std::optional<std::uint8_t> tag;
    std::string_view name;
    std::string_view value;
};

std::optional<std::uint8_t> parse_tag(std::string_view text) {
    const auto tag = store::parse_decimal<std::uint8_t>(text);
    return tag && *tag <= tag_max ? tag : std::nullopt;
}

Tagged split_tag(std::string_view name, std::string_view value, const Dictionary& dictionary) {
    if (const auto colon = name.rfind(':'); colon != name.npos && dictionary.find(name) == nullptr) {
        if (const auto tag = parse_tag(name.substr(colon + 1))) return {tag, name.substr(0, colon), value};
    }
    const auto* definition = dictionary.find(name);
    if (definition && definition->flags.has_tag && value.starts_with(':')) {
        const auto end = value.find(':', 1);
        const auto tag = parse_tag(value.substr(1, end == value.npos ? end : end - 1));
        if (tag && end != value.npos) return {tag, name, value.substr(end + 1)};
    }
    return {{}, name, value};
}

std::optional<OctetString> octets_of(const Definition& definition, std::string_view value,
                                     const Dictionary& dictionary) {
    std::optional<OctetString> octets;
    if (const auto named = dictionary.find_value(definition, value); named && is_number(definition.type))
        octets = to_octets(definition.type, std::to_string(*named));
    else
        octets = to_octets(definition.type, value);
    if (!octets) return std::nullopt;
    const auto exact = definition.flags.exact_octets;
    if (exact != 0 && octets->size() != exact) return std::nullopt;
    // RFC 2865 section 5: no text or string of length zero is sent.
    if (octets->empty()) return std::nullopt;
    return octets;
}

std::optional<OctetString> with_tag(const Definition& definition, OctetString octets,
                                    std::optional<std::uint8_t> tag) {
    if (!definition.flags.has_tag) return octets;
    if (definition.type == DataType::integer) {
        if (read_integer(octets) > tagged_integer_max) return std::nullopt;
        octets.front() = tag.value_or(0);
        return octets;
    }
    const bool is_needed = definition.flags.encryption != Encryption::none || octets.front() <= tag_max;
    if (tag || is_needed) octets.insert(octets.begin(), tag.value_or(0));
    return octets;
}

std::string what_it_takes(const Definition& definition, const Dictionary& dictionary) {
    std::string text;
    if (is_number(definition.type) && dictionary.has_value_names(definition))
        text = "one of its names in the dictionary, or ";
    if (definition.flags.exact_octets != 0)
        return text + std::to_string(definition.flags.exact_octets) + " octets";
    if (definition.flags.has_tag && definition.type == DataType::integer)
        return text + "a number from 0 to " + std::to_string(tagged_integer_max);
    return text + std::string(values_of(definition.type));
}

ParsedAttribute parse_known(const Definition& definition, const Tagged& written,
                            const Dictionary& dictionary) {
    const auto name = std::string(definition.name);
    const auto refuse = [&](const std::string& takes) {
        return AttributeMistake{name + " takes " + takes + ", not " + quoted(written.value)};
    };
    if (!is_of_packets(definition)) return AttributeMistake{name + " is for servers and stands in no packet"};
    if (written.tag && !definition.flags.has_tag) return AttributeMistake{name + " has no tag"};
    AttributeData attribute{.path = path_of(definition), .octets = {}};
    if (is_container(definition.type)) {
        auto octets = parse_octets(written.value);
        if (!octets) return refuse(std::string(values_of(definition.type)));
        attribute.octets = *std::move(octets);
    } else {
        const auto octets = octets_of(definition, written.value, dictionary);
        if (!octets) return refuse(what_it_takes(definition, dictionary));
        const auto encryption = definition.flags.encryption;
        const auto plain = lay_out(encryption, *octets);
        auto tagged = plain ? with_tag(definition, *plain, written.tag) : std::nullopt;
        if (!plain) return AttributeMistake{"the value of " + name + " is too long to be hidden"};
        if (!tagged) return refuse(what_it_takes(definition, dictionary));
        attribute.octets = *std::move(tagged);
        attribute.is_to_be_hidden = encryption != Encryption::none;
    }
    if (!encode_attributes({&attribute, 1}, dictionary))
        return AttributeMistake{"the value of " + name + " is too long for an attribute"};
    return attribute;
}

}  // namespace

AttributeText show_attribute(const AttributeData& attribute, const Dictionary& dictionary) {
    const auto* definition = dictionary.find(attribute.path);
    if (definition && !is_container(definition->type)) {
        if (auto shown = show_known(*definition, attribute.octets, dictionary)) return *std::move(shown);
    }
    return {std::string(unknown_prefix) + show_path(attribute.path), show_octets(attribute.octets)};
}

std::vector<AttributeText> show_attributes(const Packet& packet, const Dictionary& dictionary) {
    std::vector<AttributeText> texts;
    for (const auto& attribute : decode_attributes(packet, dictionary))
        texts.push_back(show_attribute(attribute, dictionary));
    return texts;
}

ParsedAttribute parse_attribute(std::string_view name, std::string_view value, const Dictionary& dictionary) {
    const auto written = split_tag(name, value, dictionary);
    if (const auto* definition = dictionary.find(written.name))
        return parse_known(*definition, written, dictionary);
    if (name.starts_with(unknown_prefix)) return parse_unknown(name, value, dictionary);
    return AttributeMistake{"there is no attribute " + quoted(name) + " in the dictionary"};
}

std::optional<std::string> find_mistake(std::string_view name, std::string_view value,
                                        const Dictionary& dictionary) {
    const auto parsed = parse_attribute(name, value, dictionary);
    const auto* mistake = std::get_if<AttributeMistake>(&parsed);
    return mistake ? std::optional(mistake->sentence) : std::nullopt;
}

}  // namespace hourglass::radius
