#include "cli/url.hpp"

#include <boost/test/unit_test.hpp>

#include <array>

using hourglass::cli::encode_query;
using hourglass::cli::parse_url;
using hourglass::cli::target_of;

namespace {

struct Row {
    const char* text;
    const char* host;
    const char* port;
    const char* path;
    bool is_loopback;
};

constexpr std::array good{
    Row{"http://127.0.0.1:8080",      "127.0.0.1",   "8080", "",        true },
    Row{"http://localhost",           "localhost",   "80",   "",        true },
    Row{"http://[::1]:8080/",         "::1",         "8080", "",        true },
    Row{"http://aaa.example/radius/", "aaa.example", "80",   "/radius", false},
    Row{"http://[2001:db8::1]",       "2001:db8::1", "80",   "",        false},
};

constexpr std::array bad{
    "",
    "127.0.0.1:8080",
    "ftp://127.0.0.1:8080",
    "http://",
    "http://:8080",
    "http://host:",
    "http://host:0",
    "http://host:65536",
    "http://host:80x",
    "http://user@host",
    "http://[::1",
    "http://[::1]8080",
    "http://[nonsense]",
    "http://ho st",
    "http://host/a b",
    "http://host/a?b=c",
    "http://host\r\nX: y",
};

}  // namespace

BOOST_AUTO_TEST_SUITE(cli_url)

BOOST_AUTO_TEST_CASE(a_url_says_where_the_daemon_listens) {
    for (const auto& row : good) {
        BOOST_TEST_CONTEXT(row.text) {
            const auto url = parse_url(row.text);
            BOOST_TEST_REQUIRE(url.has_value());
            BOOST_TEST(url->host == row.host);
            BOOST_TEST(url->port == row.port);
            BOOST_TEST(url->path == row.path);
            BOOST_TEST(url->is_loopback() == row.is_loopback);
        }
    }
}

BOOST_AUTO_TEST_CASE(anything_else_is_refused) {
    for (const auto* text : bad)
        BOOST_TEST_CONTEXT(text) {
            BOOST_TEST(!parse_url(text));
        }
}

BOOST_AUTO_TEST_CASE(ipv6_addresses_get_their_brackets_back) {
    BOOST_TEST(parse_url("http://[::1]:8080")->authority() == "[::1]:8080");
    BOOST_TEST(parse_url("http://localhost")->authority() == "localhost:80");
    BOOST_TEST(parse_url("https://localhost")->origin() == "https://localhost:443");
}

BOOST_AUTO_TEST_CASE(queries_are_percent_encoded) {
    BOOST_TEST(encode_query({}) == "");
    BOOST_TEST(encode_query({
                   {"username", "a&b=c d+é"},
                   {"limit",    "5"        }
    }) == "?username=a%26b%3Dc%20d%2B%C3%A9&limit=5");
}

// The host of a `next` link is what the daemon believes to be called; we stay where we are.
BOOST_AUTO_TEST_CASE(of_a_link_only_path_and_query_are_followed) {
    BOOST_TEST(target_of("http://elsewhere:1/api/v1/user_token/?offset=20") ==
               "/api/v1/user_token/?offset=20");
    BOOST_TEST(target_of("/api/v1/?a=b") == "/api/v1/?a=b");
    BOOST_TEST(target_of("http://elsewhere") == "/");
}

BOOST_AUTO_TEST_SUITE_END()
