// Decoding (RFC 2865 section 3) and building of packets, up to their limits.
#include "radius/packet_writer.hpp"
#include "tests/support/radius_packets.hpp"

#include <boost/test/unit_test.hpp>

namespace hourglass::radius {
namespace {

using test::attribute;
using test::packet;

BOOST_AUTO_TEST_SUITE(radius_packet)

BOOST_AUTO_TEST_CASE(a_header_alone_is_a_packet_and_one_octet_less_is_none) {
    auto octets = packet(Code::access_request, {});
    BOOST_TEST(octets.size() == packet_octets_min);
    BOOST_TEST(decode(octets).has_value());
    octets.pop_back();
    BOOST_TEST((decode(octets).error() == Error::malformed));
}

BOOST_AUTO_TEST_CASE(octets_beyond_the_length_field_are_padding) {
    auto octets = packet(Code::access_request, {attribute(attr::user_name, "bob")});
    const auto size = octets.size();
    octets.insert(octets.end(), {1, 2, 3});
    const auto decoded = decode(octets);
    BOOST_REQUIRE(decoded.has_value());
    BOOST_TEST(decoded->bytes().size() == size);
}

BOOST_AUTO_TEST_CASE(a_packet_of_4096_octets_is_read_and_one_of_4097_is_not) {
    // 15 attributes of 255 octets and one of 251 fill the packet to the last octet.
    const auto of_size = [](std::size_t last_value) {
        test::Octets attributes;
        for (int i = 0; i < 15; ++i) {
            const auto each = attribute(attr::proxy_state, test::Octets(attribute_value_octets_max));
            attributes.insert(attributes.end(), each.begin(), each.end());
        }
        const auto last = attribute(attr::proxy_state, test::Octets(last_value));
        attributes.insert(attributes.end(), last.begin(), last.end());
        return packet(Code::access_request, {attributes});
    };
    BOOST_TEST(of_size(249).size() == packet_octets_max);
    const auto full = of_size(249);
    BOOST_TEST(decode(full).has_value());
    BOOST_TEST((decode(of_size(250)).error() == Error::malformed));
}

struct Malformed {
    const char* name;
    test::Octets attributes;
};

BOOST_AUTO_TEST_CASE(attributes_that_do_not_fit_make_the_packet_malformed) {
    const std::array rows{
        Malformed{"a type without a length",      {1}           },
        Malformed{"length 0",                     {1, 0}        },
        Malformed{"length 1",                     {1, 1}        },
        Malformed{"length beyond the end",        {1, 4, 'b'}   },
        Malformed{"a good one, then half of one", {1, 3, 'b', 2}},
    };
    for (const auto& row : rows)
        BOOST_TEST_CONTEXT(row.name) {
            BOOST_TEST((decode(packet(Code::access_request, {row.attributes})).error() == Error::malformed));
        }
}

BOOST_AUTO_TEST_CASE(a_packet_cut_anywhere_is_malformed) {
    const auto whole = packet(Code::accounting_request,
                              {attribute(attr::user_name, "bob"), attribute(attr::acct_status_type, 1)});
    for (std::size_t size = 0; size < whole.size(); ++size)
        BOOST_TEST((decode(Bytes(whole).first(size)).error() == Error::malformed));
}

BOOST_AUTO_TEST_CASE(a_typed_getter_refuses_a_wrong_length) {
    const auto octets =
        packet(Code::access_request,
               {attribute(attr::nas_port.type, test::Octets(3)),
                attribute(attr::nas_ip_address.type, test::Octets(5)),
                attribute(attr::nas_ipv6_address.type, test::Octets(15)),
                attribute(attr::event_timestamp.type, test::Octets(8)), attribute(attr::user_name, "")});
    const auto decoded = decode(octets).value();
    BOOST_TEST(!decoded.find(attr::nas_port));
    BOOST_TEST(!decoded.find(attr::nas_ip_address));
    BOOST_TEST(!decoded.find(attr::nas_ipv6_address));
    BOOST_TEST(!decoded.find(attr::event_timestamp));
    BOOST_TEST(!decoded.find(attr::calling_station_id));
    BOOST_TEST(decoded.find(attr::user_name).value() == "");
}

BOOST_AUTO_TEST_CASE(a_vendor_attribute_is_found_among_others_and_in_the_same_envelope) {
    const auto wanted = test::from_hex("0102");
    test::Octets envelope = test::from_hex("00000137");  // Microsoft: two in one envelope
    for (const auto& inner : {attribute(2, test::Octets(3)), attribute(11, wanted)})
        envelope.insert(envelope.end(), inner.begin(), inner.end());
    const auto octets =
        packet(Code::access_request, {
                                         attribute(26, test::from_hex("00000009")),      // Cisco, empty
                                         attribute(26, test::from_hex("000001370b")),    // half
                                         attribute(26, test::from_hex("000001370b01")),  // length 1
                                         attribute(26, envelope),
                                     });
    const auto found = decode(octets).value().find(attr::ms_chap_challenge);
    BOOST_REQUIRE(found.has_value());
    BOOST_TEST(*found == wanted, boost::test_tools::per_element());
    BOOST_TEST(!decode(octets).value().find(attr::ms_chap2_response));
}

BOOST_AUTO_TEST_CASE(a_reply_begins_with_its_message_authenticator_and_repeats_proxy_states_in_order) {
    const auto octets = packet(Code::access_request, {attribute(attr::proxy_state, test::from_hex("aa")),
                                                      attribute(attr::user_name, "bob"),
                                                      attribute(attr::proxy_state, test::from_hex("bbcc"))});
    const auto request = decode(octets).value();
    PacketWriter writer(Code::access_accept, request.identifier());
    writer.add(attr::session_timeout, 3600);
    writer.copy_all(attr::proxy_state, request);
    const auto bytes = writer.sign(request.authenticator(), "testing123").value();

    const auto reply = decode(bytes).value();
    std::vector<int> types;
    for (const auto each : reply.attributes())
        types.push_back(each.type);
    BOOST_TEST((types == std::vector{80, 27, 33, 33}));
    BOOST_TEST(reply.identifier() == request.identifier());
    BOOST_TEST(reply.find(attr::session_timeout).value() == 3600U);
    Digests digests;
    BOOST_TEST(has_response_authenticator(reply, request.authenticator(), "testing123", digests));
    BOOST_TEST((check_message_authenticator(reply, request.authenticator(), "testing123") ==
                MessageAuthenticator::valid));
}

BOOST_AUTO_TEST_CASE(a_reply_that_would_exceed_4096_octets_is_refused) {
    const test::Octets value(253);
    PacketWriter writer(Code::access_accept, 1);  // 38 octets with its Message-Authenticator
    for (int i = 0; i < 15; ++i)
        writer.add(attr::proxy_state, value);
    writer.add(attr::proxy_state, test::Octets(231));
    const auto full = writer.sign({}, "testing123");
    BOOST_REQUIRE(full.has_value());
    BOOST_TEST(full->size() == packet_octets_max);

    PacketWriter longer(Code::access_accept, 1);
    for (int i = 0; i < 15; ++i)
        longer.add(attr::proxy_state, value);
    longer.add(attr::proxy_state, test::Octets(232));
    BOOST_TEST((longer.sign({}, "testing123").error() == Error::reply_too_long));
}

BOOST_AUTO_TEST_CASE(the_dictionary_names_attributes_and_values) {
    BOOST_TEST(attribute_name(0, 1) == "User-Name");
    BOOST_TEST(attribute_name(311, 26) == "MS-CHAP2-Success");
    BOOST_TEST(attribute_name(0, 255) == "");
    BOOST_TEST(value_name(attr::acct_terminate_cause, 1) == "User-Request");
    BOOST_TEST(value_name(attr::nas_port_type, 19) == "Wireless-802.11");
    BOOST_TEST(value_name(attr::nas_port_type, 4294967295) == "4294967295");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace hourglass::radius
