#include "radius/packet_writer.hpp"

#include "radius/authenticator.hpp"

namespace hourglass::radius {
namespace {

constexpr std::size_t attribute_header_octets = 2;
constexpr std::size_t length_position = 2;
constexpr std::size_t authenticator_position = 4;
// First attribute, after its type and length.
constexpr std::size_t message_authenticator_position = packet_octets_min + 2;

}  // namespace

PacketWriter::PacketWriter(Code code, std::uint8_t identifier, Signature signature) : signature_(signature) {
    octets_[0] = static_cast<std::uint8_t>(code);
    octets_[1] = identifier;
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
    if (size > attribute_value_octets_max || size + attribute_header_octets > octets_left()) {
        did_all_fit_ = false;
        return;
    }
    octets_[size_++] = type;
    octets_[size_++] = static_cast<std::uint8_t>(size + attribute_header_octets);
    for (const auto part : parts) {
        put(part, size_);
        size_ += part.size();
    }
}

void PacketWriter::put(Bytes octets, std::size_t position) {
    std::ranges::copy(octets, octets_.begin() + static_cast<std::ptrdiff_t>(position));
}

result<Bytes> PacketWriter::finish(const Authenticator& request, const SharedSecret& secret) {
    if (!did_all_fit_) return Error::reply_too_long;
    put(std::array{static_cast<std::uint8_t>(size_ >> 8), static_cast<std::uint8_t>(size_)}, length_position);
    put(request, authenticator_position);
    if (signature_ == Signature::message_authenticator)
        put(secret.hmac_md5({written()}), message_authenticator_position);
    put(Hash<Md5>().digest({written(), as_bytes(secret)}), authenticator_position);
    return written();
}

result<std::vector<std::uint8_t>> PacketWriter::sign(const Authenticator& request,
                                                     const SharedSecret& secret) {
    const auto octets = finish(request, secret);
    if (!octets) return octets.error();
    return std::vector<std::uint8_t>(octets->begin(), octets->end());
}

result<std::vector<std::uint8_t>> PacketWriter::sign_request(const SharedSecret& secret) {
    return sign(Authenticator{}, secret);
}

}  // namespace hourglass::radius
