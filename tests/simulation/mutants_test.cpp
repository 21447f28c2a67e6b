// Whether the simulation would notice: scripts with one deliberate mistake each, the kind that loses or
// doubles somebody's time. Each has to break a promise within a bounded number of events. A mutant whose text
// is no longer in its script fails with a sentence: give it the new text.
#include "tests/simulation/simulation.hpp"

using namespace hourglass;
using test::Mutant;

namespace {

constexpr std::size_t events_max = 3000;
constexpr unsigned seeds_max = 3;

constexpr std::string_view accounting = "apply_accounting";
constexpr std::string_view credit = "add_credit";
constexpr std::string_view user = "write_user";

// clang-format off
constexpr auto mutants = std::to_array<Mutant>({
    {"a repeated report is charged again",      accounting, "local used = reported - session.mark", "local used = reported"},
    {"a mark falls with an older report",       accounting, "if used < 0 then return false end", "if used < 0 then session.mark = reported return true end"},
    {"every report loses a second",             accounting, "session.mark = reported", "session.mark = reported - 1"},
    {"the balance goes below zero",             accounting, "math.min(used, math.max(0, credited - consumed))", "used"},
    {"a second too many is covered",            accounting, "local covered = math.min(used, ", "local covered = math.min(used + 1, 1 + "},
    {"what is not covered is not noted",        accounting, "session.uncovered + uncovered", "session.uncovered"},
    {"a session forgets what it was charged",   accounting, "session.charged, session.uncovered = session.charged + charged", "session.charged, session.uncovered = charged"},
    {"who is not metered is charged later",     accounting, "if credited then\n        local covered", "if true then credited = credited or consumed\n        local covered"},
    {"the Stop forgets the mark",               accounting, "    save_closed(field, session)\n    sweep()", "    sweep()"},
    {"an Accounting-On forgets the mark",       accounting, "close(current, 'nas')", "redis.call('HDEL', account_key, field)"},
    {"an Accounting-On charges the outage",     accounting, "    close(current, 'nas')", "    reported = event - current.start take(current) close(current, 'nas')"},
    {"an Accounting-On closes what came later", accounting, "if not current or current.start >= event then", "if not current then"},
    {"an Accounting-On is not heeded",          accounting, "if not current or current.start >= event then", "if true then"},
    {"a late Start forgets the mark",           accounting, "if status == 'start' and (event > closed.closed_at or", "if status == 'start' and (true or"},
    {"a repeated Start begins anew",            accounting, "    if status == 'start' then return answer('duplicate', place, current) end", "    if status == 'start' then current = open(current.previous) save_open(current) return answer('opened', 'open', current) end"},
    {"two stays under one id are one",          accounting, "if status == 'start' and (event > closed.closed_at or", "if false and (event > closed.closed_at or"},
    {"the stay before under an id is lost",     accounting, "closed.closed_at, closed.cause, closed.heard))", "closed.closed_at, closed.cause, closed.heard)) redis.call('HDEL', closed_key, field .. '#' .. closed.number)"},
    {"late reports go to the newest stay",      accounting, "if stay and event < stay.start and stay.previous > 0 then", "if false then"},
    {"a late Stop does not settle",             accounting, "    take(session)\n    save_closed(name, session)", "    save_closed(name, session)"},
    {"a late report settles without paying",    accounting, "    if charged > 0 then redis.call('HSET', account_key, 'consumed', string.format('%d', consumed)) end", ""},
    {"an Interim opens what is over",           accounting, "if status == 'interim' and is_restarted and event > closed.closed_at and reported > closed.mark then", "if status == 'interim' then"},
    {"a Stop closes nothing",                   accounting, "if status == 'stop' then\n        close(current, 'stop')", "if status == 'stop' then\n        save_open(current)"},
    {"a first report that is a Stop is lost",   accounting, "    close(opened, 'stop')", "    sweep()"},
    {"a session without Start is not charged",  accounting, "    take(session)\n    return session", "    if status == 'start' then take(session) end\n    return session"},
    {"marks are forgotten at once",             accounting, "arrival - session.heard > retention", "arrival - session.heard > 3600"},
    {"forgotten charges are not kept",          accounting, "if forgotten > 0 then", "if false then"},
    {"octets are rounded",                      accounting, "session.input = input", "session.input = string.format('%.0f', tonumber(input) + 1)"},
    {"the lists are said to name a session",    accounting, "listed_under == organization and '-' or 'u'", "'-' or 'u'"},
    {"a session that goes on is not listed",    accounting, "and '-' or 'u'", "and '-' or '-'"},
    {"a repeated credit counts again",          credit, "if known then", "if false then"},
    {"a credit is not kept with its key",       credit, "    if key ~= '' then\n        sweep()", "    if false then\n        sweep()"},
    {"keys of credits are forgotten at once",   credit, "> retention", ">= 0"},
    {"a debit takes what is not there",         credit, "if after < 0 then", "if false then"},
    {"a credit is not in the statement",        credit, "redis.call('RPUSH', credits_key, line)", "1"},
    {"a credit writes the balance over",        credit, "string.format('%d', credited + seconds)", "string.format('%d', after)"},
    {"a balance is set without what was used",  user, "string.format('%d', tonumber(balance) + consumed))", "balance)"},
    {"a change of the balance is not noted",    user, "    redis.call('RPUSH', credits_key", "    local _ = ({})[1] and redis.call('RPUSH', credits_key"},
});
// clang-format on

// Empty: nothing noticed it.
std::string violation_of(const Mutant& mutant) {
    for (unsigned seed = 1; seed <= seeds_max; ++seed) {
        const auto outcome = test::simulate({.seed = seed, .events = events_max, .mutant = &mutant});
        if (!outcome.violation.empty())
            return std::to_string(outcome.events) + " events of seed " + std::to_string(seed) + ": " +
                   outcome.violation;
    }
    return {};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(deliberate_mistakes)

BOOST_AUTO_TEST_CASE(each_is_noticed) {
    static_assert(mutants.size() >= 20);
    for (const auto& mutant : mutants) {
        const auto violation = violation_of(mutant);
        BOOST_TEST(!violation.empty(), "nobody noticed that " << mutant.name);
        BOOST_TEST_MESSAGE(mutant.name << ": " << violation);
    }
}

BOOST_AUTO_TEST_CASE(a_mutant_that_fits_no_longer_says_so) {
    const Mutant stale{"stale", accounting, "no such text", ""};
    BOOST_CHECK_EXCEPTION(test::simulate({.seed = 1, .events = 1, .mutant = &stale}), std::invalid_argument,
                          [](const std::invalid_argument& error) {
                              return std::string_view(error.what()).find("no such text") !=
                                     std::string_view::npos;
                          });
}

BOOST_AUTO_TEST_SUITE_END()
