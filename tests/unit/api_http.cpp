// The HTTP of the API as a client on a socket sees it. The store is away, so what needs it says 503.
#include "api/limits.hpp"
#include "tests/support/api_server.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <ostream>

using namespace hourglass;
using namespace hourglass::test;

namespace {

struct Row {
    std::string_view name;
    std::string request;
    std::string_view status;
    std::string_view part;  // of the reply
};

std::ostream& operator<<(std::ostream& out, const Row& row) {
    return out << row.name;
}

const std::string users = "/api/v1/user_token/";
const std::string post = "POST /api/v1/user_token/ HTTP/1.1\r\nHost: a\r\n";

const auto rows = std::to_array<Row>({
    {"alive", get("/healthz"), "200", R"({"status":"ok"})"},
    {"ready", get("/readyz"), "200", "X-Request-Id: "},
    {"own request id", get("/healthz", "X-Request-Id: my-1\r\n"), "200", "X-Request-Id: my-1\r\n"},
    {"unfit request id", get("/healthz", "X-Request-Id: my 1\r\n"), "200", "X-Request-Id: "},
    {"metrics from here", get("/metrics"), "200", "Content-Type: text/plain; version=0.0.4"},
    {"metrics as Prometheus asks",
     get("/metrics", "Accept: application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5\r\n"),
     "200", "Content-Type: application/openmetrics-text; version=1.0.0"},
    {"metrics by a proxy", get("/metrics", "X-Forwarded-For: 192.0.2.1\r\n"), "401",
     "WWW-Authenticate: Bearer"},
    {"metrics have no slash", get("/metrics/"), "404", "Not found."},

    {"unknown path", get("/api/v2/"), "404", R"({"detail":"Not found."})"},
    {"missing slash", get("/api/v1/user_token?limit=1"), "301", "Location: /api/v1/user_token/?limit=1\r\n"},
    {"missing slash of a write", "DELETE /api/v1/user_token/1 HTTP/1.1\r\nHost: a\r\n\r\n", "404",
     "must end in a slash: /api/v1/user_token/1/"},
    {"absolute form", get("http://gate.example/healthz"), "200", "ok"},
    {"foreign media type", get(users, "Accept: text/html\r\n"), "406",
     "Could not satisfy the request Accept header."},
    {"browser", get(users, "Accept: text/html, */*;q=0.8\r\n"), "401", ""},
    {"no token", get(users), "401", R"({"detail":"Authentication credentials were not provided."})"},
    {"no token, wrong method", "TRACE " + users + " HTTP/1.1\r\nHost: a\r\n\r\n", "401",
     "Allow: GET, POST, HEAD"},
    {"other scheme", get(users, "Authorization: Basic YTpi\r\n"), "401", "credentials were not provided."},
    {"empty token", get(users, "Authorization: bearer \r\n"), "401", "No credentials provided."},
    {"token of two words", get(users, "Authorization: Bearer a b\r\n"), "401", "should not contain spaces."},
    {"store away", get(users, "Authorization: BEARER abc\r\n"), "503", "Retry-After: 1"},
    {"method of a known path", "POST /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", "405",
     R"({"detail":"Method \"POST\" not allowed."})"},
    {"options", "OPTIONS /healthz HTTP/1.1\r\nHost: a\r\n\r\n", "200", "Allow: GET, HEAD, OPTIONS"},

    {"no host", "GET /healthz HTTP/1.1\r\n\r\n", "400", "Host"},
    {"two hosts", get("/healthz", "Host: b\r\n"), "400", "Host"},
    {"host with a path", "GET /healthz HTTP/1.1\r\nHost: a/b\r\n\r\n", "400", "Host"},
    {"old client without host", "GET /healthz HTTP/1.0\r\n\r\n", "200", "HTTP/1.0 200 OK"},
    {"no http", "hello\r\n\r\n", "400", "Malformed request"},
    {"header cut short", "GET /healthz HTTP/1.1\r\nHost:", "400", "cut short"},
    {"body cut short", post + "Content-Length: 5\r\n\r\n{}", "400", "cut short"},
    {"chunk cut short", post + "Transfer-Encoding: chunked\r\n\r\n5\r\n{}", "400", "cut short"},
    {"both lengths", post + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
     "400", ""},
    {"both lengths, turned round",
     post + "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n2\r\n{}\r\n0\r\n\r\n", "400", ""},
    {"two content lengths", post + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}", "400", ""},
    {"strange coding", post + "Transfer-Encoding: gzip\r\n\r\n", "400", "Transfer-Encoding"},
    {"strange coding before chunked", post + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", "400", ""},
    {"coding of an old client", "POST /healthz HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
     "400", ""},
    {"chunked body", post + "Transfer-Encoding: Chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", "401", ""},
    {"other expectation", post + "Expect: tea\r\nContent-Length: 0\r\n\r\n", "417", ""},
    {"header too large", get("/healthz", "X-Filler: " + std::string(api::header_octets_max, 'x') + "\r\n"),
     "431", "8 KiB"},
    {"body too large by its length", post + "Expect: 100-continue\r\nContent-Length: 65537\r\n\r\n", "413",
     "64 KiB"},
    {"largest body", post + "Content-Length: 65536\r\n\r\n" + std::string(65536, ' '), "401", ""},
    {"chunked body too large",
     post + "Transfer-Encoding: chunked\r\n\r\n10001\r\n" + std::string(65537, ' ') + "\r\n0\r\n\r\n", "413",
     ""},
});

}  // namespace

