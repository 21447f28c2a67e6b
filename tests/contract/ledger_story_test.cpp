// The ledger's promises as stories; the language is in tests/support/story.hpp. After every line the charges
// of the sessions are compared with what the account says was consumed.
#include "tests/support/story.hpp"

#include <boost/test/unit_test.hpp>

using hourglass::test::check;

BOOST_AUTO_TEST_SUITE(ledger_stories)

BOOST_AUTO_TEST_CASE(a_session_is_charged_by_what_each_report_adds) {
    check(R"(
        user alice balance 1000
        at 0   start   s1                          -> opened charged=0 balance=1000
        at 60  interim s1 time=60 in=1 out=2       -> updated charged=60 balance=940
        at 120 interim s1 time=120 in=10 out=20    -> updated charged=60 balance=880
        expect s1 open time=120 charged=120 in=10 out=20 started=0
        at 150 stop    s1 time=150 in=11 out=21    -> closed charged=30 balance=850
        expect s1 closed time=150 charged=150 in=11 out=21
        expect balance 850
    )");
}

BOOST_AUTO_TEST_CASE(repeats_change_nothing_even_hours_later_with_a_new_identifier) {
    check(R"(
        user alice balance 1000
        at 0   start   s1                          -> opened
        at 0   start   s1 arrives=9                -> duplicate
        at 60  interim s1 time=60 in=1 out=2       -> updated charged=60
        at 60  interim s1 time=60 in=1 out=2       -> duplicate charged=0
        at 100 stop    s1 time=100 in=3 out=4      -> closed charged=40
        at 100 stop    s1 time=100 in=3 out=4      -> duplicate charged=0
        at 60  interim s1 time=60 in=1 out=2 arrives=20000   -> duplicate charged=0
        at 100 stop    s1 time=100 in=3 out=4 arrives=20000  -> duplicate charged=0
        at 0   start   s1 arrives=20000            -> duplicate
        at 20000 stop  s1 time=100 in=3 out=4      -> duplicate charged=0
        expect s1 closed time=100 charged=100 in=3 out=4
        expect sessions 1
        expect balance 900
    )");
}

// UDP keeps no order: a Stop may overtake its Start. The late Start must not reopen the session.
BOOST_AUTO_TEST_CASE(stop_overtaking_start_leaves_the_session_closed) {
    check(R"(
        user alice balance 1000
        at 510 stop  s1 time=500 in=500 out=20     -> closed charged=500
        at 10  start s1                            -> duplicate
        expect s1 closed time=500 in=500 out=20 started=10
        expect sessions 1
        expect balance 500
    )");
}

BOOST_AUTO_TEST_CASE(a_late_interim_overwrites_nothing) {
    check(R"(
        user alice balance 1000
        at 0   start   s1                             -> opened
        at 120 interim s1 time=120 in=10 out=20 ip=b  -> updated charged=120
        at 60  interim s1 time=60  in=1  out=2  ip=a  -> duplicate charged=0
        expect s1 open time=120 in=10 out=20 ip=b
    )");
}

BOOST_AUTO_TEST_CASE(a_stop_that_reports_less_closes_and_charges_nothing) {
    check(R"(
        user alice balance 1000
        at 120 interim s1 time=120 in=10           -> opened charged=120
        at 130 stop    s1 time=100 in=9            -> closed charged=0
        expect s1 closed time=120 in=10
        expect balance 880
    )");
}

BOOST_AUTO_TEST_CASE(a_grown_report_after_the_stop_settles_and_stays_closed) {
    check(R"(
        user alice balance 1000
        at 100 stop    s1 time=100                 -> closed charged=100
        at 120 interim s1 time=120                 -> updated charged=20
        at 130 stop    s1 time=130                 -> updated charged=10
        expect s1 closed time=130 charged=130
        expect balance 870
    )");
}

BOOST_AUTO_TEST_CASE(what_the_balance_does_not_cover_is_kept_as_uncovered) {
    check(R"(
        user alice balance 100
        at 90  interim s1 time=90                  -> opened charged=90 uncovered=0 balance=10
        at 130 interim s1 time=130                 -> updated charged=10 uncovered=30 balance=0
        at 140 stop    s1 time=140                 -> closed charged=0 uncovered=10 balance=0
        expect s1 closed time=140 charged=100 uncovered=40
        expect balance 0
        set balance 50
        at 140 stop    s1 time=140                 -> duplicate charged=0 balance=50
        expect balance 50
    )");
}

