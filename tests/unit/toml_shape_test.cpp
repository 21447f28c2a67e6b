// What a settings file may look like before it is parsed.
#include "daemon/toml_shape.hpp"

#include <boost/test/unit_test.hpp>

namespace hourglass::daemon {
namespace {

std::string opened(int brackets) {
    return std::string(static_cast<std::size_t>(brackets), '[');
}

BOOST_AUTO_TEST_SUITE(toml_shape)

BOOST_AUTO_TEST_CASE(values_may_stand_in_each_other_up_to_a_limit_whatever_line_they_begin_on) {
    BOOST_TEST(!find_shape_mistake("a = " + opened(toml_nesting_max)));
    BOOST_TEST(!find_shape_mistake("a = [1]\n[[b]]\n" + opened(toml_nesting_max - 1)));

    const auto mistake = find_shape_mistake("a = " + opened(toml_nesting_max) + "\n\n{");
    BOOST_REQUIRE(mistake);
    BOOST_TEST(mistake->line == 3U);
    BOOST_TEST(mistake->sentence == "values stand more than 32 deep in each other");
}

BOOST_AUTO_TEST_CASE(brackets_in_strings_and_comments_nest_nothing) {
    const auto brackets = opened(toml_nesting_max + 1);
    for (const auto& text : {
             "# " + brackets,
             "a = \"" + brackets + "\"",
             "a = '" + brackets + "'",
             "a = \"\\\"" + brackets + "\"",
             "a = \"\"\"\n\"" + brackets + "\n\"\"\"",
             "a = '''\n'" + brackets + "\n'''",
         })
        BOOST_TEST(!find_shape_mistake(text), text);
}

BOOST_AUTO_TEST_CASE(no_string_hides_what_stands_behind_it) {
    const auto brackets = opened(toml_nesting_max + 1);
    for (const auto& text : {
             "a = \"\"" + brackets,
             "a = 'b\\'" + brackets,
             "a = \"\\\\\"" + brackets,
             "a = \"\"\"b\"\"\"\"\"" + brackets,
             "a = '''b''''" + brackets,
             "a = \"b\n" + brackets,
         })
        BOOST_TEST(find_shape_mistake(text).has_value(), text);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace hourglass::daemon
