// What is left now: the settled balance less what running sessions have used since their last reports. The
// language of the stories is in tests/support/story.hpp.
#include "tests/support/story.hpp"

#include <boost/test/unit_test.hpp>

using hourglass::test::check;

BOOST_AUTO_TEST_SUITE(live_balance)

BOOST_AUTO_TEST_CASE(what_runs_burns_between_its_reports) {
    check(R"(
        user alice balance 1000
        expect left 1000 at=500
        at 0   start   s1                          -> opened
        expect left 1000 at=0
        expect left 940 at=60
        at 60  interim s1 time=60                  -> updated charged=60 balance=940
        expect left 940 at=60
        at 70  start   s2                          -> opened
        expect left 870 at=100
        expect balance 940
        at 100 stop    s1 time=100                 -> closed charged=40 balance=900
        expect left 870 at=100
        at 100 stop    s2 time=30                  -> closed charged=30 balance=870
        expect left 870 at=5000
    )");
}

BOOST_AUTO_TEST_CASE(it_never_falls_below_zero) {
    check(R"(
        user alice balance 100
        at 0   start s1                            -> opened
        at 0   start s2                            -> opened
        expect left 2 at=49
        expect left 0 at=50
        expect left 0 at=80
    )");
}

// A NAS whose clock is an hour slow, and a report that was underway for a while.
BOOST_AUTO_TEST_CASE(only_our_own_clock_counts) {
    check(R"(
        user alice balance 1000
        at -3600 start s1 arrives=0                -> opened
        expect left 990 at=10
        at -3500 interim s1 time=100 arrives=100   -> updated charged=100
        expect left 900 at=100
        at -3500 interim s1 time=100 arrives=130   -> duplicate
        expect left 870 at=130
    )");
}

// Three intervals of 300 seconds.
BOOST_AUTO_TEST_CASE(a_silent_session_burns_no_longer_than_the_stale_limit) {
    check(R"(
        user alice balance 5000
        at 0 start s1                              -> opened
        expect left 4101 at=899
        expect left 4100 at=900
        expect left 4100 at=100000
    )");
}

BOOST_AUTO_TEST_CASE(a_balance_is_set_as_of_now_and_the_next_report_does_not_eat_it) {
    check(R"(
        user alice balance 100
        at 0  start s1                             -> opened
        set balance 500 at=50
        expect left 500 at=50
        expect balance 550
        at 60 interim s1 time=60                   -> updated charged=60 balance=490
        expect left 490 at=60
        set balance none at=70
        expect left none at=80
        set balance 10 at=90
        at 95 stop s1 time=95                      -> closed charged=35 balance=5
        expect left 5 at=95
    )");
}

BOOST_AUTO_TEST_CASE(a_debit_is_held_against_what_is_left_now) {
    check(R"(
        user alice balance 100
        at 0  start s1                             -> opened
        credit -60 at=50                           -> insufficient
        credit -50 at=50                           -> before=100 after=50
        expect left 0 at=50
        credit +30 at=50                           -> before=50 after=80
        expect left 30 at=50
        at 50 interim s1 time=50                   -> updated charged=50 balance=30
    )");
}

BOOST_AUTO_TEST_SUITE_END()
