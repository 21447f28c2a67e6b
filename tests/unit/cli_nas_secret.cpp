// Secrets that `hourglass nas add` makes.
#include "cli/nas_secret.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cctype>
#include <set>

using namespace hourglass::cli;

BOOST_AUTO_TEST_SUITE(cli_nas_secret)

BOOST_AUTO_TEST_CASE(a_secret_has_32_letters_and_digits_and_no_two_are_the_same) {
    std::set<std::string> secrets;
    std::set<char> characters;
    for (int i = 0; i < 200; ++i) {
        const auto secret = make_nas_secret();
        BOOST_TEST(secret.size() == 32U);
        BOOST_TEST(std::ranges::all_of(secret, [](unsigned char c) { return std::isalnum(c) != 0; }));
        characters.insert(secret.begin(), secret.end());
        secrets.insert(secret);
    }
    BOOST_TEST(secrets.size() == 200U);
    BOOST_TEST(characters.size() == 62U);
}

BOOST_AUTO_TEST_SUITE_END()
