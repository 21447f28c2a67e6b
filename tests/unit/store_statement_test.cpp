// Statements: lines of credits, and pages in which two kinds of entries are one list.
#include "store/credit_text.hpp"

#include <boost/test/unit_test.hpp>

using namespace hourglass::store;
using namespace std::chrono_literals;

namespace {

Credit credit_at(std::uint64_t number, std::int64_t time) {
    Credit credit;
    credit.number = number;
    credit.time = Time(Seconds(time));
    return credit;
}

Session session_at(std::uint64_t number, std::int64_t started) {
    Session session;
    session.number = number;
    session.started = Time(Seconds(started));
    return session;
}

struct Name {
    std::string operator()(const Credit& credit) const { return "c" + std::to_string(credit.number); }
    std::string operator()(const Session& session) const { return "s" + std::to_string(session.number); }
    std::string operator()(const ForgottenCharges&) const { return "f"; }
};

std::string names_of(const Statement& page) {
    std::string names;
    for (const auto& entry : page.entries)
        names += std::visit(Name(), entry);
    return names;
}

// Credits 1, 2, 3 at 10, 30, 20 (two daemons' clocks differ), sessions 1, 2, 3 at 20, 5, 20.
Statement page(StatementPosition from, std::uint64_t limit, Seconds forgotten = 0s) {
    return make_page({credit_at(3, 20), credit_at(2, 30), credit_at(1, 10)},
                     {session_at(3, 20), session_at(2, 5), session_at(1, 20)}, forgotten, from, limit);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(store_statement)

BOOST_AUTO_TEST_CASE(a_credit_is_read_from_its_line) {
    const auto credit = parse_credit(3, "1700000000 -50 150 100 17:token 3 (billing)17:paid in\ncash 5:");
    BOOST_TEST_REQUIRE(credit.has_value());
    BOOST_TEST(credit->number == 3U);
    BOOST_TEST((credit->time == Time(1'700'000'000s)));
    BOOST_TEST((credit->seconds == -50s));
    BOOST_TEST((credit->before == Balance(150s)));
    BOOST_TEST((credit->after == Balance(100s)));
    BOOST_TEST(credit->source == "token 3 (billing)");
    BOOST_TEST(credit->reason == "17:paid in\ncash 5:");
    BOOST_TEST(!parse_credit(1, "1700000000 -50 100 - 4:testset")->after.has_value());
}

BOOST_AUTO_TEST_CASE(a_damaged_line_is_no_credit) {
    for (const auto* line : {"", "1", "1 2", "1 2 3", "1 2 3 4", "1 2 3 4 5", "1 2 3 4 5:test",
                             "x 2 3 4 4:test", "1 2 x 4 4:test", "1 2 3 x 4:test"}) {
        BOOST_TEST(!parse_credit(1, line).has_value(), line);
    }
}

BOOST_AUTO_TEST_CASE(credits_keep_their_order_and_sessions_stand_where_they_began) {
    BOOST_TEST(names_of(page({}, 10)) == "c3c2s3s1c1s2");
    BOOST_TEST(names_of(page({}, 10, 60s)) == "c3c2s3s1c1s2f");
    BOOST_TEST(names_of(make_page({}, {}, 0s, {}, 10)).empty());
    BOOST_TEST(!page({}, 10).next.has_value());
}

BOOST_AUTO_TEST_CASE(pages_of_any_size_lead_through_everything_once) {
    for (const auto forgotten : {0s, 60s}) {
        for (std::uint64_t limit = 1; limit <= 8; ++limit) {
            std::string names;
            std::optional<StatementPosition> position = StatementPosition();
            for (int pages = 0; position && pages < 10; ++pages) {
                const auto next = page(*position, limit, forgotten);
                BOOST_TEST(!next.entries.empty());
                BOOST_TEST(next.entries.size() <= limit);
                names += names_of(next);
                position = next.next;
            }
            BOOST_TEST(names == (forgotten == 0s ? "c3c2s3s1c1s2" : "c3c2s3s1c1s2f"));
        }
    }
}

BOOST_AUTO_TEST_CASE(what_is_added_meanwhile_does_not_move_the_next_page) {
    const auto first = page({}, 3);
    BOOST_TEST(names_of(first) == "c3c2s3");
    BOOST_TEST_REQUIRE(first.next.has_value());
    const auto second = make_page({credit_at(4, 40), credit_at(3, 20), credit_at(2, 30), credit_at(1, 10)},
                                  {session_at(4, 50), session_at(3, 20), session_at(2, 5), session_at(1, 20)},
                                  0s, *first.next, 3);
    BOOST_TEST(names_of(second) == "s1c1s2");
}

BOOST_AUTO_TEST_CASE(the_balance_is_what_was_credited_less_what_was_consumed) {
    Statement statement;
    statement.consumed = 40s;
    BOOST_TEST(!statement.balance().has_value());
    statement.credited = 100s;
    BOOST_TEST((statement.balance() == Balance(60s)));
}

BOOST_AUTO_TEST_SUITE_END()
