// Entry points for what operators write of attributes, and for attributes under a dictionary that has every
// kind of header.
#include "radius/attribute_text.hpp"
#include "tests/fuzz/entry_points.hpp"
#include "tests/support/dictionary_of.hpp"

#include <stdexcept>

namespace hourglass::fuzz {
namespace {

using namespace radius;

constexpr const char* every_kind = R"(
VENDOR Acme 9999
BEGIN-VENDOR Acme
ATTRIBUTE Acme-Text 1 string
ATTRIBUTE Acme-Tagged 2 string has_tag
ATTRIBUTE Acme-Place 3 tlv
ATTRIBUTE Acme-Room 3.1 string
ATTRIBUTE Acme-Desk 3.2 tlv
ATTRIBUTE Acme-Drawer 3.2.1 byte
ATTRIBUTE Acme-Prefix 4 ipv6prefix
ATTRIBUTE Acme-Prefix4 5 ipv4prefix
ATTRIBUTE Acme-Station 6 ether
ATTRIBUTE Acme-Address 7 combo-ip
ATTRIBUTE Acme-Offset 8 signed
ATTRIBUTE Acme-Counter 9 integer64
ATTRIBUTE Acme-Key 10 octets[4] encrypt=2
ATTRIBUTE Acme-Ascend-Key 11 string encrypt=3
ATTRIBUTE Acme-Flag 12 bool
ATTRIBUTE Acme-When 13 date
VALUE Acme-Offset Zero 0
END-VENDOR
VENDOR USR 429 format=4,0
VENDOR Lucent 4846 format=2,1
VENDOR Wide 8888 format=2,2
VENDOR WiMAX 24757 format=1,1,c
BEGIN-VENDOR WiMAX
ATTRIBUTE WiMAX-Capability 1 tlv
ATTRIBUTE WiMAX-Release 1.1 string
END-VENDOR
ATTRIBUTE Example-Tlv 241.2 tlv
ATTRIBUTE Extended-Vendor-Specific-1 241.26 evs
ATTRIBUTE Extended-Vendor-Specific-5 245.26 evs
ATTRIBUTE Place 201 struct
MEMBER Place-Floor byte
MEMBER Place-Name string
)";

const Dictionary& dictionary() {
    static const auto made = test::dictionary_of(every_kind);
    return made;
}

std::vector<std::uint8_t> packet_of(Bytes attributes) {
    std::vector<std::uint8_t> bytes{static_cast<std::uint8_t>(Code::access_accept), 1, 0, 0};
    bytes.resize(packet_octets_min);
    bytes.insert(bytes.end(), attributes.begin(), attributes.end());
    bytes.resize(std::min(bytes.size(), packet_octets_max));
    bytes[2] = static_cast<std::uint8_t>(bytes.size() >> 8);
    bytes[3] = static_cast<std::uint8_t>(bytes.size());
    return bytes;
}

std::vector<std::uint8_t> packet_of(const std::vector<EncodedAttribute>& attributes) {
    std::vector<std::uint8_t> bytes;
    for (const auto& [type, value, hidden] : attributes) {
        bytes.push_back(type);
        bytes.push_back(static_cast<std::uint8_t>(value.size() + 2));
        bytes.insert(bytes.end(), value.begin(), value.end());
    }
    return packet_of(bytes);
}

// What a person is shown of an attribute leads to the same attribute again.
void require_same_again(const AttributeData& attribute) {
    const auto shown = show_attribute(attribute, dictionary());
    const auto parsed = parse_attribute(shown.name, shown.value, dictionary());
    const auto* const again = std::get_if<AttributeData>(&parsed);
    const bool is_empty_or_secret = shown.value.empty() || shown.value == masked_value;
    if (is_empty_or_secret) return;
    require(again != nullptr, "what is shown can be written");
    const auto shown_again = show_attribute(*again, dictionary());
    require(shown_again == shown, "what is written is shown the same");
}

void read_as_attributes(Bytes octets) {
    const auto bytes = packet_of(octets);
    const auto packet = decode(bytes);
    if (!packet) return;
    const auto attributes = decode_attributes(*packet, dictionary());
    for (const auto& attribute : attributes)
        require_same_again(attribute);
    const auto encoded = encode_attributes(attributes, dictionary());
    require(encoded.has_value(), "what was decoded can be encoded");
    const auto again = packet_of(*encoded);
    require(decode_attributes(decode(again).value(), dictionary()) == attributes, "nothing is lost");
}

void read_as_text(std::string_view text) {
    const auto name = text.substr(0, text.find('\n'));
    const auto value = text.substr(std::min(name.size() + 1, text.size()));
    auto parsed = parse_attribute(name, value, dictionary());
    auto* const attribute = std::get_if<AttributeData>(&parsed);
    if (!attribute) {
        require(!std::get<AttributeMistake>(parsed).sentence.empty(), "a mistake has a sentence");
        return;
    }
    const auto encoded = encode_attributes({attribute, 1}, dictionary());
    require(encoded.has_value(), "what was written can be encoded");
    const auto bytes = packet_of(*encoded);
    const auto packet = decode(bytes);
    require(packet.has_value(), "and stands in a sound packet");
    static_cast<void>(show_attributes(*packet, dictionary()));
}

}  // namespace

void read_dictionary(Bytes octets) {
    const std::string text(as_text(octets));
    Dictionary fresh;
    add_builtin(fresh);
    try {
        radius::read_dictionary(fresh, "/d/main", [&](const std::string& path) {
            return path.size() < 8 ? std::optional(text) : std::nullopt;  // "$INCLUDE x" includes it again
        });
    } catch (const DictionaryError& error) {
        require(std::string_view(error.what()).find(": ") != std::string_view::npos, "a sentence says where");
    }
    for (const auto& definition : fresh.definitions())
        require(fresh.find(path_of(definition)) != nullptr, "whatever was defined is found");
}

void read_values(Bytes octets) {
    read_as_attributes(octets);
    read_as_text(as_text(octets));
}

}  // namespace hourglass::fuzz
