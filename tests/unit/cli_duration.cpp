#include "cli/duration.hpp"

#include <boost/test/unit_test.hpp>

#include <array>

using hourglass::cli::format_duration;
using hourglass::cli::parse_duration;

namespace {

struct Row {
    const char* text;
    std::int64_t seconds;
};

constexpr std::int64_t refused = -1;

constexpr std::array rows{
    Row{"0",                      0        },
    Row{"3600",                   3600     },
    Row{"1h30m",                  5400     },
    Row{"90m",                    5400     },
    Row{"1d2h3m4s",               93'784   },
    Row{"2d",                     172'800  },
    Row{"0h",                     0        },
    Row{"9223372036854775807",    INT64_MAX},
    Row{"9223372036854775808",    refused  },
    Row{"9223372036854775807s",   INT64_MAX},
    Row{"106751991167301d",       refused  },
    Row{"9223372036854775807m",   refused  },
    Row{"1m9223372036854775807s", refused  },
    Row{"",                       refused  },
    Row{"h",                      refused  },
    Row{"-5",                     refused  },
    Row{"+1h",                    refused  },
    Row{"1h30",                   refused  },
    Row{"30m1h",                  refused  },
    Row{"1h1h",                   refused  },
    Row{"1.5h",                   refused  },
    Row{"1h 30m",                 refused  },
    Row{"5x",                     refused  },
};

}  // namespace

BOOST_AUTO_TEST_SUITE(cli_duration)

BOOST_AUTO_TEST_CASE(durations_are_read_as_people_write_them) {
    for (const auto& row : rows) {
        BOOST_TEST_CONTEXT("\"" << row.text << "\"") {
            const auto duration = parse_duration(row.text);
            BOOST_TEST((duration ? duration->count() : refused) == row.seconds);
        }
    }
}

BOOST_AUTO_TEST_CASE(changes_may_have_a_sign) {
    using hourglass::cli::parse_signed_duration;
    using std::chrono::seconds;
    BOOST_TEST((parse_signed_duration("+1h30m") == std::optional(seconds(5400))));
    BOOST_TEST((parse_signed_duration("-1h30m") == std::optional(seconds(-5400))));
    BOOST_TEST((parse_signed_duration("60") == std::optional(seconds(60))));
    for (const auto* text : {"", "+", "-", "--1", "+-1", "- 1", "1-"})
        BOOST_TEST(!parse_signed_duration(text).has_value(), text);
}

BOOST_AUTO_TEST_CASE(what_is_shown_leaves_out_units_that_are_zero) {
    using std::chrono::seconds;
    BOOST_TEST(format_duration(seconds(0)) == "0s");
    BOOST_TEST(format_duration(seconds(5400)) == "1h 30m");
    BOOST_TEST(format_duration(seconds(86'401)) == "1d 1s");
    BOOST_TEST(format_duration(seconds(-5400)) == "-1h 30m");
    BOOST_TEST(format_duration(seconds::min()) == "-106751991167300d 15h 30m 8s");
}

BOOST_AUTO_TEST_SUITE_END()
