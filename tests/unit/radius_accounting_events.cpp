// What listeners are told of a report: beginnings, ends, and time that runs out.
#include "radius/accounting_events.hpp"
#include "tests/support/radius_packets.hpp"

#include <boost/test/unit_test.hpp>

namespace hourglass::radius {
namespace {

using namespace std::chrono_literals;
using store::Applied;
using store::EventType;
using store::Seconds;
using test::attribute;
using test::packet;
using Outcome = Applied::Outcome;

constexpr store::Time now{1'800'000'000s};
const Client client{.name = "lab", .network = {}, .secret = "s"};

struct CrossingRow {
    const char* name;
    Seconds before;
    Seconds after;
    std::vector<Seconds> thresholds;
    std::optional<Seconds> crossed;
};

const std::array crossings{
    CrossingRow{"far above",                       3600s, 3000s, {300s},        {}   },
    CrossingRow{"from above to below",             301s,  299s,  {300s},        300s },
    CrossingRow{"just reached",                    301s,  300s,  {300s},        300s },
    CrossingRow{"was there already",               300s,  200s,  {300s},        {}   },
    CrossingRow{"below for long",                  200s,  100s,  {300s},        {}   },
    CrossingRow{"over two: the nearer to the end", 4000s, 10s,   {3600s, 300s}, 300s },
    CrossingRow{"over the higher of two",          4000s, 400s,  {300s, 3600s}, 3600s},
    CrossingRow{"nothing moved",                   300s,  300s,  {300s},        {}   },
    CrossingRow{"a credit",                        100s,  900s,  {300s},        {}   },
    CrossingRow{"no thresholds",                   301s,  0s,    {},            {}   },
};

// An Accounting-Request lives as long as the views into it.
class Report {
public:
    Report()
        : octets_(
              packet(Code::accounting_request,
                     {attribute(attr::user_name, "ann"), attribute(attr::acct_session_id, "s1"),
                      attribute(attr::calling_station_id, "02-00"), attribute(attr::acct_session_time, 60),
                      attribute(attr::acct_terminate_cause, 1)})) {}

    AccountingEvents events(const Applied& applied, std::vector<Seconds> thresholds = {300s}) const {
        const Policy policy{.low_balance = std::move(thresholds)};
        return events_of(decode(octets_).value(), client, applied, now, policy);
    }

private:
    test::Octets octets_;
};

Applied applied(Outcome outcome, Seconds charged = 0s, store::Balance balance = {}) {
    Applied made;
    made.outcome = outcome;
    made.is_known_user = true;
    made.user = 17;
    made.organization = 3;
    made.charged = charged;
    made.balance = balance;
    return made;
}

BOOST_AUTO_TEST_SUITE(radius_accounting_events)

BOOST_AUTO_TEST_CASE(a_threshold_is_crossed_from_above_only) {
    for (const auto& row : crossings)
        BOOST_TEST_CONTEXT(row.name) {
            BOOST_TEST((crossed_threshold(row.before, row.after, row.thresholds) == row.crossed));
        }
}

BOOST_AUTO_TEST_CASE(a_session_that_opens_is_a_start) {
    const Report report;
    const auto events = report.events(applied(Outcome::opened, 0s, 3600s));
    BOOST_TEST_REQUIRE(events.size() == 1U);
    const auto& start = events.front();
    BOOST_TEST((start.type == EventType::start));
    BOOST_TEST((start.time == now));
    BOOST_TEST(start.user == 17);
    BOOST_TEST(start.organization == 3);
    BOOST_TEST(start.username == "ann");
    BOOST_TEST(start.nas == "lab");
    BOOST_TEST(start.session_id == "s1");
    BOOST_TEST(start.calling_station_id == "02-00");
    BOOST_TEST((start.balance == 3600s));
}

BOOST_AUTO_TEST_CASE(a_session_that_closes_is_a_stop_with_its_time_and_cause) {
    const Report report;
    const auto events = report.events(applied(Outcome::closed, 60s, 3540s));
    BOOST_TEST_REQUIRE(events.size() == 1U);
    BOOST_TEST((events.front().type == EventType::stop));
    BOOST_TEST((events.front().seconds == 60s));
    BOOST_TEST(events.front().reason == "User-Request");
}

BOOST_AUTO_TEST_CASE(repeats_and_most_interims_are_no_events) {
    const Report report;
    BOOST_TEST(report.events(applied(Outcome::duplicate, 0s, 0s)).empty());
    BOOST_TEST(report.events(applied(Outcome::updated, 60s, 3000s)).empty());
    BOOST_TEST(report.events(applied(Outcome::updated, 60s, {})).empty());
}

BOOST_AUTO_TEST_CASE(time_that_runs_low_is_told_once_and_its_end_in_place_of_it) {
    const Report report;
    const auto low = report.events(applied(Outcome::updated, 60s, 250s));
    BOOST_TEST_REQUIRE(low.size() == 1U);
    BOOST_TEST((low.front().type == EventType::low_balance));
    BOOST_TEST((low.front().seconds == 300s));
    BOOST_TEST((low.front().balance == 250s));
    BOOST_TEST(report.events(applied(Outcome::updated, 60s, 190s)).empty());

    const auto end = report.events(applied(Outcome::updated, 400s, 0s));
    BOOST_TEST_REQUIRE(end.size() == 1U);
    BOOST_TEST((end.front().type == EventType::exhausted));
    BOOST_TEST(report.events(applied(Outcome::updated, 0s, 0s)).empty());
}

BOOST_AUTO_TEST_CASE(a_session_of_nobody_is_an_anomaly_that_no_organization_sees) {
    const Report report;
    Applied of_nobody;
    of_nobody.outcome = Outcome::opened;
    const auto events = report.events(of_nobody);
    BOOST_TEST_REQUIRE(events.size() == 2U);
    BOOST_TEST((events.back().type == EventType::anomaly));
    BOOST_TEST(events.back().reason == "unknown_user");
    BOOST_TEST(events.back().organization == 0);
}

BOOST_AUTO_TEST_CASE(a_counter_that_no_honest_clock_makes_is_an_anomaly_beside_what_else_happened) {
    auto jumped = applied(Outcome::updated, 400s, 0s);
    jumped.anomaly = store::Anomaly::time_jumped;
    const auto events = Report().events(jumped);
    BOOST_TEST_REQUIRE(events.size() == 2U);
    BOOST_TEST((events.front().type == EventType::anomaly));
    BOOST_TEST(events.front().reason == "time_jumped");
    BOOST_TEST((events.back().type == EventType::exhausted));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace hourglass::radius
