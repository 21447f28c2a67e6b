// UUCP's time strings. 2026-11-22 is a Sunday.
#include "store/login_time.hpp"

#include <boost/test/unit_test.hpp>

namespace hourglass::store {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

constexpr Time sunday = std::chrono::sys_days(std::chrono::year(2026) / 11 / 22);
constexpr Time monday = sunday + days(1);
constexpr Time saturday = sunday + days(6);

struct Row {
    const char* text;
    Time now;
    std::optional<Seconds> left;  // zero: outside; nullopt: for ever
};

const std::array rows{
    Row{"Wk0800-1700",             monday + 8h,            9h          },
    Row{"Wk0800-1700",             monday + 8h - 1s,       0s          },
    Row{"Wk0800-1700",             monday + 17h - 1s,      1s          },
    Row{"Wk0800-1700",             monday + 17h,           0s          },
    Row{"Wk0800-1700",             sunday + 9h,            0s          },
    Row{"Wk0800-1700",             saturday + 9h,          0s          },
    Row{"wK0800-1700",             monday + 9h,            8h          },
    Row{"Wk0800-1700,Sa",          saturday,               24h         },
    Row{"Wk0800-1700|Sa,Su",       saturday,               48h         },
    Row{"Sa,Su,Mo0000-0600",       saturday + 23h,         31h         },
    Row{"Su",                      sunday,                 24h         },
    Row{"Su",                      monday,                 0s          },
    Row{"MoWeFr0900-1200",         sunday + days(3) + 11h, 1h          },
    Row{"MoWeFr0900-1200",         sunday + days(2) + 11h, 0s          },
    Row{" Mo0900-1200 , Tu ",      sunday + days(2),       24h         },
    Row{"Mo0900-1200,Mo1100-1400", monday + 10h,           4h          },
    Row{"Mo0900-1200,Mo1200-1400", monday + 10h,           4h          },
    Row{"Any",                     monday + 3h,            std::nullopt},
    Row{"Al0000-2400",             monday + 3h,            std::nullopt},
    Row{"SuMoTuWeThFrSa",          saturday + 24h - 1s,    std::nullopt},
    // Before the end and after the beginning of the same day.
    Row{"Wk2305-0855",             monday,                 8h + 55min  },
    Row{"Wk2305-0855",             monday + 8h + 55min,    0s          },
    Row{"Wk2305-0855",             monday + 23h + 5min,    9h + 50min  },
    Row{"Wk2305-0855",             sunday + 23h + 30min,   0s          },
    Row{"Sa2200-0400",             saturday + 1h,          3h          },
    Row{"Sa2200-0400",             saturday + 22h,         2h          },
    Row{"Sa2200-0400",             sunday + 1h,            0s          },
    Row{"Any2200-0400",            saturday + 23h,         5h          },
};

BOOST_AUTO_TEST_SUITE(store_login_time)

BOOST_AUTO_TEST_CASE(a_window_ends_when_it_says) {
    for (const auto& row : rows)
        BOOST_TEST_CONTEXT(row.text << " at " << (row.now - sunday).count() << " s of the week") {
            const auto parsed = LoginTime::parse(row.text);
            BOOST_TEST_REQUIRE(parsed.has_value());
            BOOST_TEST((parsed->time_left(row.now) == row.left));
            BOOST_TEST(parsed->is_inside(row.now) == (row.left != Seconds::zero()));
        }
}

BOOST_AUTO_TEST_CASE(a_week_is_like_every_other_and_1970_too) {
    const auto thursdays = LoginTime::parse("Th");
    BOOST_TEST(thursdays->is_inside(Time{}));
    BOOST_TEST(!thursdays->is_inside(Time{} - 1s));
    BOOST_TEST(thursdays->is_inside(Time{} + days(7 * 3000)));
}

BOOST_AUTO_TEST_CASE(what_is_no_time_string_is_refused_with_a_sentence) {
    for (const auto* text : {"", ",", "Wk0800-1700,", "Xx", "0800-1700", "Wk0800", "Wk800-1700",
                             "Wk0800-1760", "Wk0800-2401", "Wk0800-0800", "Wk0800-1700Sa", "Wk 0800-1700",
                             "Mo-Fr0800-1700", "Wk-800-1700", "Wk0800+1700", "Wk0800-17000", "W"})
        BOOST_TEST_CONTEXT(text) {
            const auto parsed = LoginTime::parse(text);
            BOOST_TEST_REQUIRE(!parsed.has_value());
            BOOST_TEST(parsed.error().sentence.ends_with("."));
        }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace hourglass::store
