#include "radius/packet_writer.hpp"

#include "radius/authenticator.hpp"

namespace hourglass::radius {
namespace {

constexpr std::size_t usual_reply_octets = 128;
constexpr std::size_t authenticator_position = 4;
// First attribute, after its type and length.
constexpr std::size_t message_authenticator_position = packet_octets_min + 2;

}  // namespace

PacketWriter::PacketWriter(Code code, std::uint8_t identifier, Signature signature) : signature_(signature) {
    bytes_.reserve(usual_reply_octets);
    bytes_.resize(packet_octets_min);
    bytes_[0] = static_cast<std::uint8_t>(code);
    bytes_[1] = identifier;
    if (signature_ == Signature::message_authenticator)
        add(attr::message_authenticator, std::array<std::uint8_t, message_authenticator_octets>{});
}

void PacketWriter::add(Attribute<Text> attribute, std::string_view value) {
    append(attribute.type, {as_bytes(value)});
}

void PacketWriter::add(Attribute<Octets> attribute, Bytes value) {
    append(attribute.type, {value});
}

void PacketWriter::add(Attribute<Integer> attribute, std::uint32_t value) {
    append(attribute.type, {integer_octets(value)});
}

void PacketWriter::add(Attribute<Ipv4> attribute, const boost::asio::ip::address_v4& value) {
    append(attribute.type, {value.to_bytes()});
}

void PacketWriter::add(Attribute<Ipv6> attribute, const boost::asio::ip::address_v6& value) {
    append(attribute.type, {value.to_bytes()});
}

void PacketWriter::add(Attribute<Date> attribute, std::chrono::sys_seconds value) {
    append(attribute.type, {integer_octets(static_cast<std::uint32_t>(value.time_since_epoch().count()))});
}

void PacketWriter::add(RawAttribute attribute) {
    append(attribute.type, {attribute.value});
}

void PacketWriter::add(VendorAttribute<Octets> attribute, Bytes value) {
    const std::array header{attribute.type, static_cast<std::uint8_t>(value.size() + 2)};
    append(attr::vendor_specific, {integer_octets(attribute.vendor), header, value});
}

void PacketWriter::add(VendorAttribute<Integer> attribute, std::uint32_t value) {
    add(VendorAttribute<Octets>{attribute.vendor, attribute.type}, integer_octets(value));
}

void PacketWriter::copy_all(Attribute<Octets> attribute, const Packet& request) {
    for (const auto found : request.attributes())
        if (found.type == attribute.type) append(found.type, {found.value});
}

void PacketWriter::append(std::uint8_t type, std::initializer_list<Bytes> parts) {
    std::size_t size = 0;
    for (const auto part : parts)
        size += part.size();
    if (size > attribute_value_octets_max || bytes_.size() + 2 + size > packet_octets_max) {
        did_all_fit_ = false;
        return;
    }
    bytes_.push_back(type);
    bytes_.push_back(static_cast<std::uint8_t>(size + 2));
    for (const auto part : parts)
        bytes_.insert(bytes_.end(), part.begin(), part.end());
}

result<std::vector<std::uint8_t>> PacketWriter::sign(const Authenticator& request, std::string_view secret,
                                                     Digests& digests) {
    if (!did_all_fit_) return Error::reply_too_long;
    bytes_[2] = static_cast<std::uint8_t>(bytes_.size() >> 8);
    bytes_[3] = static_cast<std::uint8_t>(bytes_.size());
    const auto put = [this](Bytes digest, std::size_t position) {
        std::ranges::copy(digest, bytes_.begin() + static_cast<std::ptrdiff_t>(position));
    };
    put(request, authenticator_position);
    if (signature_ == Signature::message_authenticator)
        put(digests.hmac_md5(as_bytes(secret), {bytes_}), message_authenticator_position);
    put(digests.md5({bytes_, as_bytes(secret)}), authenticator_position);
    return std::move(bytes_);
}

result<std::vector<std::uint8_t>> PacketWriter::sign_request(std::string_view secret, Digests& digests) {
    return sign(Authenticator{}, secret, digests);
}

}  // namespace hourglass::radius
