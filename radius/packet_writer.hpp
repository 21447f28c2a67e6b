// Builds one packet, a reply or a request of our own. A Message-Authenticator is its first attribute, as the
// advice on CVE-2024-3596 (BlastRADIUS) has it; signing fills it in.
#pragma once

#include "radius/packet.hpp"
#include "radius/shared_secret.hpp"

#include <vector>

namespace hourglass::radius {

// Answers to an Accounting-Request go without: RFC 2869 section 5.19 has no place for it there, clients that
// check one all the same disagree on the octets it is made from (FreeRADIUS takes zeros for the Request
// Authenticator, strongSwan the request's), and an answer thrown away is a NAS that repeats for ever. Their
// forgery gains nothing: the Response Authenticator covers no attribute that a NAS would act on.
enum class Signature : std::uint8_t { message_authenticator, response_authenticator };

class PacketWriter {
public:
    PacketWriter(Code code, std::uint8_t identifier, Signature signature = Signature::message_authenticator);

    void add(Attribute<Text> attribute, std::string_view value);
    void add(Attribute<Octets> attribute, Bytes value);
    void add(Attribute<Integer> attribute, std::uint32_t value);
    void add(Attribute<Ipv4> attribute, const boost::asio::ip::address_v4& value);
    void add(Attribute<Ipv6> attribute, const boost::asio::ip::address_v6& value);
    void add(Attribute<Date> attribute, std::chrono::sys_seconds value);
    void add(VendorAttribute<Octets> attribute, Bytes value);
    void add(VendorAttribute<Integer> attribute, std::uint32_t value);
    // As it stands, whatever its type.
    void add(RawAttribute attribute);
    std::size_t octets_left() const { return packet_octets_max - size_; }
    // All of that type in `request`, in their order, as RFC 2865 section 5.33 asks for Proxy-State.
    void copy_all(Attribute<Octets> attribute, const Packet& request);

    // The finished reply to the request with that Request Authenticator, as long as the writer lives.
    // Error::reply_too_long if an attribute did not fit.
    result<Bytes> finish(const Authenticator& request, const SharedSecret& secret);
    // The same as octets of their own.
    result<std::vector<std::uint8_t>> sign(const Authenticator& request, const SharedSecret& secret);
    // The finished Disconnect- or CoA-Request (RFC 5176 section 2.3). Both authenticators are made over zeros
    // in the place of the Request Authenticator. Error::reply_too_long as above.
    result<std::vector<std::uint8_t>> sign_request(const SharedSecret& secret);

private:
    void append(std::uint8_t type, std::initializer_list<Bytes> parts);
    void put(Bytes octets, std::size_t position);
    Bytes written() const { return Bytes(octets_).first(size_); }

    Signature signature_;
    bool did_all_fit_ = true;
    std::size_t size_ = packet_octets_min;
    std::array<std::uint8_t, packet_octets_max> octets_;  // not cleared: what counts is written
};

}  // namespace hourglass::radius
