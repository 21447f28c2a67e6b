#include "store/violations.hpp"

#include "store/deadlines.hpp"
#include "store/decimal.hpp"
#include "store/packed_text.hpp"
#include "store/session_index.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace hourglass::store {
namespace {

constexpr auto kind_names = std::to_array<std::string_view>({
#define VIOLATION(kind) #kind,
#include "store/violations.def"
#undef VIOLATION
});

using Violations = std::vector<Violation>;

std::string text_of(Seconds seconds) {
    return std::to_string(seconds.count()) + " s";
}

// Removed users leave their closed sessions alone, unknown ones are charged nothing: what follows is for
// those who have an account.
void check_totals(const Holdings& holdings, Violations& violations) {
    const auto& account = holdings.account;
    const auto balance = account.settled();
    if (balance && *balance < Seconds(0)) {
        violations.push_back({ViolationKind::balance_negative, "",
                              "Credited " + text_of(*account.credited) + " less consumed " +
                                  text_of(account.consumed) + " is " + text_of(*balance) + "."});
    }
    auto charged = holdings.forgotten;
    for (const auto& kept : holdings.sessions)
        charged += kept.session.charged;
    if (charged != account.consumed) {
        violations.push_back({ViolationKind::consumed_differs, "",
                              "Consumed is " + text_of(account.consumed) + ", and " +
                                  std::to_string(holdings.sessions.size()) + " sessions were charged " +
                                  text_of(charged) + ", " + text_of(holdings.forgotten) +
                                  " of them by sessions that are forgotten."});
    }
}

void check_credits(const Holdings& holdings, Violations& violations) {
    Seconds sum{};
    const Credit* previous = nullptr;
    for (const auto& credit : holdings.credits) {
        sum += credit.seconds;
        const auto name = "credit " + std::to_string(credit.number);
        const bool has_risen =
            previous != nullptr && previous->after && credit.before && *credit.before > *previous->after;
        if (has_risen) {
            violations.push_back({ViolationKind::balance_rose, name,
                                  "Credit " + std::to_string(previous->number) + " left " +
                                      text_of(*previous->after) + ", and " + name + " found " +
                                      text_of(*credit.before) + "."});
        }
        const bool is_wrong =
            credit.before && credit.after && *credit.before + credit.seconds != *credit.after;
        if (is_wrong) {
            violations.push_back({ViolationKind::credited_differs, name,
                                  "The " + name + " of " + text_of(credit.seconds) + " made " +
                                      text_of(*credit.after) + " of " + text_of(*credit.before) + "."});
        }
        previous = &credit;
    }
    const auto& account = holdings.account;
    if (sum != account.credited.value_or(Seconds(0))) {
        violations.push_back({ViolationKind::credited_differs, "",
                              "Credited is " + (account.credited ? text_of(*account.credited) : "nothing") +
                                  ", and " + std::to_string(holdings.credits.size()) + " credits add up to " +
                                  text_of(sum) + "."});
    }
    const auto balance = account.settled();
    if (previous != nullptr && previous->after && balance && *balance > *previous->after) {
        violations.push_back({ViolationKind::balance_rose, "",
                              "The last credit left " + text_of(*previous->after) + ", and the balance is " +
                                  text_of(*balance) + "."});
    }
}

// From the very second that the record was made, and ever since.
bool is_metered_throughout(const Holdings& holdings) {
    const auto& credits = holdings.credits;
    return holdings.account.credited && !credits.empty() && holdings.date_joined &&
           credits.front().time == *holdings.date_joined &&
           std::ranges::all_of(credits, [](const Credit& credit) { return credit.after.has_value(); });
}

void check_charges(const Holdings& holdings, Violations& violations) {
    const bool is_metered = is_metered_throughout(holdings);
    for (const auto& kept : holdings.sessions) {
        const auto& session = kept.session;
        const auto accounted = session.charged + session.uncovered;
        if (accounted == session.session_time) continue;
        const bool is_over = accounted > session.session_time;
        if (!is_over && !is_metered) continue;
        violations.push_back({is_over ? ViolationKind::overcharged : ViolationKind::undercharged,
                              holdings.entry_of(kept).member(),
                              "The " + describe(session) + " has lasted " + text_of(session.session_time) +
                                  ", was charged " + text_of(session.charged) + " and is " +
                                  text_of(session.uncovered) + " short."});
    }
}

void check_numbers(const Holdings& holdings, Violations& violations) {
    std::map<std::uint64_t, const KeptSession*> by_number;
    const bool is_counted = holdings.record && holdings.unreadable.empty();
    std::set<std::string_view> newest;  // one of each Acct-Session-Id
    for (const auto& kept : holdings.sessions) {
        const auto& session = kept.session;
        const auto [first, is_first] = by_number.emplace(session.number, &kept);
        if (!is_first) {
            violations.push_back({ViolationKind::session_doubled, std::to_string(session.number),
                                  "The " + describe(session) + " and the " +
                                      describe(first->second->session) + " are one by their number."});
        } else if (is_counted && session.number > holdings.sessions_numbered) {
            violations.push_back({ViolationKind::session_doubled, std::to_string(session.number),
                                  "The " + describe(session) + " is beyond the " +
                                      std::to_string(holdings.sessions_numbered) +
                                      " that were begun: its number will be given again."});
        }
        if (kept.is_newest && !newest.insert(kept.field).second) {
            violations.push_back({ViolationKind::session_doubled, holdings.entry_of(kept).member(),
                                  "The " + describe(session) + " runs and is closed."});
        }
        if (!holdings.details.contains(session.number)) {
            violations.push_back({ViolationKind::details_missing, holdings.entry_of(kept).member(),
                                  "The " + describe(session) + " has no details."});
        }
    }
}

}  // namespace

std::string describe(const Session& session) {
    return "session " + std::to_string(session.number) + " (" + session.session_id + " at " + session.nas +
           ")";
}

std::string_view name_of(ViolationKind kind) {
    return kind_names.at(static_cast<std::size_t>(kind));
}

std::vector<Violation> violations_of(const Holdings& holdings) {
    Violations violations;
    for (const auto& place : holdings.unreadable)
        violations.push_back(
            {ViolationKind::unreadable, place, "What is kept as " + place + " cannot be read."});
    for (const auto& leftover : holdings.leftovers) {
        violations.push_back({ViolationKind::leftover, leftover,
                              "There is no user of this id, and yet his " + leftover + "."});
    }
    // Sums without what cannot be read would be wrong as well, and say nothing.
    const bool has_account = holdings.unreadable.empty() && holdings.leftovers.empty();
    if (has_account && (holdings.record || holdings.user == 0)) {
        check_totals(holdings, violations);
        check_credits(holdings, violations);
    }
    check_charges(holdings, violations);
    check_numbers(holdings, violations);
    return violations;
}

}  // namespace hourglass::store
