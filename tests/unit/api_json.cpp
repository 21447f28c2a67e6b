// Bodies that are no JSON, or more of it than is good for us.
#include "api/json.hpp"

#include <boost/test/unit_test.hpp>

using namespace hourglass::api;

namespace {

std::string nested(std::size_t levels) {
    return std::string(levels, '[') + std::string(levels, ']');
}

std::string detail_of(std::string_view text) {
    const auto parsed = parse_json(text);
    return parsed ? "" : parsed.error().detail;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(api_json)

BOOST_AUTO_TEST_CASE(a_syntax_error_says_where) {
    BOOST_TEST(detail_of("{\n  \"a\": oops}") ==
               "JSON parse error - Invalid syntax: line 2 column 8 (char 9)");
}

BOOST_AUTO_TEST_CASE(what_is_no_json_is_refused) {
    using namespace std::string_literals;
    for (const auto& text :
         {" "s, "{"s, "{'a': 1}"s, "{\"a\": 1,}"s, "{} {}"s, "NaN"s, "[Infinity]"s, "[-Infinity]"s, "01"s,
          "1e999"s, "\"\xff\""s, "\"\xc0\x80\""s, "\"\xed\xa0\x80\""s, "\"a\nb\""s, "\"\\x\""s, "\"\\u12\""s,
          "\"\\"s, "\xEF\xBB\xBF{}"s}) {
        BOOST_TEST(detail_of(text).starts_with("JSON parse error - "), text);
    }
}

BOOST_AUTO_TEST_CASE(nesting_is_limited) {
    BOOST_TEST(detail_of(nested(json_nesting_levels_max)).empty());
    BOOST_TEST(detail_of(nested(json_nesting_levels_max + 1)) ==
               "JSON parse error - Nested deeper than 32 levels");
}

BOOST_AUTO_TEST_CASE(repeated_keys_leave_the_last_value) {
    BOOST_TEST(to_text(parse_json(R"({"a": [1, 2], "b": 3, "a": {"c": 4}})")->value) ==
               R"({"a":{"c":4},"b":3})");
}

BOOST_AUTO_TEST_CASE(large_integers_keep_their_digits) {
    const auto parsed = parse_json("[-123456789012345678901, 18446744073709551615]");
    BOOST_TEST(digits_of(parsed->value[0]).value_or("") == "-123456789012345678901");
    BOOST_TEST(parsed->value[1] == 18446744073709551615U);
}

BOOST_AUTO_TEST_CASE(what_is_no_utf8_is_shown_as_a_replacement) {
    BOOST_TEST(to_text(json("a\xff")) == "\"a\xef\xbf\xbd\"");
}

BOOST_AUTO_TEST_SUITE_END()
