// Sessions read with whose they are, by the entries that name them or all of one user.
#pragma once

#include "store/session_list.hpp"
#include "store/sessions.hpp"

namespace hourglass::store {

// Whose sessions lie under a tag.
enum class OwnerKind { user, removed, unknown };

// What an entry names. Mostly one stay; none if it is gone, two if both began at the same second.
struct Stays {
    OwnerKind owner{};
    OrganizationId organization{};
    std::vector<UserSession> sessions;
};
void add_stays_read(Pipeline& pipeline, const SessionEntry& entry);
result<Stays> parse_stays(const SessionEntry& entry, const Reply& reply);

void add_sessions_read(Pipeline& pipeline, const UserTag& tag);
result<std::vector<UserSession>> parse_user_sessions(const UserTag& tag, const Reply& reply);

// A user's name as it is recorded; an unknown user's is in his tag.
std::string username_of(const UserTag& tag, const redisReply* recorded);
// Newest first, each with what was noted of its end.
std::vector<UserSession> user_sessions(const UserTag& tag, std::string_view username,
                                       OrganizationId organization, const SessionHashes& hashes);

std::string encode(const Disconnect& disconnect);
std::optional<Disconnect> parse_disconnect(std::string_view text);

}  // namespace hourglass::store
