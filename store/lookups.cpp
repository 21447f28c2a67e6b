#include "store/lookups.hpp"

#include "store/deadlines.hpp"
#include "store/decimal.hpp"
#include "store/packed_text.hpp"
#include "store/session_index.hpp"

#include <algorithm>

namespace hourglass::store {
namespace {

using Lookups = std::vector<Lookup>;

void add_sorted(Lookups& lookups, ViolationKind kind, std::string key, std::string member, std::string who) {
    auto sentence = "The index " + key + " does not name " + std::move(who) + ".";
    lookups.push_back({
        .if_missing = {kind, subject_of(key, member), std::move(sentence)},
        .place = Lookup::Place::sorted_set,
        .key = std::move(key),
        .member = std::move(member)
    });
}

void add_record(const Holdings& holdings, Lookups& lookups) {
    for (const auto& entry : entries_of(holdings.user, *holdings.record)) {
        const bool is_claim = entry.score.empty();
        if (is_claim) {
            lookups.push_back({
                .if_missing = {ViolationKind::name_unclaimed, entry.key,
                               "The name " + holdings.username + " does not lead to user " + entry.member +
                                   "."},
                .place = Lookup::Place::claim,
                .key = entry.key,
                .member = entry.member
            });
            continue;
        }
        add_sorted(lookups, ViolationKind::user_unlisted, entry.key, entry.member,
                   "user " + std::to_string(holdings.user));
        lookups.back().score = entry.score;
    }
}

// What was not acknowledged may be missing: its NAS sends it again, and that mends the lists.
void add_session(const Holdings& holdings, const KeptSession& kept, Lookups& lookups) {
    if (!kept.is_listed) return;
    const auto& session = kept.session;
    const auto entry = holdings.entry_of(kept);
    const auto who = describe(session);
    add_sorted(lookups, ViolationKind::session_unlisted,
               keys::sessions_of_organization(holdings.organization), entry.member(), who);
    if (session.is_running) {
        add_sorted(lookups, ViolationKind::session_unlisted, keys::sessions_of_nas(session.nas),
                   entry.member(), who);
    }
}

// A deadline that was not published yet belongs to a report that was not acknowledged, and whose NAS sends it
// again; until the sessions have been silent for so long that it does not.
bool must_have_deadline(const Holdings& holdings, Time now) {
    if (!holdings.has_running_sessions()) return false;
    const auto last_heard = *std::ranges::max_element(holdings.account.heard);
    return holdings.is_deadline_published || last_heard + holdings.account.stale_limit < now;
}

}  // namespace

std::string subject_of(std::string_view key, std::string_view member) {
    return std::string(key).append(" ").append(member);
}

std::vector<Lookup> lookups_of(const Holdings& holdings, Time now) {
    Lookups lookups;
    const bool may_have_record = !holdings.record && !holdings.unreadable.empty();
    if (may_have_record) return lookups;
    if (holdings.record) add_record(holdings, lookups);
    for (const auto& kept : holdings.sessions)
        add_session(holdings, kept, lookups);
    if (must_have_deadline(holdings, now)) {
        lookups.push_back({
            .if_missing = {ViolationKind::deadline_missing, "",
                           std::to_string(holdings.account.heard.size()) +
                               " sessions run, and no deadline is set for them."},
            .place = Lookup::Place::sorted_set,
            .key = deadline_index_of(holdings.tag),
            .member = holdings.tag.text
        });
    }
    const bool is_removed = !holdings.record && holdings.user != 0 && !holdings.sessions.empty();
    if (is_removed) {
        const auto key = keys::removed_users(holdings.username);
        lookups.push_back({
            .if_missing = {ViolationKind::user_unlisted, key,
                           "The removed users named " + holdings.username + " do not include " +
                               holdings.tag.text + "."},
            .place = Lookup::Place::set,
            .key = key,
            .member = holdings.tag.text
        });
    }
    return lookups;
}

void add_lookup(Pipeline& pipeline, const Lookup& lookup) {
    switch (lookup.place) {
        case Lookup::Place::claim:
            pipeline.add({"GET", lookup.key});
            return;
        case Lookup::Place::sorted_set:
            pipeline.add({"ZSCORE", lookup.key, lookup.member});
            return;
        case Lookup::Place::set:
            pipeline.add({"SISMEMBER", lookup.key, lookup.member});
            return;
    }
}

bool is_met(const Lookup& lookup, const Reply& answer) {
    auto found = answer.text();
    switch (lookup.place) {
        case Lookup::Place::claim:
            return take_word(found) == lookup.member;
        case Lookup::Place::sorted_set:
            return !answer.is_nil() && (lookup.score.empty() || found == lookup.score);
        case Lookup::Place::set:
            return answer.integer() == 1;
    }
    return false;
}

}  // namespace hourglass::store
