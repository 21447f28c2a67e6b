// Times as clients write them, in UTC as replies show them.
#include "api/datetime.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <ostream>

using namespace hourglass::api;

namespace {

struct Row {
    std::string_view sent;
    std::string_view shown;
};

std::ostream& operator<<(std::ostream& out, const Row& row) {
    return out << row.sent;
}

const auto accepted = std::to_array<Row>({
    {"2024-12-31T23:59:59Z",         "2024-12-31T23:59:59Z"       },
    {"2024-12-31 23:59:59Z",         "2024-12-31T23:59:59Z"       },
    {"2024-12-31T23:59:59",          "2024-12-31T23:59:59Z"       },
    {"2024-12-31T23:59",             "2024-12-31T23:59:00Z"       },
    {"2024-1-2T3:04",                "2024-01-02T03:04:00Z"       },
    {"2024-12-31T23:59+02:00",       "2024-12-31T21:59:00Z"       },
    {"2024-12-31T23:59:59-0530",     "2025-01-01T05:29:59Z"       },
    {"2024-12-31T23:59:59+02",       "2024-12-31T21:59:59Z"       },
    {"2024-12-31T23:59:59 Z",        "2024-12-31T23:59:59Z"       },
    {"2024-12-31T23:59:59.5Z",       "2024-12-31T23:59:59.500000Z"},
    {"2024-12-31T23:59:59,000001Z",  "2024-12-31T23:59:59.000001Z"},
    {"2024-12-31T23:59:59.1234567Z", "2024-12-31T23:59:59.123456Z"},
    {"2024-12-31T23:59:59.000000Z",  "2024-12-31T23:59:59Z"       },
    {"2024-02-29T00:00Z",            "2024-02-29T00:00:00Z"       },
    {"0001-01-01T00:00:00Z",         "0001-01-01T00:00:00Z"       },
    {"1969-12-31T23:59:59.500000Z",  "1969-12-31T23:59:59.500000Z"},
    {"9999-12-31T23:59:59.999999Z",  "9999-12-31T23:59:59.999999Z"},
});

const auto refused = std::to_array<std::string_view>({
    "",
    "2024-12-31",
    "2024-12-31T",
    "2024-12-31T23",
    "2024-12-31T24:00",
    "2024-12-31T23:60",
    "2024-12-31T23:59:60",
    "2023-02-29T00:00",
    "2024-13-01T00:00",
    "2024-00-01T00:00",
    "0000-01-01T00:00",
    "24-12-31T23:59",
    "2024-12-31t23:59",
    "2024-12-31T23:59z",
    "2024-12-31T23:59:59.",
    "2024-12-31T23:59:59.1234567890123",
    "2024-12-31T23:59:59+2:00",
    "2024-12-31T23:59:59+24:00",
    "2024-12-31T23:59:59Zx",
    " 2024-12-31T23:59:59Z",
    "yesterday",
});

}  // namespace

BOOST_AUTO_TEST_SUITE(api_datetime)

BOOST_DATA_TEST_CASE(a_time_is_shown_in_utc_with_the_fraction_it_has, accepted) {
    const auto moment = parse_datetime(sample.sent);
    BOOST_REQUIRE(moment.has_value());
    BOOST_TEST(show_datetime(*moment) == sample.shown);
}

BOOST_DATA_TEST_CASE(a_stored_time_reads_back_as_the_same_moment, accepted) {
    const auto moment = *parse_datetime(sample.sent);
    BOOST_TEST((read_stored_datetime(store_datetime(moment)) == moment));
}

BOOST_DATA_TEST_CASE(what_is_no_time_is_refused, refused) {
    const auto moment = parse_datetime(sample);
    BOOST_REQUIRE(moment.has_error());
    BOOST_TEST((moment.error() == TimeError::wrong_format));
}

BOOST_AUTO_TEST_CASE(a_zone_must_not_move_a_time_out_of_the_calendar) {
    BOOST_TEST((parse_datetime("9999-12-31T23:59:59-00:01").error() == TimeError::out_of_range));
    BOOST_TEST((parse_datetime("0001-01-01T00:00:00+00:01").error() == TimeError::out_of_range));
}

BOOST_AUTO_TEST_CASE(whole_seconds_are_stored_without_a_fraction) {
    BOOST_TEST(store_datetime(*parse_datetime("1970-01-01T00:01:00Z")) == "60");
    BOOST_TEST(store_datetime(*parse_datetime("1970-01-01T00:01:00.25Z")) == "60.250000");
    BOOST_TEST(store_datetime(*parse_datetime("1969-12-31T23:59:58.75Z")) == "-1.250000");
}

BOOST_AUTO_TEST_CASE(a_date_is_a_day_of_the_calendar) {
    BOOST_TEST(parse_date("1995-06-15").value_or("") == "1995-06-15");
    BOOST_TEST(parse_date("1995-6-5").value_or("") == "1995-06-05");
    for (const auto* text : {"", "1995-06-31", "95-06-15", "1995/06/15", "1995-06-15T00:00", "15.6.1995"}) {
        BOOST_TEST(!parse_date(text).has_value());
    }
}

BOOST_AUTO_TEST_SUITE_END()
