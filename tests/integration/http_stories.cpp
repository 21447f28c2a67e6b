// Clients of the API that take their time, or come in crowds.
#include "tests/integration/clients.hpp"

#include <boost/test/unit_test.hpp>

using namespace hourglass::test;

namespace {

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

// What the API says to a client that sends these octets (as printf(1) writes them) and then only waits.
std::string said_to(const Daemon& daemon, const std::string& octets) {
    const auto port = std::to_string(daemon.ports().api);
    return run({"bash", "-c",
                "exec 3<>/dev/tcp/127.0.0.1/" + port + "; printf '" + octets + "' >&3; cat <&3"})
        .output;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(http)

BOOST_AUTO_TEST_CASE(a_header_that_takes_too_long_is_answered_before_the_connection_ends) {
    const Daemon daemon;
    const auto said = said_to(daemon, "GET /healthz HTTP/1.1\\r\\nHost: a\\r\\n");
    BOOST_TEST(said.starts_with("HTTP/1.1 408 "), said);
    BOOST_TEST(contains(said, "The request took too long to arrive."));
    BOOST_TEST(contains(said, "X-Request-Id: "));
}

BOOST_AUTO_TEST_CASE(a_body_that_is_too_large_is_refused_before_it_is_sent) {
    const Daemon daemon;
    const auto said = said_to(daemon,
                              "POST /api/v1/user_token/ HTTP/1.1\\r\\nHost: a\\r\\nExpect: 100-continue\\r\\n"
                              "Content-Length: 66560\\r\\n\\r\\n");
    BOOST_TEST(said.starts_with("HTTP/1.1 413 "), said);
}

BOOST_AUTO_TEST_CASE(hostile_json_is_a_bad_request_and_nothing_worse) {
    const Daemon daemon;
    const Administrator administrator(daemon);
    const auto url = daemon.api_url() + "/api/v1/user_token/";
    const auto post = [&](const std::string& body) {
        return run({"curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "-H",
                    "Authorization: Bearer " + daemon.token(), "-H", "Content-Type: application/json",
                    "--data-binary", "@-", url},
                   {.input = body})
            .output;
    };
    BOOST_TEST(post(std::string(10'000, '[')) == "400");
    BOOST_TEST(post(std::string(10'000, '[') + std::string(10'000, ']')) == "400");
    BOOST_TEST(post(R"({"username": "ann", "password": "x", "organization": 1e999})") == "400");
    BOOST_TEST(post(R"({"username": "\ud800", "password": "x", "organization": 1})") == "400");
    BOOST_TEST(administrator.ask("GET", "/user_token/").body["count"] == 0);
}

BOOST_AUTO_TEST_SUITE_END()
