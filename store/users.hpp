// The records of user_token: create, find, list, change, delete. Names and lists are indexes in slots of
// their own, written in an order that keeps one invariant: an index may name what is gone, never miss what is
// there.
#pragma once

#include "store/account.hpp"
#include "store/error.hpp"
#include "store/name_cache.hpp"
#include "store/record.hpp"
#include "store/secret.hpp"
#include "store/sought_user.hpp"

namespace hourglass::store {

struct LoginReplies;
struct SpellingClaim;

class LastLogins;
class RedisConnection;
class RememberedUsers;
class SecretBox;
class UserMemory;

// A larger `user_time` is cut to this, so that Lua's doubles stay exact: 142 million years.
inline constexpr Seconds balance_max{std::int64_t{1} << 52};

struct User {
    UserId id{};
    Fields fields;  // without the password
    Account account;
    std::uint64_t version{};  // grows by one with each write of the record; what an ETag is made from
};

struct UserFilter {
    std::optional<std::string> username{};         // exact
    std::optional<std::string> username_prefix{};  // "search"
    std::optional<std::string> external_id{};      // exact
    std::optional<bool> is_active{};
    std::optional<OrganizationId> organization{};
    // The organizations a token is confined to; empty: all.
    std::vector<OrganizationId> visible_organizations{};
};

// By name only where names are searched; anything else is listed by id.
enum class UserOrder { by_id, by_name };

// What a login needs to know of a user, in one pipelined read. `password` is opened.
struct LoginUser {
    UserId id{};
    std::string username;
    Secret password;
    std::optional<std::string> klass;
    bool is_active{};
    std::optional<Time> expiration;
    std::vector<std::string> profiles;  // names
    OrganizationId organization{};
    Account account;
    bool has_account = true;  // else `account` says nothing
};

// Who bears a name, as far as that is known without his record.
struct Bearer {
    UserId id{};
    OrganizationId organization{};  // 0: not known
    std::string name{};             // which of the spellings is his
    bool is_remembered{};           // by the cache, so that it may be another by now
};

class UserWalk;
struct UserWithPassword;

// Who changes a balance, for the ledger: "token 3 (billing)", "import", ...
using Actor = std::string;

// One per event loop, like the connection it uses.
class Users {
public:
    static constexpr std::size_t stranger_generation_max = 16'384;

    Users(RedisConnection& redis, const SecretBox& secrets, const LedgerRules& rules,
          RememberedUsers& remembered, LastLogins& last_logins);

    // `fields` must hold username, password and organization. Error::name_taken.
    awaitable<result<User>> create(Fields fields, Balance user_time, Actor actor, Time now);
    // Error::not_found.
    awaitable<result<User>> find(UserId id);
    awaitable<result<Page<User>>> list(UserFilter filter, PageRequest page,
                                       UserOrder order = UserOrder::by_id);
    // Changes the named fields and nothing else; `user_time`, when given, sets the balance and writes the
    // ledger. Concurrent changes of different fields both last. Error::not_found, name_taken,
    // version_changed.
    awaitable<result<User>> change(UserId id, FieldChanges changes, std::optional<Balance> user_time,
                                   Actor actor, Time now, ExpectedVersion expected = {});
    // Takes the record, its user_extra, credits and tokens away; closed sessions stay until their retention
    // ends. Error::not_found, version_changed, session_running unless `force`. Of concurrent calls one
    // succeeds.
    awaitable<result<void>> remove(UserId id, bool force, ExpectedVersion expected = {});

    // For moving users between stores, see user_walk.hpp. Error::not_found, Error::corrupt.
    UserWalk walk(UserFilter filter, bool with_passwords);
    awaitable<result<UserWithPassword>> find_with_password(UserId id);
    // A password as it travels: sealed under the same key, for the bearer of that name and nobody else.
    std::string seal_for_transfer(std::string_view username, std::string_view password) const;
    result<Secret> open_from_transfer(std::string_view username, std::string_view sealed) const;

    // The login path: no script, no awaited write. A name is looked up through a small cache and verified
    // against the record, so that a rename is never served wrong. Error::not_found for an unknown name, which
    // costs what a known one does, so that the time of an answer does not tell which names there are.
    awaitable<result<LoginUser>> find_login(SoughtUser sought);
    awaitable<result<LoginUser>> find_login(std::string username) {
        return find_login(SoughtUser{std::move(username)});
    }
    // The same from memory, without waiting; nullptr: not remembered, or not surely as he is now. He may lack
    // his account, for each report changes that and leaves the rest: see complete_login(). Valid until
    // the next change of what is remembered: the next turn of the loop, hear_changes() or find_login(). It
    // serves logins that succeed: whatever would be refused by it must be asked of find_login() first, as a
    // stranger's login is, so that nobody can time who has been here, and what is refused is refused by the
    // store's word.
    const LoginUser* recall_login(const SoughtUser& sought);
    // Reads the account that a remembered user lacks, and nothing else of him, so that recall_login() finds
    // him whole. Only for a credential that is right by his record: any other must cost what it costs for
    // nobody, or its time would tell who is remembered, which is who has been here. Who knows the credential
    // may know that.
    awaitable<void> complete_login(SoughtUser sought);
    // Takes in what others have written meanwhile, without waiting. After a request was received and before
    // recall_login() serves it: so a write that was answered before the request was sent is in force.
    void hear_changes();
    // Sets last_login, and first_login if unset; some time later when many log in at once.
    void note_login(UserId id, Time now);
    // The id behind a user name by the same cache. Error::not_found.
    awaitable<result<UserId>> find_id(std::string username);
    // The bearer of a name by the same cache, for the ledger, whatever his organization. Error::not_found.
    awaitable<result<Bearer>> find_bearer(SoughtUser sought);
    // The same from memory, without waiting; nullopt: not known, or perhaps of no organization that he may be
    // of.
    std::optional<Bearer> recall_bearer(const SoughtUser& sought);
    // The same with the organization, for what depends on it before the record is asked. Error::not_found.
    awaitable<result<Bearer>> find_member(SoughtUser sought);
    // The organization of a user who probably has that name. Error::not_found.
    awaitable<result<OrganizationId>> find_organization(UserId id, std::string username);
    // What the record said of the bearer of a cached name.
    void keep_organization(std::string_view username, OrganizationId organization);
    // Forgets a cached name that turned out stale.
    void forget_name(std::string_view username);

private:
    UserMemory* sure_memory();
    Bearer keep_claim(SoughtUser sought, const SpellingClaim& claim);
    awaitable<result<Bearer>> find_anybody(const SoughtUser& sought);
    result<std::optional<LoginUser>> open_login(const Bearer& bearer, const LoginReplies& replies) const;
    void write_nobody();

    RedisConnection& redis_;
    const SecretBox& secrets_;
    const LedgerRules& rules_;
    RememberedUsers& remembered_;
    LastLogins& last_logins_;
    Seconds remembered_stale_limit_{};  // what is remembered was read by it
    NameCache names_;
    NameCache strangers_{stranger_generation_max};  // names that were nobody's; says only what work to do
};

}  // namespace hourglass::store
