#include "radius/packet.hpp"

namespace hourglass::radius {
namespace {

constexpr std::size_t attribute_header_octets = 2;
constexpr std::size_t vendor_id_octets = 4;

// Whether `bytes` is a row of type-length-value elements without a gap.
bool is_attribute_sequence(Bytes bytes) {
    while (!bytes.empty()) {
        if (bytes.size() < attribute_header_octets) return false;
        const std::size_t length = bytes[1];
        if (length < attribute_header_octets || length > bytes.size()) return false;
        bytes = bytes.subspan(length);
    }
    return true;
}

}  // namespace

Authenticator Packet::authenticator() const {
    Authenticator authenticator;
    std::ranges::copy(bytes_.subspan<4, 16>(), authenticator.begin());
    return authenticator;
}

Packet Packet::copied_to(std::vector<std::uint8_t>& octets) const {
    octets.assign(bytes_.begin(), bytes_.end());
    return Packet(octets);
}

std::optional<Bytes> Packet::find_octets(std::uint8_t type) const {
    for (const auto attribute : attributes())
        if (attribute.type == type) return attribute.value;
    return std::nullopt;
}

// One Vendor-Specific attribute may hold several of the vendor's own (RFC 2865 section 5.26); one that does
// not follow that format is some other vendor's business and passed over.
std::optional<Bytes> Packet::find_octets(std::uint32_t vendor, std::uint8_t type) const {
    for (const auto attribute : attributes()) {
        if (attribute.type != attr::vendor_specific || attribute.value.size() <= vendor_id_octets) continue;
        if (read_integer(attribute.value.first(vendor_id_octets)) != vendor) continue;
        const auto inner = attribute.value.subspan(vendor_id_octets);
        if (!is_attribute_sequence(inner)) continue;
        const AttributeRange elements{AttributeIterator(inner.data()),
                                      AttributeIterator(inner.data() + inner.size())};
        for (const auto element : elements)
            if (element.type == type) return element.value;
    }
    return std::nullopt;
}

result<Packet> decode(Bytes datagram) {
    if (datagram.size() < packet_octets_min) return Error::malformed;
    const auto length = static_cast<std::size_t>(read_integer(datagram.subspan(2, 2)));
    if (length < packet_octets_min || length > packet_octets_max || length > datagram.size())
        return Error::malformed;
    const auto bytes = datagram.first(length);
    if (!is_attribute_sequence(bytes.subspan(packet_octets_min))) return Error::malformed;
    return Packet(bytes);
}

}  // namespace hourglass::radius
