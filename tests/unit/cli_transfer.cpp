// What the tool shows of a long transfer, and how it counts what streams by.
#include "cli/progress.hpp"
#include "cli/row_counter.hpp"

#include <boost/test/unit_test.hpp>

#include <vector>

using namespace hourglass::cli;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(cli_transfer)

BOOST_AUTO_TEST_CASE(a_progress_line_says_what_is_known) {
    BOOST_TEST(progress_line({.rows = 1'234'567, .share = 0.5, .elapsed = 100s}) ==
               "1,234,567 rows  12,345/s  50 %  1m 40s left");
    BOOST_TEST(progress_line({.rows = 999, .share = {}, .elapsed = 1s}) == "999 rows  999/s");
    BOOST_TEST(progress_line({.rows = 0, .share = 0.0, .elapsed = 0s}) == "0 rows  0 %");
    BOOST_TEST(progress_line({.rows = 5, .share = 1.7, .elapsed = 5s}) == "5 rows  1/s  100 %  0s left");
}

BOOST_AUTO_TEST_CASE(rows_of_csv_are_not_its_lines) {
    const std::string text = "username,description\r\nann,\"two\nlines, \"\"quoted\"\"\n\"\r\nben,\r\n";
    for (std::size_t octets = 1; octets < text.size(); ++octets) {
        RowCounter csv(true);
        RowCounter ndjson(false);
        for (std::size_t at = 0; at < text.size(); at += octets) {
            csv.take(std::string_view(text).substr(at, octets));
            ndjson.take(std::string_view(text).substr(at, octets));
        }
        BOOST_TEST(csv.rows() == 2U);
        BOOST_TEST(ndjson.rows() == 5U);
    }
}

BOOST_AUTO_TEST_CASE(lines_of_json_are_whole_however_they_arrive) {
    const std::string text = "{\"row\":1}\nnonsense\n[]\n{\"row\":2}\n{\"row\":";
    for (std::size_t octets = 1; octets < text.size(); ++octets) {
        std::vector<int> rows;
        JsonLines lines([&](const Json& line) { rows.push_back(line["row"].get<int>()); });
        for (std::size_t at = 0; at < text.size(); at += octets)
            lines.take(std::string_view(text).substr(at, octets));
        BOOST_TEST(rows == (std::vector{1, 2}), boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_SUITE_END()
