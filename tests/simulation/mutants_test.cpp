// Whether the simulation would notice: scripts with one deliberate mistake each, the kind that loses or
// doubles somebody's time. Each has to break a promise within a bounded number of events. A mutant whose text
// is no longer in its script fails with a sentence: give it the new text. SIMULATION_MUTANT picks those whose
// name contains it.
#include "tests/simulation/simulation.hpp"

#include <cstdlib>

using namespace hourglass;
using test::Mutant;

namespace {

constexpr std::size_t events_max = 3000;
constexpr unsigned seeds_max = 40;

constexpr std::string_view accounting = "apply_accounting";
constexpr std::string_view credit = "add_credit";
constexpr std::string_view user = "write_user";
constexpr std::string_view claiming = "claim_deadlines";
constexpr std::string_view moving = "move_deadline";
constexpr std::string_view visit = "visit";

// clang-format off
constexpr auto mutants = std::to_array<Mutant>({
    {"a repeated report is charged again",      accounting, "local used = reported - session.mark", "local used = reported"},
    {"a mark falls with an older report",       accounting, "    if used < 0 then\n", "    if used < 0 then\n        session.mark = reported\n        do return true end\n"},
    {"every report loses a second",             accounting, "session.mark = reported", "session.mark = reported - 1"},
    {"the balance goes below zero",             accounting, "math.min(chargeable, math.max(0, credited - consumed))", "used"},
    {"a second too many is covered",            accounting, "local covered = math.min(chargeable, ", "local covered = math.min(used + 1, 1 + "},
    {"what is not covered is not noted",        accounting, "session.uncovered + uncovered", "session.uncovered"},
    {"a session forgets what it was charged",   accounting, "session.charged, session.uncovered = session.charged + charged", "session.charged, session.uncovered = charged"},
    {"who is not metered is charged later",     accounting, "if credited then\n        local chargeable", "if true then credited = credited or consumed\n        local chargeable"},
    {"the Stop forgets the mark",               accounting, "    save_closed(field, session)\n\n", ""},
    {"an Accounting-On forgets the mark",       accounting, "close(current, 'nas')", "redis.call('HDEL', account_key, field) current.closed_at = event"},
    {"an Accounting-On charges the outage",     accounting, "    close(current, 'nas')", "    reported = event - current.start take(current) close(current, 'nas')"},
    {"an Accounting-On closes what came later", accounting, "if current and current.start < event then", "if current then"},
    {"an Accounting-On is not heeded",          accounting, "if current and current.start < event then", "if false then"},
    {"a late Start forgets the mark",           accounting, "if status == 'start' and is_later and not is_repeated then", "if status == 'start' then"},
    {"a repeated Start begins anew",            accounting, "        if status == 'start' then return 'duplicate', place, current end", "        if status == 'start' then current = open(current.previous) return 'opened', 'open', current end"},
    {"two stays under one id are one",          accounting, "if status == 'start' and is_later and not is_repeated then", "if false then"},
    {"the stay before under an id is lost",     accounting, "redis.call('HSET', closed_key, field .. '#' .. closed.number, format(closed))", ""},
    {"late reports go to the newest stay",      accounting, "if stay and event < stay.start and stay.previous > 0 then", "if false then"},
    {"a late Stop does not settle",             accounting, "    if has_grown then take(session) end\n", ""},
    {"a late report settles without paying",    accounting, "    if charged > 0 then redis.call('HSET', account_key, 'consumed', string.format('%d', consumed)) end", ""},
    {"an Interim opens what is over",           accounting, "if status == 'interim' and goes_on and reported > closed.mark then", "if status == 'interim' then"},
    {"a Stop closes nothing",                   accounting, "            close(current, 'stop')\n            return 'closed', 'closed', current", "            return 'closed', 'open', current"},
    {"a first report that is a Stop is lost",   accounting, "    close(opened, 'stop')", "    do return 'closed', 'closed' end"},
    {"a session without Start is not charged",  accounting, "    take(session)\n    has_joined = true", "    if status == 'start' then take(session) end\n    has_joined = true"},
    {"marks are forgotten at once",             accounting, "arrival - each.heard > retention", "arrival - each.heard > 3600"},
    {"forgotten charges are not kept",          accounting, "if forgotten > 0 then", "if false then"},
    {"octets are rounded",                      accounting, "session[direction] = counted", "session[direction] = string.format('%.0f', tonumber(counted) + 1)"},
    {"the lists are said to name a session",    accounting, "listed_under == organization and '-' or 'u'", "'-' or 'u'"},
    {"a session that goes on is not listed",    accounting, "and '-' or 'u'", "and '-' or '-'"},
    {"a stale closing charges the outage",      accounting, "    event = current.start + current.age\n", "    event = current.start + current.age reported = arrival - current.start take(current)\n"},
    {"a stale closing closes what was heard",   accounting, "if not current or current.heard ~= event then", "if not current then"},
    {"a stale closing is not done",             accounting, "    close(current, 'stale')", ""},
    {"a stale closing counts as heard",         accounting, "    if cause == 'stop' then session.heard", "    if cause ~= 'nas' then session.heard"},
    {"an Accounting-On leaves the silent",       accounting, "if closed and closed.cause == 'stale' and closed.start < event then", "if false then"},
    {"an Interim does not open the silent",     accounting, "local goes_on = closed.cause == 'stale' or", "local goes_on ="},
    {"what is opened again is charged anew",    accounting, "        take(closed)\n", "        closed.mark = 0 take(closed)\n"},
    {"what is opened again was not heard",      accounting, "        take(closed)\n", "        local heard = closed.heard take(closed) closed.heard = heard\n"},
    {"the silent one's Start opens another",    accounting, "(closed.cause == 'stale' and event <= closed.start + tolerance)", "false"},
    {"a report does not say when it was heard", accounting, "        session.heard = math.max(session.heard, arrival)\n    end\n    return", "    end\n    return"},
    {"a repeat counts as heard",                accounting, "    if is_changed then\n        session.age", "    is_changed = true\n    if is_changed then\n        session.age"},
    {"nobody looks after one session more",     accounting, "    has_joined = true\n    if has_reservations", "    if has_reservations"},
    {"a NAS that counts fast is not noticed",   accounting, "is_ahead = used > (session.closed_at and 0 or elapsed)", "is_ahead = false"},
    {"a deadline is for one session",           accounting, "(credited - consumed + sum) / count", "credited - consumed + sum / count"},
    {"an expiration is no deadline",            accounting, "string.match(record[3] or '', '^%-?%d+')", "nil"},
    {"an expiration set meanwhile is not seen", accounting, "deadline = runs_anew and expiration", "deadline = false"},
    {"what is to be published counts as done",  accounting, "'?' .. deadline", "deadline"},
    {"a visit trusts what was published",       visit, "    redis.call('HDEL', account_key, 'deadline')", ""},
    {"who is claimed does not come back",       claiming, "redis.call('ZADD', KEYS[1], ARGV[3], tag)", "redis.call('ZREM', KEYS[1], tag)"},
    {"a later deadline wins",                   moving, "at = math.min(at, score and math.floor(score) or at)", "at = math.max(at, score and math.floor(score) or at)"},
    {"who starts during a visit is forgotten",  moving, "if score and score == claimed then", "if score and claimed then"},
    {"a repeated credit counts again",          credit, "if known then", "if false then"},
    {"a credit is not kept with its key",       credit, "    if key ~= '' then\n        sweep()", "    if false then\n        sweep()"},
    {"keys of credits are forgotten at once",   credit, "> retention", ">= 0"},
    {"a debit takes what is not there",         credit, "if seconds < 0 and live + seconds < 0 then", "if false then"},
    {"a credit is not in the statement",        credit, "redis.call('RPUSH', credits_key, line)", "1"},
    {"a credit writes the balance over",        credit, "string.format('%d', credited + seconds)", "string.format('%d', after)"},
    {"a debit takes what runs already used",    credit, "if seconds < 0 and live + seconds < 0 then", "if after < 0 then"},
    {"a balance set forgets the unreported",    user, "tonumber(balance) + unreported(running, tonumber(now), tonumber(stored[3] or stale_limit))", "tonumber(balance)"},
    {"the unreported has no bound",             user, "unreported(running, tonumber(now), tonumber(stored[3] or stale_limit))", "unreported(running, tonumber(now), 1e9)"},
    {"a balance is set without what was used",  user, "string.format('%d', settled + consumed))", "string.format('%d', settled))"},
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
    const char* given = std::getenv("SIMULATION_MUTANT");
    for (const auto& mutant : mutants) {
        if (given && mutant.name.find(given) == mutant.name.npos) continue;
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