BOOST_AUTO_TEST_SUITE(api_http)

BOOST_DATA_TEST_CASE(a_request_gets_the_reply_it_deserves, rows) {
    const auto reply = replies_to(sample.request);
    BOOST_TEST(status_of(reply) == sample.status, reply);
    BOOST_TEST(contains(reply, sample.part), reply);
}

BOOST_AUTO_TEST_CASE(framing_errors_end_the_connection) {
    for (const auto& row : rows) {
        const bool is_cut_short = row.part == "cut short";  // what follows would make it whole
        const bool is_framing = row.status == "400" || row.status == "413" || row.status == "431";
        if (!is_framing || is_cut_short) continue;
        const auto replies = replies_to(row.request + get("/healthz"));
        BOOST_TEST(count(replies, "HTTP/1.1 ") == 1U, row.name);
        BOOST_TEST(contains(replies, "Connection: close"), row.name);
    }
}

BOOST_AUTO_TEST_CASE(pipelined_requests_are_answered_in_order) {
    const auto replies =
        replies_to(get("/healthz", "X-Request-Id: first\r\n") + get("/nothing", "X-Request-Id: second\r\n") +
                   get("/healthz", "Connection: close\r\nX-Request-Id: third\r\n"));
    BOOST_TEST(count(replies, "HTTP/1.1 ") == 3U);
    BOOST_TEST(replies.find("first") < replies.find("second"));
    BOOST_TEST(replies.find("second") < replies.find("third"));
}

BOOST_AUTO_TEST_CASE(a_body_is_consumed_before_the_next_request) {
    const auto replies = replies_to(post + "Content-Length: 4\r\n\r\n{ } " + get("/healthz"));
    BOOST_TEST(status_of(replies) == "401");
    BOOST_TEST(contains(replies, R"({"status":"ok"})"));
}

BOOST_AUTO_TEST_CASE(an_empty_line_between_requests_is_skipped) {
    const auto replies = replies_to("\r\n" + get("/healthz") + "\r\n\r\n" + get("/nothing"));
    BOOST_TEST(count(replies, "HTTP/1.1 200 ") == 1U);
    BOOST_TEST(count(replies, "HTTP/1.1 404 ") == 1U);
    BOOST_TEST(count(replies, "HTTP/1.1 ") == 2U);
}

BOOST_AUTO_TEST_CASE(head_is_get_without_the_body) {
    const auto replies = replies_to("HEAD /healthz HTTP/1.1\r\nHost: a\r\n\r\n");
    BOOST_TEST(status_of(replies) == "200");
    BOOST_TEST(contains(replies, "Content-Length: 15\r\n"));
    BOOST_TEST(replies.ends_with("\r\n\r\n"));
}

BOOST_AUTO_TEST_CASE(a_client_that_waits_is_told_to_continue) {
    RunningServer running;
    Client client(running.endpoint());
    client.send(post + "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n");
    BOOST_TEST(client.read_until("\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n");
    client.send("{}");
    client.end();
    BOOST_TEST(status_of(client.read_to_end()) == "401");
}

BOOST_AUTO_TEST_CASE(draining_ends_idle_connections_and_counts_what_was_answered) {
    auto running = std::make_unique<RunningServer>();
    Client client(running->endpoint());
    client.send(get("/healthz") + get("/nothing"));
    client.read_until("Not found.\"}");
    BOOST_TEST(running->server().requests() == 2U);
    BOOST_TEST(running->server().replies(2) == 1U);
    BOOST_TEST(running->server().replies(4) == 1U);
    running.reset();
    BOOST_TEST(client.read_to_end().empty());
}

BOOST_AUTO_TEST_SUITE_END()
