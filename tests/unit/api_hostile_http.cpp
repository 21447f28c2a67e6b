// What only an attacker or a broken client sends: each shape has its one reply, and the connection ends with
// it.
#include "api/header_end.hpp"
#include "api/limits.hpp"
#include "tests/support/api_server.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <ostream>

using namespace hourglass;
using namespace hourglass::test;
using namespace std::string_literals;

namespace {

struct Row {
    std::string_view name;
    std::string request;
    std::string_view status;
};

std::ostream& operator<<(std::ostream& out, const Row& row) {
    return out << row.name;
}

const std::string post = "POST /api/v1/user_token/ HTTP/1.1\r\nHost: a\r\n";
const std::string chunked = post + "Transfer-Encoding: chunked\r\n\r\n";

std::string line(const std::string& request_line) {
    return request_line + "\r\nHost: a\r\n\r\n";
}

std::string endless_chunks() {
    std::string request = chunked;
    while (request.size() < 2 * api::body_octets_max)
        request += "400\r\n" + std::string(0x400, ' ') + "\r\n";
    return request;
}

const auto rows = std::to_array<Row>({
    {"bare LF", "GET /healthz HTTP/1.1\nHost: a\n\n", "400"},
    {"bare LF in a field", get("/healthz", "X-A: b\nX-C: d\r\n"), "400"},
    {"bare CR", get("/healthz", "X-A: b\rX-C: d\r\n"), "400"},
    {"NUL", get("/healthz", "X-A: "s + '\0' + "\r\n"), "400"},
    {"other control octet", get("/healthz", "X-A: \x01\r\n"), "400"},
    {"folded line", get("/healthz", "X-A: b\r\n c\r\n"), "400"},
    {"first line folded", "GET /healthz HTTP/1.1\r\n X-A: b\r\nHost: a\r\n\r\n", "400"},
    {"space before the colon", get("/healthz", "X-A : b\r\n"), "400"},
    {"Transfer-Encoding, space", post + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n", "400"},
    {"no colon", get("/healthz", "X-A\r\n"), "400"},
    {"no name", get("/healthz", ": b\r\n"), "400"},
    {"quoted name", get("/healthz", "\"X-A\": b\r\n"), "400"},
    {"TLS hello", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"s, "400"},
    {"two spaces", line("GET  /healthz HTTP/1.1"), "400"},
    {"no version", line("GET /healthz"), "400"},
    {"version 2", line("GET /healthz HTTP/2.0"), "400"},
    {"version in small letters", line("GET /healthz http/1.1"), "400"},
    {"preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "400"},
    {"target without a slash", line("GET healthz HTTP/1.1"), "400"},
    {"target with a fragment", line("GET /healthz#a HTTP/1.1"), "400"},
    {"star", line("GET * HTTP/1.1"), "400"},
    {"authority form", line("CONNECT a:443 HTTP/1.1"), "400"},
    {"other scheme", line("GET ftp://a/healthz HTTP/1.1"), "400"},
    {"absolute without host", line("GET http:///healthz HTTP/1.1"), "400"},
    {"absolute with a password", line("GET http://u:p@a/healthz HTTP/1.1"), "400"},
    {"length of no number", post + "Content-Length: 2x\r\n\r\n{}", "400"},
    {"negative length", post + "Content-Length: -2\r\n\r\n{}", "400"},
    {"signed length", post + "Content-Length: +2\r\n\r\n{}", "400"},
    {"list of lengths", post + "Content-Length: 2, 3\r\n\r\n{}", "400"},
    {"length beyond 64 bits", post + "Content-Length: 18446744073709551618\r\n\r\n{}", "400"},
    {"length beyond the limit", post + "Content-Length: 18446744073709551615\r\n\r\n{}", "413"},
    {"chunked twice", post + "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n", "400"},
    {"chunked in two fields",
     post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n", "400"},
    {"chunked and not", post + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n", "400"},
    {"chunked after a tab",
     post + "Transfer-Encoding: \x0b"
            "chunked\r\n\r\n0\r\n\r\n", "400"},
    {"chunk size of no number", chunked + "x\r\n{}\r\n0\r\n\r\n", "400"},
    {"chunk size with a prefix", chunked + "0x2\r\n{}\r\n0\r\n\r\n", "400"},
    {"negative chunk size", chunked + "-2\r\n{}\r\n0\r\n\r\n", "400"},
    {"chunk size beyond 64 bits", chunked + "10000000000000002\r\n{}\r\n0\r\n\r\n", "400"},
    {"huge chunk", chunked + "ffffffffffffffff\r\n" + std::string(api::body_octets_max + 1, ' '), "413"},
    {"chunk without its end", chunked + "2\r\n{}x\r\n0\r\n\r\n", "400"},
    {"chunk ended by LF", chunked + "2\n{}\r\n0\r\n\r\n", "400"},
    {"endless chunk line", chunked + "2;" + std::string(4 * api::header_octets_max, 'x'), "400"},
    {"endless chunks", endless_chunks(), "413"},
    {"endless header", "GET /healthz HTTP/1.1\r\nX-A: " + std::string(4 * api::header_octets_max, 'x'),
     "431"},
    {"endless method", std::string(4 * api::header_octets_max, 'X'), "431"},
    {"header of many fields",
     get("/healthz",
     [] {
             std::string all;
             while (all.size() < 9 * 1024)
                 all += "A: b\r\n";
             return all;
         }()),
     "431"},
});

}  // namespace

BOOST_AUTO_TEST_SUITE(api_hostile_http)

BOOST_DATA_TEST_CASE(a_hostile_shape_is_refused_and_ends_the_connection, rows) {
    const auto replies = replies_to(sample.request + get("/healthz"));
    BOOST_TEST(status_of(replies) == sample.status, replies);
    BOOST_TEST(count(replies, "HTTP/1.1 ") == 1U, replies);
    BOOST_TEST(contains(replies, "Connection: close"));
    BOOST_TEST(contains(replies, "X-Request-Id: "));
}

// However the octets are cut into packets.
BOOST_AUTO_TEST_CASE(the_end_of_a_header_is_found_octet_by_octet) {
    const auto header = get("/healthz", "X-A: b\r\n");
    api::HeaderEnd end;
    for (std::size_t octets = 1; octets < header.size(); ++octets)
        BOOST_TEST((end.find(header.substr(0, octets)) == api::HeaderEnd::State::incomplete));
    BOOST_TEST((end.find(header + "more") == api::HeaderEnd::State::found));
    BOOST_TEST(end.size() == header.size());
}

BOOST_AUTO_TEST_CASE(the_absolute_form_names_the_host_whatever_the_field_says) {
    const auto reply = replies_to("GET http://other.example?a=b HTTP/1.1\r\nHost: a\r\n\r\n");
    BOOST_TEST(status_of(reply) == "404", reply);
}

// Waiting costs a client nothing, so those who wait longest make room.
BOOST_AUTO_TEST_CASE(clients_that_send_no_header_do_not_keep_others_out) {
    RunningServer running;
    std::vector<std::unique_ptr<Client>> slow;
    for (std::size_t i = 0; i < 2 * api::connections_max; ++i) {
        // One after the other from eight addresses, so that no share is used up before all places are.
        const auto last_octet = static_cast<unsigned char>(i % 8 + 2);
        slow.push_back(std::make_unique<Client>(running.endpoint(), last_octet));
        slow.back()->send("GET /healthz HTTP/1.1\r\n");
    }
    Client good(running.endpoint(), 100);
    good.send(get("/healthz"));
    BOOST_TEST(status_of(good.read_until("\r\n\r\n")) == "200");
    slow.back()->send("Host: a\r\n\r\n");
    BOOST_TEST(status_of(slow.back()->read_until("\r\n\r\n")) == "200");
    BOOST_TEST(slow.front()->read_to_end().empty());
}

BOOST_AUTO_TEST_CASE(one_address_takes_its_share_from_itself_only) {
    RunningServer running;
    Client other(running.endpoint(), 2);
    other.send(get("/healthz"));
    other.read_until("\"ok\"}");
    std::vector<std::unique_ptr<Client>> greedy;
    for (std::size_t i = 0; i <= api::connections_per_client_max; ++i)
        greedy.push_back(std::make_unique<Client>(running.endpoint(), 3));
    BOOST_TEST(greedy.front()->read_to_end().empty());
    other.send(get("/healthz"));
    BOOST_TEST(contains(other.read_until("\"ok\"}"), " 200 "));
}

BOOST_AUTO_TEST_SUITE_END()
