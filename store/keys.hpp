// Every key name in Redis. All keys of one user carry his tag in braces, so that they share a slot of Redis
// Cluster and one script may touch them all; the rest are indexes, each in a slot of its own.
#pragma once

#include "store/decimal.hpp"
#include "store/hex.hpp"
#include "store/record.hpp"

#include <string>
#include <string_view>

namespace hourglass::store {

// Whose keys: a user's id, or for usage under an unknown name "?" and that name in hexadecimal.
struct UserTag {
    std::string text;

    static UserTag of(UserId id) { return {std::to_string(id)}; }
    static UserTag of_unknown(std::string_view username) { return {"?" + to_hex(username)}; }
    // Of a record and an account to which no name or index leads: read where there is nobody to read.
    static UserTag of_nobody() { return {"nobody"}; }
};

namespace keys {

inline std::string of_user(const UserTag& tag, std::string_view what) {
    std::string key;
    key.reserve(tag.text.size() + what.size() + 6);
    return key.append("hg:{").append(tag.text).append("}:").append(what);
}

inline constexpr std::string_view account_part = "account";

// Hash: the record's fields by name, the password sealed, and "version".
inline std::string user(const UserTag& tag) {
    return of_user(tag, "user");
}
// Hash: "credited" (absent: not metered), "consumed", "sessions" (their count ever), each open session, and
// with them mostly "username" and "organization", for report_step.hpp. The settled balance is
// credited less consumed. "stale_limit" (s), if it is his own. For visits (see deadlines.hpp): "deadline",
// published, or '?' and one about to be, "visits", "changes" and "heeded", how often he was visited, running
// sessions were concerned by a write, and that was dealt with. For limited logins: see scripts/places.lua.
inline std::string account(const UserTag& tag) {
    return of_user(tag, account_part);
}
// What such a key names; nullopt: it is no user's, or that of an unknown one.
struct UserKey {
    UserId user{};
    std::string_view what;
};
inline std::optional<UserKey> read_user_key(std::string_view key) {
    constexpr std::string_view head = "hg:{";
    constexpr std::string_view middle = "}:";
    const auto end = key.find(middle);
    if (!key.starts_with(head) || end == key.npos) return std::nullopt;
    const auto user = parse_decimal(key.substr(head.size(), end - head.size()));
    if (!user) return std::nullopt;
    return UserKey{*user, key.substr(end + middle.size())};
}
// Hash: closed sessions by the same field names, "swept", when old ones were last dropped, and "forgotten",
// what those were charged. Of a user who was removed, also his last "username" and "organization".
inline std::string closed(const UserTag& tag) {
    return of_user(tag, "closed");
}
// Hash: the number of a session -> its SessionDetails; "d" and the number -> its Disconnect, if one was asked
// for.
inline std::string details(const UserTag& tag) {
    return of_user(tag, "details");
}
// List: changes of the balance by administrators. Only appended to: a credit's number is its place, from 1.
inline std::string credits(const UserTag& tag) {
    return of_user(tag, "credits");
}
// Hash: idempotency keys of credits and what became of them.
inline std::string idempotency(const UserTag& tag) {
    return of_user(tag, "idempotency");
}
// Hash: when (s) he logged in "first" and "last". Not in the record, which logins come from memory by
// as long as nobody writes it.
inline std::string logins(const UserTag& tag) {
    return of_user(tag, "logins");
}
// Hash: the user_extra, with "id" and "version".
inline std::string extra(const UserTag& tag) {
    return of_user(tag, "extra");
}

// String: "<user id> <seconds since 1970 when it was claimed>".
inline std::string name(std::string_view username) {
    return std::string("hg:name:").append(username);
}
// String: the id of the user whose extra it is.
inline std::string extra_parent(ExtraId id) {
    return "hg:extra:" + std::to_string(id);
}

// Counters: ids start at 1 and are never used again.
inline constexpr std::string_view next_user_id = "hg:next_user_id";
inline constexpr std::string_view next_extra_id = "hg:next_extra_id";
inline constexpr std::string_view next_token_id = "hg:next_token_id";

// Sorted sets of ids by id.
inline constexpr std::string_view users = "hg:users";
inline constexpr std::string_view inactive_users = "hg:users:inactive";
inline constexpr std::string_view extras = "hg:extras";
inline std::string of_organization(OrganizationId id, std::string_view what) {
    return ("hg:organization:" + std::to_string(id) + ":").append(what);
}
inline std::string users_of(OrganizationId id) {
    return of_organization(id, "users");
}
inline std::string inactive_users_of(OrganizationId id) {
    return of_organization(id, "users:inactive");
}
inline std::string extras_of(OrganizationId id) {
    return of_organization(id, "extras");
}
inline std::string users_by_external_id(std::string_view external_id) {
    return std::string("hg:external_id:").append(external_id);
}
// Sorted set, all of score 0, of "<user name> NUL <user id>".
inline constexpr std::string_view usernames = "hg:usernames";

// Sorted set by arrival of the last opening report (us) of entries as in session_index.hpp: a stay has its
// own, so that a late repeat from the one before it, under the same id, never takes it away.
inline std::string sessions_of_nas(std::string_view nas) {
    return "hg:nas:" + to_hex(nas) + ":sessions";
}
// The same of stays that were closed because nothing was heard of them, by the time of that (us): a restart
// of the NAS concerns them too.
inline std::string silent_sessions_of_nas(std::string_view nas) {
    return "hg:nas:" + to_hex(nas) + ":silent";
}

// Sorted set of the sessions of an organization's users (0: of unknown users) by their start: see
// session_index.hpp.
inline std::string sessions_of_organization(OrganizationId id) {
    return of_organization(id, "sessions");
}
// Set: the organizations that have such a list.
inline constexpr std::string_view organizations_with_sessions = "hg:organizations_with_sessions";

// Sorted sets by second, and while a daemon deals with a user by a second and a half: user tags. See
// deadlines.hpp.
inline std::string deadlines(std::size_t shard) {
    return "hg:deadlines:" + std::to_string(shard);
}

// Strings: an id for a block of sessions whose ids no user's id leads to, and back: see session_ids.hpp.
inline std::string session_ids(const UserTag& tag, std::uint64_t block) {
    return "hg:session_ids:" + tag.text + ":" + std::to_string(block);
}
inline std::string session_owner(UserId id) {
    return "hg:session_owner:" + std::to_string(id);
}
// Set: the ids of removed users who had this name and whose sessions are still remembered.
inline std::string removed_users(std::string_view username) {
    return std::string("hg:removed_users:").append(username);
}

// Set of texts: what daemons have learned of NASes.
inline constexpr std::string_view nas_facts = "hg:nas_facts";
// String that expires soon: a daemon brings usage from its journal, so that what is known of sessions is old.
inline constexpr std::string_view journal_replay = "hg:journal_replay";

// What was seen of source addresses, and of NASes by id: hashes of JSON texts (see sighting.hpp), and sorted
// sets of the same names by when (s) they were last seen. Strangers never sent anything authentic. One slot,
// since one script writes them together.
inline constexpr std::string_view seen_sources = "hg:{seen}:sources";
inline constexpr std::string_view seen_sources_by_time = "hg:{seen}:sources:by_time";
inline constexpr std::string_view seen_strangers = "hg:{seen}:strangers";
inline constexpr std::string_view seen_strangers_by_time = "hg:{seen}:strangers:by_time";
inline constexpr std::string_view seen_nases = "hg:{seen}:nases";
inline constexpr std::string_view seen_nases_by_time = "hg:{seen}:nases:by_time";

// NASes, profiles and organizations: one slot, since one script writes a record with all that names it.
inline std::string of_registry(std::string_view kind, std::string_view what) {
    return std::string("hg:{registry}:").append(kind).append(what);
}
// Hash: the record's fields by name, a secret sealed, and "version".
inline std::string record(std::string_view kind, std::int64_t id) {
    return of_registry(kind, ":" + std::to_string(id));
}
// Sorted sets of ids by id: all of a kind, those for all organizations, those of one.
inline std::string records(std::string_view kind) {
    return of_registry(kind, "");
}
inline std::string shared_records(std::string_view kind) {
    return of_registry(kind, ":shared");
}
inline std::string records_of(std::string_view kind, OrganizationId id) {
    return of_registry(kind, ":organization:" + std::to_string(id));
}
// Hash: "<field> <value>" -> id of the record that has it.
inline std::string unique_record_values(std::string_view kind) {
    return of_registry(kind, ":unique");
}
inline std::string next_record_id(std::string_view kind) {
    return of_registry(kind, ":next_id");
}
// Counter: how often any of them was written.
inline constexpr std::string_view registry_generation = "hg:{registry}:generation";
// List: the last so many writes of the registry, the newest last: "<generation> <kind> <id>".
inline constexpr std::string_view registry_changes = "hg:{registry}:changes";

// Stream: what happened, in batches; see store/events.hpp.
inline constexpr std::string_view events = "hg:events";

// Hash; the bearer token itself is nowhere.
inline std::string token(std::string_view sha256_hex) {
    return std::string("hg:token:").append(sha256_hex);
}
// Sorted set of the digests by token id.
inline constexpr std::string_view tokens = "hg:tokens";
// String: the id of the first administrator's token.
inline constexpr std::string_view first_token = "hg:first_token";

// What all of ours begin with.
inline constexpr std::string_view prefix = "hg:";
// String: the version of the data; see schema.hpp.
inline constexpr std::string_view schema = "hg:schema";
// String: a backup is being restored, and what is here is a part of it.
inline constexpr std::string_view restore = "hg:restore";

}  // namespace keys
}  // namespace hourglass::store