BOOST_AUTO_TEST_CASE(two_sessions_burn_one_balance) {
    check(R"(
        user alice balance 100
        at 60 interim s1 time=60                   -> opened charged=60
        at 60 interim s2 time=60                   -> opened charged=40 uncovered=20
        at 60 interim s1 nas=two time=5            -> opened charged=0 uncovered=5
        expect s1 open time=5 uncovered=5
        expect sessions 3
        expect balance 0
    )");
}

BOOST_AUTO_TEST_CASE(time_that_is_not_metered_is_recorded_and_free) {
    check(R"(
        user alice balance none
        at 60  interim s1 time=60                  -> opened charged=0 uncovered=0 balance=none
        set balance 100
        at 70  interim s1 time=70                  -> updated charged=10 balance=90
        set balance none
        at 80  stop    s1 time=80                  -> closed charged=0 balance=none
        expect s1 closed time=80 charged=10
        expect balance none
    )");
}

BOOST_AUTO_TEST_CASE(octets_are_exact_to_the_last_of_64_bits) {
    check(R"(
        user alice balance none
        at 10 interim s1 time=10 in=9007199254740993 out=18446744073709551614   -> opened
        expect s1 open in=9007199254740993 out=18446744073709551614
        at 20 interim s1 time=20 in=9007199254740995 out=18446744073709551615   -> updated
        expect s1 open in=9007199254740995 out=18446744073709551615
        at 20 stop s1 time=20 in=9007199254740994 out=18446744073709551615      -> closed
        expect s1 closed in=9007199254740995 out=18446744073709551615
    )");
}

BOOST_AUTO_TEST_CASE(a_reused_id_begins_a_new_stay_when_it_starts_after_the_stop) {
    check(R"(
        user alice balance 1000
        at 0   start s1                            -> opened
        at 50  stop  s1 time=50                    -> closed charged=50
        at 60  start s1                            -> opened charged=0
        at 90  interim s1 time=30                  -> updated charged=30
        at 50  stop  s1 time=50 arrives=95         -> duplicate charged=0
        at 0   start s1 arrives=96                 -> duplicate
        at 51  stop  s1 time=51 arrives=97         -> updated charged=1
        expect s1 open time=30 charged=30 started=60
        at 100 stop  s1 time=40                    -> closed charged=10
        at 110 start s1                            -> opened
        at 120 stop  s1 time=10                    -> closed charged=10
        at 50  stop  s1 time=52 arrives=200        -> updated charged=1
        expect sessions 3
        expect balance 898
    )");
}

// A NAS that had the wrong time when the session began: its Stop is of an earlier second than its Start,
// which comes again. A real new stay has a second of its own.
BOOST_AUTO_TEST_CASE(a_repeated_start_opens_no_stay_when_the_clock_of_the_nas_was_put_back) {
    check(R"(
        user alice balance 1000
        at 100 start s1                            -> opened
        at 50  stop  s1 time=20 arrives=120        -> closed charged=20
        at 100 start s1 arrives=121                -> duplicate
        expect sessions 1
        at 60  start s1 arrives=130                -> opened
        at 70  stop  s1 time=10 arrives=140        -> closed charged=10
        expect sessions 2
        expect balance 970
    )");
}

BOOST_AUTO_TEST_CASE(a_detail_that_a_later_report_does_not_say_keeps_its_value) {
    check(R"(
        user alice balance 1000
        at 0   start   s1 ip=10.0.0.7              -> opened
        at 60  interim s1 time=60 ip=              -> updated
        expect s1 open ip=10.0.0.7
        at 90  interim s1 time=90 ip=10.0.0.8      -> updated
        at 120 stop    s1 time=120 ip=             -> closed
        expect s1 closed ip=10.0.0.8
    )");
}

