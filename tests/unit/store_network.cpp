// Addresses and prefixes in their one form.
#include "store/network.hpp"

#include <boost/test/unit_test.hpp>

namespace hourglass::store {
namespace {

struct Form {
    const char* text;
    const char* canonical;  // empty: refused
};

constexpr std::array forms{
    Form{"192.0.2.1",            "192.0.2.1"    },
    Form{"192.0.2.1/32",         "192.0.2.1"    },
    Form{"192.0.2.0/24",         "192.0.2.0/24" },
    Form{"0.0.0.0/0",            "0.0.0.0/0"    },
    Form{"2001:DB8:0:0::7",      "2001:db8::7"  },
    Form{"2001:db8::/32",        "2001:db8::/32"},
    Form{"::/0",                 "::/0"         },
    Form{"::ffff:192.0.2.1",     "192.0.2.1"    },
    Form{"::ffff:192.0.2.0/120", "192.0.2.0/24" },
    Form{"192.0.2.1/24",         ""             },
    Form{"2001:db8::1/32",       ""             },
    Form{"192.0.2.0/33",         ""             },
    Form{"::/129",               ""             },
    Form{"192.0.2.0/",           ""             },
    Form{"192.0.2.0/-1",         ""             },
    Form{"192.0.2.0/2 4",        ""             },
    Form{"192.0.2",              ""             },
    Form{"nas.example.org",      ""             },
    Form{"fe80::1%1",            ""             },
    Form{"",                     ""             },
};

bool covers(const char* network, const char* address) {
    return contains(parse_network(network).value(), boost::asio::ip::make_address(address));
}

BOOST_AUTO_TEST_SUITE(store_network)

BOOST_AUTO_TEST_CASE(each_has_one_form) {
    for (const auto& form : forms)
        BOOST_TEST_CONTEXT(form.text) {
            const auto network = parse_network(form.text);
            BOOST_TEST((network ? to_text(*network) : "") == form.canonical);
        }
}

BOOST_AUTO_TEST_CASE(bits_beyond_the_length_are_shown_without) {
    BOOST_TEST(to_text(masked(parse_prefix("192.0.2.77/26").value())) == "192.0.2.64/26");
    BOOST_TEST(to_text(masked(parse_prefix("2001:db8:ffff::1/33").value())) == "2001:db8:8000::/33");
}

BOOST_AUTO_TEST_CASE(a_prefix_covers_its_own_family) {
    BOOST_TEST(covers("192.0.2.0/24", "192.0.2.255"));
    BOOST_TEST(covers("192.0.2.0/24", "::ffff:192.0.2.9"));
    BOOST_TEST(!covers("192.0.2.0/24", "192.0.3.0"));
    BOOST_TEST(covers("0.0.0.0/0", "203.0.113.1"));
    BOOST_TEST(!covers("0.0.0.0/0", "2001:db8::1"));
    BOOST_TEST(!covers("::/0", "203.0.113.1"));
    BOOST_TEST(covers("2001:db8::/33", "2001:db8:7fff::1"));
    BOOST_TEST(!covers("2001:db8::/33", "2001:db8:8000::1"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace hourglass::store
