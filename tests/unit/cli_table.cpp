#include "cli/table.hpp"

#include <boost/test/unit_test.hpp>

using hourglass::cli::display_width;
using hourglass::cli::printable;
using hourglass::cli::Table;

BOOST_AUTO_TEST_SUITE(cli_table)

BOOST_AUTO_TEST_CASE(columns_are_aligned_by_what_the_terminal_shows) {
    Table table({"ID", "USER NAME", "ORG"});
    table.add({"7", "Zoë", "1"});
    table.add({"8", "山田", "12"});
    table.add({"9", "e\u0301a", "3"});
    BOOST_TEST(table.text() ==
               "ID  USER NAME  ORG\n"
               "7   Zoë        1\n"
               "8   山田       12\n"
               "9   e\u0301a         3\n");
}

BOOST_AUTO_TEST_CASE(a_table_without_rows_or_header_is_empty) {
    BOOST_TEST(Table().text().empty());
}

// A user may be called anything that is UTF-8; what others see of it must not act on their terminal.
BOOST_AUTO_TEST_CASE(a_hostile_name_cannot_drive_the_terminal) {
    BOOST_TEST(printable("\x1b[2Jgone") == "\\x1b[2Jgone");
    BOOST_TEST(printable("two\nlines\t") == "two\\x0alines\\x09");
    BOOST_TEST(printable("\u009b31m") == "\\x9b31m");
    BOOST_TEST(printable("a\u202egpj.exe") == "a\\u202egpj.exe");
    BOOST_TEST(printable("\xff\xc3") == "\\xff\\xc3");
    BOOST_TEST(printable(std::string_view("a\0b", 3)) == "a\\x00b");
    BOOST_TEST(printable("\x7f") == "\\x7f");
    BOOST_TEST(printable("Zoë 山田 🙂") == "Zoë 山田 🙂");
}

BOOST_AUTO_TEST_CASE(width_counts_columns_and_not_octets) {
    BOOST_TEST(display_width("abc") == 3U);
    BOOST_TEST(display_width("ë") == 1U);
    BOOST_TEST(display_width("e\u0301") == 1U);
    BOOST_TEST(display_width("山") == 2U);
}

BOOST_AUTO_TEST_SUITE_END()
