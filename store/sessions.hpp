// Sessions as they are shown, running and closed: by id, and in lists by organization, newest first. Whose
// they are is asked at each reading, so that a list never shows what its reader may no longer see.
#pragma once

#include "store/ledger.hpp"
#include "store/secret_box.hpp"
#include "store/session_index.hpp"

namespace hourglass::store {

// What became of a wish to end a session.
enum class DisconnectOutcome { unsupported, requested, acknowledged, refused, unreachable, confirmed };
std::string_view name_of(DisconnectOutcome outcome);

struct Disconnect {
    DisconnectOutcome outcome{};
    Time requested_at{};
    Actor by{};
    std::string reason{};  // why it is to end
    std::uint32_t attempts{};
    std::optional<Time> next_attempt{};
    std::optional<Time> answered_at{};
    std::uint32_t error_cause{};  // of a refusal (RFC 5176 section 3.6); 0: none

    bool operator==(const Disconnect&) const = default;
};

// A session and whose it is.
struct UserSession {
    Session session;
    UserTag tag;
    std::string username;           // of a removed user: his last
    OrganizationId organization{};  // at present, or the last; unknown_organization: of an unknown user
    std::optional<Disconnect> disconnect;
};

struct SessionFilter {
    std::optional<UserId> user{};
    std::optional<std::string> username{};  // exact
    std::optional<OrganizationId> organization{};
    std::optional<bool> is_running{};
    std::optional<Time> started_from{};               // that second is in
    std::optional<Time> started_until{};              // and that one too
    std::optional<std::string> nas{};                 // name, identifier or address
    std::optional<std::string> nas_record{};          // its id in the registry
    std::optional<std::string> calling_station_id{};  // exact
    // The organizations a token is confined to; empty: all, and sessions of unknown users.
    std::vector<OrganizationId> visible_organizations{};
};

struct SessionPage {
    // What the lists name; nullopt where the filter needs a look at each. Some may be gone when they are
    // read.
    std::optional<std::uint64_t> count;
    std::vector<UserSession> sessions;
    std::string next;  // sealed; empty: this was the last page
};

class Sessions {
public:
    // One page looks at no more sessions than this to find those that a filter wants: then it is shorter.
    static constexpr std::size_t scanned_per_page_max = 4000;

    Sessions(RedisConnection& redis, const SecretBox& secrets);

    // Running or remembered. Error::not_found.
    awaitable<result<UserSession>> find(SessionId id);
    // At most `limit`, newest first, from the position `from`, which is empty or was the `next` of a page.
    // Error::not_found for another position.
    awaitable<result<SessionPage>> list(SessionFilter filter, std::string from, std::uint64_t limit);
    // Notes what became of a wish to end a session, over what was noted before. Error::not_found.
    awaitable<result<Disconnect>> request_disconnect(UserTag tag, std::uint64_t number,
                                                     DisconnectOutcome outcome, Actor actor, Time now);

    // Notes what follows if still `before` is noted, else Error::version_changed: so of two who deal with the
    // same session only one goes on. Error::not_found.
    awaitable<result<void>> note_disconnect(UserTag tag, std::uint64_t number,
                                            std::optional<Disconnect> before, Disconnect after);

private:
    awaitable<result<std::vector<UserTag>>> candidates(const SessionFilter& filter);
    awaitable<result<void>> give_ids(std::vector<UserSession>& sessions);

    RedisConnection& redis_;
    const SecretBox& secrets_;
};

}  // namespace hourglass::store
