// NASes by source address.
#include "radius/clients.hpp"
#include "radius/learned_facts.hpp"

#include <boost/test/unit_test.hpp>

namespace hourglass::radius {
namespace {

using boost::asio::ip::make_address;

Client client(const char* name, const char* network, unsigned prefix_length) {
    Client entry;
    entry.name = name;
    entry.network = make_address(network);
    entry.prefix_length = prefix_length;
    return entry;
}

struct Row {
    const char* source;
    const char* expected;  // nullptr: unknown
};

BOOST_AUTO_TEST_SUITE(radius_clients)

BOOST_AUTO_TEST_CASE(the_longest_prefix_wins) {
    const Clients clients({client("net", "10.0.0.0", 8), client("host", "10.1.2.3", 32),
                           client("odd", "10.1.2.0", 23), client("all6", "::", 0),
                           client("site6", "2001:db8::", 32), client("host6", "2001:db8::7", 128)});
    constexpr std::array rows{
        Row{"10.1.2.3",        "host" },
        Row{"10.1.3.255",      "odd"  },
        Row{"10.1.4.0",        "net"  },
        Row{"10.255.0.1",      "net"  },
        Row{"11.0.0.0",        nullptr},
        Row{"9.255.255.255",   nullptr},
        Row{"::ffff:10.1.2.3", "host" },
        Row{"::ffff:11.0.0.1", nullptr},
        Row{"2001:db8::7",     "host6"},
        Row{"2001:db8::8",     "site6"},
        Row{"2001:db9::",      "all6" },
        Row{"::1",             "all6" },
    };
    for (const auto& row : rows)
        BOOST_TEST_CONTEXT(row.source) {
            const auto* found = clients.find(make_address(row.source));
            BOOST_TEST((found ? found->name : "") == (row.expected ? row.expected : ""));
        }
}

BOOST_AUTO_TEST_CASE(prefix_length_0_covers_all_of_its_own_family) {
    const Clients clients({client("all4", "0.0.0.0", 0)});
    BOOST_TEST(clients.find(make_address("203.0.113.9")));
    BOOST_TEST(!clients.find(make_address("2001:db8::1")));
}

BOOST_AUTO_TEST_CASE(bits_behind_the_prefix_do_not_count) {
    const Clients clients({client("net", "10.9.8.7", 8)});
    BOOST_TEST(clients.find(make_address("10.0.0.1")));
}

BOOST_AUTO_TEST_CASE(of_one_prefix_given_twice_the_first_counts) {
    const Clients clients({client("first", "10.0.0.0", 8), client("second", "10.0.0.0", 8)});
    BOOST_TEST(clients.find(make_address("10.0.0.1"))->name == "first");
}

BOOST_AUTO_TEST_CASE(nobody_is_known_without_clients) {
    BOOST_TEST(!Clients({}).find(make_address("127.0.0.1")));
}

BOOST_AUTO_TEST_CASE(a_fact_is_news_once_and_only_while_there_is_room) {
    LearnedFacts facts(2);
    const auto nas = make_address("192.0.2.1");
    BOOST_TEST(facts.learn({nas, Learned::is_no_proxy}));
    BOOST_TEST(!facts.learn({nas, Learned::is_no_proxy}));
    BOOST_TEST(!facts.knows(nas, Learned::sends_message_authenticator));
    BOOST_TEST(facts.learn({nas, Learned::sends_message_authenticator}));
    BOOST_TEST(!facts.learn({make_address("192.0.2.2"), Learned::is_no_proxy}));
    BOOST_TEST(facts.knows(nas, Learned::is_no_proxy));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace hourglass::radius
