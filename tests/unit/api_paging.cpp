// limit, offset and the links between pages.
#include "api/field.hpp"
#include "api/paging.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <ostream>

using namespace hourglass;
using namespace hourglass::api;

namespace {

struct LimitRow {
    std::string_view query;
    std::uint64_t limit;
    std::uint64_t offset;
};

std::ostream& operator<<(std::ostream& out, const LimitRow& row) {
    return out << row.query;
}

const auto limits = std::to_array<LimitRow>({
    {"",                            20,  0               },
    {"limit=5&offset=10",           5,   10              },
    {"limit=100",                   100, 0               },
    {"limit=101",                   100, 0               },
    {"limit=99999999999999999999",  100, 0               },
    {"limit=0",                     20,  0               },
    {"limit=-1",                    20,  0               },
    {"limit=",                      20,  0               },
    {"limit=many",                  20,  0               },
    {"limit=5.0",                   20,  0               },
    {"limit=5&limit=6",             6,   0               },
    {"offset=-1",                   20,  0               },
    {"offset=x",                    20,  0               },
    {"offset=99999999999999999999", 20,  9007199254740991},
});

Request request_for(std::string target) {
    Request request;
    request.message.target(target);
    request.authority = "gate.example";
    request.scheme = "https";
    return request;
}

// The links of a list of `count`, as its client sees them.
std::string links(std::string target, std::uint64_t count) {
    const auto request = request_for(std::move(target));
    const auto page = show_page(request, read_page_request(Query(request.query())), count, json::array());
    return to_text(page["next"]) + " " + to_text(page["previous"]);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(api_paging)

BOOST_DATA_TEST_CASE(limit_and_offset_are_what_they_can_be, limits) {
    const auto page = read_page_request(Query(sample.query));
    BOOST_TEST(page.limit == sample.limit);
    BOOST_TEST(page.offset == sample.offset);
}

BOOST_AUTO_TEST_CASE(a_list_of_one_page_links_nowhere) {
    BOOST_TEST(links("/api/v1/user_token/", 20) == "null null");
}

BOOST_AUTO_TEST_CASE(links_show_the_limit_used_and_keep_every_other_parameter) {
    BOOST_TEST(
        links("/api/v1/user_token/?organization=5&balance=true", 41) ==
        R"("https://gate.example/api/v1/user_token/?balance=true&limit=20&offset=20&organization=5" null)");
    BOOST_TEST(links("/u/?x=a%20b&x=%C3%A9&y=&limit=500", 101) ==
               R"("https://gate.example/u/?limit=100&offset=100&x=a+b&x=%C3%A9&y=" null)");
}

BOOST_AUTO_TEST_CASE(the_link_back_to_the_first_page_has_no_offset) {
    BOOST_TEST(links("/u/?limit=10&offset=10", 30) ==
               R"("https://gate.example/u/?limit=10&offset=20" "https://gate.example/u/?limit=10")");
    BOOST_TEST(links("/u/?limit=10&offset=5", 12) == R"(null "https://gate.example/u/?limit=10")");
}

BOOST_AUTO_TEST_CASE(beyond_the_end_there_is_a_way_back) {
    BOOST_TEST(links("/u/?limit=10&offset=500", 12) ==
               R"(null "https://gate.example/u/?limit=10&offset=490")");
}

BOOST_AUTO_TEST_CASE(without_a_cursor_a_list_is_read_by_offset) {
    BOOST_TEST(!read_list_request(Query("offset=5"))->after.has_value());
    BOOST_TEST(read_list_request(Query("offset=5"))->offset == 5U);
}

BOOST_AUTO_TEST_CASE(an_empty_cursor_begins_in_either_direction) {
    BOOST_TEST(read_list_request(Query("cursor="))->after.value() == 0);
    BOOST_TEST(read_list_request(Query("cursor=&ordering=-id"))->after.value() == exact_integer_max);
}

BOOST_AUTO_TEST_CASE(the_next_page_by_cursor_goes_on_where_this_one_ended) {
    const auto request = request_for("/u/?cursor=&limit=10&offset=30&organization=5");
    const auto page = read_list_request(Query(request.query()));
    const auto shown = show_page(request, *page, 99, json::array(), 4711);
    BOOST_TEST(shown["count"] == 99);
    BOOST_TEST(shown["previous"].is_null());
    const auto next = shown["next"].get<std::string>();
    const std::string expected_start = "https://gate.example/u/?cursor=";
    BOOST_TEST(next.substr(0, expected_start.size()) == expected_start);
    BOOST_TEST(next.ends_with("&limit=10&organization=5"));
    const Query followed(next.substr(next.find('?') + 1));
    BOOST_TEST(read_list_request(followed)->after.value() == 4711);
    BOOST_TEST(show_page(request, *page, 99, json::array())["next"].is_null());
}

BOOST_AUTO_TEST_CASE(a_cursor_of_another_making_is_refused) {
    for (const auto* cursor : {"4711", "x", "6", "61667465722", "6166746572202d31", "616674657220",
                               "30203120300a", "61667465722039303037313939323534373430393932",
                               "6166746572203939393939393939393939393939393939393939393939393939"}) {
        const auto page = read_list_request(Query("cursor=" + std::string(cursor)));
        BOOST_TEST_REQUIRE(!page.has_value(), cursor);
        BOOST_TEST((page.error().status == http::status::bad_request), cursor);
        BOOST_TEST(page.error().body.find("cursor") != std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(parameters_are_decoded_and_the_last_of_repeated_ones_counts) {
    const Query query("username=a%2Bb+c&username=%20last%20&empty=&%zz=1");
    BOOST_TEST(query.find("username").value_or("") == "last");
    BOOST_TEST(!query.find("empty").has_value());
    BOOST_TEST(!query.find("absent").has_value());
    BOOST_TEST(query.find("%zz").value_or("") == "1");
}

BOOST_AUTO_TEST_SUITE_END()
