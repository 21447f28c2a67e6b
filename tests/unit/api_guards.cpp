// Who is at the other end, and how often one may fail there.
#include "api/failed_tokens.hpp"
#include "api/peer.hpp"

#include <boost/test/unit_test.hpp>

using namespace hourglass::api;
using namespace std::chrono_literals;

namespace {

address at(const char* text) {
    return boost::asio::ip::make_address(text);
}

const auto start = FailedTokens::Time() + 1h;

}  // namespace

BOOST_AUTO_TEST_SUITE(api_guards)

BOOST_AUTO_TEST_CASE(a_share_is_an_ipv4_address_or_an_ipv6_network) {
    BOOST_TEST(share_of(at("192.0.2.1")) == at("192.0.2.1"));
    BOOST_TEST(share_of(at("::ffff:192.0.2.1")) == at("192.0.2.1"));
    BOOST_TEST(share_of(at("2001:db8:1:2:3:4:5:6")) == at("2001:db8:1:2::"));
}

BOOST_AUTO_TEST_CASE(proxies_speak_for_the_last_hop_they_do_not_vouch_for) {
    struct Row {
        const char* peer;
        const char* forwarded;
        const char* client;
    };
    const std::vector<address> proxies{at("10.0.0.1"), at("10.0.0.2")};
    const auto rows = std::to_array<Row>({
        {"192.0.2.9", "203.0.113.1",                        "192.0.2.9"  }, // anyone can say so
        {"10.0.0.1",  "203.0.113.1",                        "203.0.113.1"},
        {"10.0.0.1",  "198.51.100.7, 203.0.113.1",          "203.0.113.1"}, // the first was the client's own word
        {"10.0.0.1",  "198.51.100.7, 203.0.113.1,10.0.0.2", "203.0.113.1"},
        {"10.0.0.1",  "10.0.0.2",                           "10.0.0.2"   },
        {"10.0.0.1",  "unknown",                            "10.0.0.1"   },
        {"10.0.0.1",  "",                                   "10.0.0.1"   },
    });
    for (const auto& row : rows) {
        Header header;
        header.insert("X-Forwarded-For", row.forwarded);
        BOOST_TEST(client_address(at(row.peer), header, proxies) == at(row.client), row.forwarded);
    }
}

BOOST_AUTO_TEST_CASE(a_guesser_waits_and_may_try_again_a_little_later) {
    FailedTokens failed;
    const auto guesser = at("192.0.2.1");
    for (int i = 0; i < FailedTokens::failures_max; ++i) {
        BOOST_TEST(!failed.wait_of(guesser, start).has_value());
        failed.note(guesser, start);
    }
    BOOST_TEST((failed.wait_of(guesser, start) == FailedTokens::refill_time));
    BOOST_TEST((failed.wait_of(guesser, start + 1ms) == FailedTokens::refill_time));
    BOOST_TEST(!failed.wait_of(guesser, start + FailedTokens::refill_time).has_value());
    failed.note(guesser, start + FailedTokens::refill_time);
    BOOST_TEST(failed.wait_of(guesser, start + FailedTokens::refill_time).has_value());
    BOOST_TEST(!failed.wait_of(at("192.0.2.2"), start).has_value());
}

BOOST_AUTO_TEST_CASE(a_full_table_forgets_who_failed_least) {
    FailedTokens failed(2);
    for (int i = 0; i < FailedTokens::failures_max; ++i)
        failed.note(at("192.0.2.1"), start);
    failed.note(at("192.0.2.2"), start);
    failed.note(at("192.0.2.3"), start);
    BOOST_TEST(failed.size() == 2U);
    BOOST_TEST(failed.wait_of(at("192.0.2.1"), start).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
