// Texts that are wiped when they go.
#include "store/secret.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using hourglass::store::Secret;

BOOST_AUTO_TEST_SUITE(store_secret)

BOOST_AUTO_TEST_CASE(a_secret_is_the_text_it_was_made_of) {
    BOOST_TEST((Secret("hello") == "hello"));
    BOOST_TEST(!(Secret("hello") == "hellp"));
    BOOST_TEST(!(Secret("hello") == "hell"));
    BOOST_TEST(Secret().empty());
    BOOST_TEST((Secret() == ""));
}

BOOST_AUTO_TEST_CASE(what_is_cut_off_is_wiped) {
    Secret secret("hello, world");
    const auto* const octets = secret.octets().data();
    secret.shorten(5);
    BOOST_TEST((secret == "hello"));
    BOOST_TEST(std::all_of(octets + 5, octets + 12, [](char octet) { return octet == '\0'; }));
}

BOOST_AUTO_TEST_CASE(moving_takes_the_octets_along_and_leaves_none) {
    Secret secret("hi");
    const auto* const octets = secret.octets().data();
    const auto moved = std::move(secret);
    BOOST_TEST((std::string_view(moved).data() == octets));
    BOOST_TEST(secret.empty());  // NOLINT(bugprone-use-after-move): that is the claim
}

BOOST_AUTO_TEST_SUITE_END()
