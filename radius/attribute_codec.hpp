// Attributes in and out of the headers that a packet wraps them in: plain (RFC 2865 section 5), vendors' in
// all their formats, extended and long-extended with fragments, extended vendors' and TLVs (RFC 6929). What
// is decoded is encoded to the same octets.
#pragma once

#include "radius/dictionary_tree.hpp"
#include "radius/packet.hpp"

#include <optional>

namespace hourglass::radius {

// One attribute, as it stands inside its headers. What cannot be taken apart is one of a container: 26, or
// 241.1 with all that is in it.
struct AttributeData {
    AttributePath path;  // 26.311.16
    OctetString octets;  // with the tag; hidden if it is to be
    // How many numbers of the path are in headers that stand only once, before the attribute before.
    std::size_t shared = 0;
    bool is_to_be_hidden = false;  // octets are still readable, laid out for seal()

    bool operator==(const AttributeData&) const = default;
};

// Octets from `offset` on that are to be hidden before they are sent.
struct HiddenPart {
    Encryption encryption{};
    std::size_t offset{};
    std::size_t size{};

    bool operator==(const HiddenPart&) const = default;
};

// As it stands in a packet; a vendor's is a Vendor-Specific.
struct EncodedAttribute {
    std::uint8_t type{};
    OctetString value;  // 253 octets at most
    std::vector<HiddenPart> hidden{};

    bool operator==(const EncodedAttribute&) const = default;
};

// In the packet's order; a value in several fragments is one.
std::vector<AttributeData> decode_attributes(const Packet& packet, const Dictionary& dictionary);

// nullopt: one is too long for its header, or its path leads into what holds no attributes.
std::optional<std::vector<EncodedAttribute>> encode_attributes(std::span<const AttributeData> attributes,
                                                               const Dictionary& dictionary);

// Puts neighbours that are parts of the same TLV into one.
void join_groups(std::span<AttributeData> attributes, const Dictionary& dictionary);

// What holds an attribute below a path of numbers: also where the dictionary does not know it, for vendors'
// attributes follow the format that RFC 2865 suggests. nullopt: no attributes stand there.
struct Container {
    DataType type{};
    VendorFormat format{};
    const Definition* definition{};  // nullptr: an unknown vendor
};
std::optional<Container> find_container(const Container& parent, std::uint32_t number,
                                        const Dictionary& dictionary);

}  // namespace hourglass::radius