BOOST_AUTO_TEST_CASE(a_restart_of_the_nas_closes_at_the_last_proven_second) {
    check(R"(
        user alice balance 1000
        at 0  start   s1                           -> opened
        at 30 interim s1 time=30                   -> updated charged=30
        at 35 start   s2                           -> opened
        at 45 start   s3                           -> opened
        at 0  start   s4 nas=two                   -> opened
        nas on at 40 nas=nas1                      -> closed 2
        nas on at 40 nas=nas1                      -> closed 0
        expect s4 open time=0
        at 46 interim s3 nas=nas1 time=1           -> updated
        expect s1 closed time=30 charged=30
        expect s2 closed time=0
        expect s3 open time=1
        expect balance 969
    )");
}

BOOST_AUTO_TEST_CASE(a_stop_after_the_restart_settles_visibly) {
    check(R"(
        user alice balance 1000
        at 30 interim s1 time=30                   -> opened charged=30
        nas on at 40                               -> closed 1
        at 38 stop s1 time=38 arrives=41           -> updated charged=8
        expect s1 closed time=38 charged=38
        expect balance 962
    )");
}

BOOST_AUTO_TEST_CASE(after_a_restart_every_start_is_a_new_stay) {
    check(R"(
        user alice balance 1000
        at 30 interim s1 time=30                   -> opened charged=30
        nas on at 40                               -> closed 1
        at 39 start s1 arrives=41                  -> duplicate
        at 40 start s1                             -> opened
        at 50 stop  s1 time=10                     -> closed charged=10
        at 35 stop  s1 time=35 arrives=60          -> updated charged=5
        expect s1 closed time=10 charged=10
        expect sessions 2
        expect balance 955
    )");
}

// Some NASes say Accounting-On while their sessions go on.
BOOST_AUTO_TEST_CASE(an_interim_after_the_restart_reopens_what_the_nas_still_runs) {
    check(R"(
        user alice balance 1000
        at 30 interim s1 time=30                   -> opened charged=30
        nas on at 40                               -> closed 1
        at 60 interim s1 time=60                   -> updated charged=30
        expect s1 open time=60 charged=60
        nas on at 70                               -> closed 1
        expect s1 closed time=60
        at 80 interim s1 time=60                   -> duplicate charged=0
        expect sessions 1
        expect balance 940
    )");
}

BOOST_AUTO_TEST_CASE(usage_of_an_unknown_user_is_recorded_and_charged_to_nobody) {
    check(R"(
        at 0   start   s1 user=nobody              -> opened unknown balance=none
        at 60  interim s1 user=nobody time=60      -> updated unknown charged=0
        at 60  interim s1 user=nobody time=60      -> duplicate unknown
        at 70  stop    s1 user=nobody time=70      -> closed unknown charged=0
    )");
}

BOOST_AUTO_TEST_CASE(a_user_made_after_the_fact_pays_from_then_on) {
    check(R"(
        at 0   start   s1 user=alice               -> opened unknown
        user alice balance 100
        at 60  interim s1 user=alice time=60       -> opened charged=60 balance=40
        at 70  stop    s1 user=alice time=70       -> closed charged=10 balance=30
    )");
}

BOOST_AUTO_TEST_CASE(no_second_is_lost_or_doubled_when_redis_dies) {
    check(R"(
        user alice balance 1000
        at 0   start   s1                          -> opened
        at 60  interim s1 time=60                  -> updated charged=60
        redis dies
        at 60  interim s1 time=60                  -> duplicate charged=0
        at 120 interim s1 time=120                 -> updated charged=60
        redis dies
        nas on at 130                              -> closed 1
        redis dies
        at 125 stop    s1 time=125                 -> updated charged=5
        redis dies
        at 125 stop    s1 time=125                 -> duplicate
        expect s1 closed time=125 charged=125
        expect balance 875
    )");
}

BOOST_AUTO_TEST_CASE(scripts_that_redis_forgot_are_loaded_again) {
    check(R"(
        user alice balance 1000
        at 60  interim s1 time=60                  -> opened charged=60
        redis forgets its scripts
        at 90  interim s1 time=90                  -> updated charged=30
        expect balance 910
    )");
}

BOOST_AUTO_TEST_SUITE_END()
