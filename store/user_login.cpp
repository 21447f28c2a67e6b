// The login path of Users: names to ids by the cache, and one pipelined read of the user and of the claim to
// his name. At a name's first login the claim is read before that. Nobody, to whom all other names lead, is
// read in the same way, so that a guesser cannot time who exists. What is read is remembered, and serves the
// next login that succeeds.
#include "store/decimal.hpp"
#include "store/last_logins.hpp"
#include "store/name_claims.hpp"
#include "store/profile.hpp"
#include "store/redis_reply.hpp"
#include "store/remembered_users.hpp"
#include "store/session_list.hpp"
#include "store/user_record.hpp"

namespace hourglass::store {
namespace {

constexpr auto login_fields = std::to_array<std::string_view>(
    {user_field::username, user_field::password, user_field::klass, user_field::is_active,
     user_field::expiration, user_field::profile, user_field::organization});

// As they are answered: with `is_tracked` each read has a CLIENT CACHING before it, which is for one command
// only.
void add_account_read(Pipeline& read, const UserTag& tag, bool is_tracked) {
    if (is_tracked) read.add({"CLIENT", "CACHING", "YES"});
    read.add({"HGETALL", keys::account(tag)});
}

Pipeline login_read(const UserTag& tag, bool is_tracked) {
    const auto user = keys::user(tag);
    std::array<std::string_view, 2 + login_fields.size()> command{"HMGET", user};
    std::copy(login_fields.begin(), login_fields.end(), command.begin() + 2);
    Pipeline read;
    if (is_tracked) read.add({"CLIENT", "CACHING", "YES"});
    read.add(command);
    add_account_read(read, tag, is_tracked);
    return read;
}

constexpr std::string_view nobodys_name = "nobody";

}  // namespace

struct LoginReplies {
    const Reply& record;
    const Reply& account;

    LoginReplies(const std::vector<Reply>& replies, bool is_tracked)
        : record(replies[is_tracked ? 1 : 0]), account(replies[is_tracked ? 3 : 1]) {}
};

namespace {

// The password is left out. nullopt if the record is gone or has another name by now.
std::optional<LoginUser> parse_login(UserId id, std::string_view username, const LoginReplies& replies,
                                     const LedgerRules& rules) {
    const auto record = replies.record.elements();
    if (record.size() != login_fields.size() || is_nil(record[0]) || text_of(record[0]) != username) {
        return std::nullopt;
    }
    LoginUser user;
    user.id = id;
    user.username = username;
    if (!is_nil(record[2])) user.klass = text_of(record[2]);
    user.is_active = text_of(record[3]) != "0";
    user.expiration = parse_time(text_of(record[4]));
    user.profiles = parse_profile_names(text_of(record[5]));
    user.organization = integer_of(record[6]);
    user.account = parse_account(replies.account.elements(), rules.stale_limit());
    return user;
}

}  // namespace

awaitable<result<UserId>> Users::find_id(std::string username) {
    const auto bearer = co_await find_bearer(SoughtUser{std::move(username)});
    if (!bearer) co_return bearer.error();
    co_return bearer->id;
}

std::optional<Bearer> Users::recall_bearer(const SoughtUser& sought) {
    const auto cached = names_.find(sought.name);
    const bool is_usable = cached && (!cached->has_other_spelling || !sought.other_spelling.empty()) &&
                           sought.may_be_of(cached->organization);
    if (!is_usable) return std::nullopt;
    const auto& name = cached->has_other_spelling ? sought.other_spelling : sought.name;
    return Bearer{cached->id, cached->organization, name, true};
}

awaitable<result<Bearer>> Users::find_bearer(SoughtUser sought) {
    if (sought.name.empty()) co_return Error::not_found;
    const auto whatever_organization = SoughtUser{sought.name, sought.other_spelling};
    if (auto bearer = recall_bearer(whatever_organization)) co_return *std::move(bearer);

    const auto claim = co_await find_claim(redis_, sought.name, sought.other_spelling);
    if (!claim) co_return claim.error();
    if (!*claim) co_return Error::not_found;
    co_return keep_claim(std::move(sought), **claim);
}

Bearer Users::keep_claim(SoughtUser sought, const SpellingClaim& claim) {
    names_.keep(sought.name, {.id = claim.owner, .has_other_spelling = claim.is_of_other_spelling});
    auto& name = claim.is_of_other_spelling ? sought.other_spelling : sought.name;
    return {claim.owner, {}, std::move(name), false};
}

awaitable<result<Bearer>> Users::find_member(SoughtUser sought) {
    const auto key = sought.name;
    auto bearer = co_await find_bearer(std::move(sought));
    if (!bearer || bearer->organization != 0) co_return bearer;

    auto read = Pipeline().add({"HGET", keys::user(UserTag::of(bearer->id)), user_field::organization});
    const auto organization = co_await redis_.execute(std::move(read));
    if (!organization) co_return organization.error();
    bearer->organization = organization->integer();
    names_.keep(key, {bearer->id, bearer->organization, bearer->name != key});
    co_return bearer;
}

awaitable<result<OrganizationId>> Users::find_organization(UserId id, std::string username) {
    const auto cached = names_.find(username);
    if (cached && cached->id == id && cached->organization != 0) co_return cached->organization;

    auto read = Pipeline().add(
        {"HMGET", keys::user(UserTag::of(id)), user_field::organization, user_field::username});
    const auto reply = co_await redis_.execute(std::move(read));
    if (!reply) co_return reply.error();
    const auto record = reply->elements();
    if (record.size() != 2 || is_nil(record[0])) co_return Error::not_found;
    const auto organization = integer_of(record[0]);
    if (text_of(record[1]) == username) names_.keep(username, {id, organization});
    co_return organization;
}

void Users::keep_organization(std::string_view username, OrganizationId organization) {
    auto owner = names_.find(username);
    if (!owner) return;
    owner->organization = organization;
    names_.keep(username, *owner);
}

void Users::forget_name(std::string_view username) {
    names_.forget(username);
}

awaitable<result<LoginUser>> Users::find_login(SoughtUser sought) {
    for (int lookup = 0; lookup < NameCache::lookups_max; ++lookup) {
        const auto bearer = co_await find_anybody(sought);
        if (!bearer) co_return bearer.error();
        const bool is_nobody = bearer->id == nobody;
        auto* const memory = sure_memory();
        const auto begun = memory ? memory->begin_read(bearer->id) : UserMemory::Read();
        auto read = login_read(is_nobody ? UserTag::of_nobody() : UserTag::of(bearer->id), memory);
        const auto login_reads = read.size();
        if (bearer->is_remembered) add_claim_read(read, sought.name, sought.other_spelling);
        const auto replies = co_await redis_.execute_all(std::move(read));
        if (!replies) co_return replies.error();

        const auto claim = claim_in(std::span(*replies).subspan(login_reads));
        if (is_nobody && claim) {
            strangers_.forget(sought.name);
            keep_claim(sought, *claim);
            continue;
        }
        auto user = open_login(*bearer, LoginReplies(*replies, memory));
        if (!user) co_return user.error();
        if (*user && memory) memory->keep(**user, begun);
        if (is_nobody) {
            if (!*user) write_nobody();
            strangers_.keep(sought.name, {.id = nobody});
            co_return Error::not_found;
        }
        if (*user) {
            names_.keep(sought.name, {bearer->id, (*user)->organization, bearer->name != sought.name});
            if (!sought.may_be_of((*user)->organization)) co_return Error::not_found;
            co_return **std::move(user);
        }
        forget_name(sought.name);
        if (!bearer->is_remembered) sought.rule_out(bearer->name);
    }
    co_return Error::not_found;
}

// The bearer of a name, whatever his organization: nobody if there is none.
awaitable<result<Bearer>> Users::find_anybody(const SoughtUser& sought) {
    const bool is_stranger = strangers_.find(sought.name).has_value();
    auto remembered = recall_bearer(SoughtUser{sought.name, sought.other_spelling});
    if (remembered) co_return *std::move(remembered);
    if (is_stranger) co_return Bearer{nobody, {}, std::string(nobodys_name), true};

    auto bearer = co_await find_bearer(sought);
    if (!bearer && bearer.error() == Error::not_found)
        co_return Bearer{nobody, {}, std::string(nobodys_name), false};
    co_return bearer;
}

// With the password. nullopt as of parse_login().
result<std::optional<LoginUser>> Users::open_login(const Bearer& bearer, const LoginReplies& replies) const {
    auto user = parse_login(bearer.id, bearer.name, replies, rules_);
    if (!user) return user;
    const auto sealed = replies.record.elements()[1];
    auto password = open_password(secrets_, bearer.id, text_of(sealed));
    if (!password) return password.error();
    user->password = *std::move(password);
    return user;
}

// For the first who asks in vain; once for a store.
void Users::write_nobody() {
    const auto tag = UserTag::of_nobody();
    const auto password = seal_password(secrets_, nobody, nobodys_name);
    redis_.send(Pipeline()
                    .add({"HSET", keys::user(tag), user_field::username, nobodys_name, user_field::password,
                          password, user_field::is_active, "1", user_field::organization, "1"})
                    .add({"HSET", keys::account(tag), "credited", "3600", "consumed", "0"}));
}

// nullptr: not every change is heard.
UserMemory* Users::sure_memory() {
    if (!remembered_.is_sure()) return nullptr;
    auto& memory = remembered_.memory();
    const auto stale_limit = rules_.stale_limit();
    if (std::exchange(remembered_stale_limit_, stale_limit) != stale_limit) memory.clear();
    return &memory;
}

const LoginUser* Users::recall_login(const SoughtUser& sought) {
    auto* const memory = sure_memory();
    if (!memory) return nullptr;
    const auto owner = names_.find(sought.name);
    const auto* const user = memory->find(owner ? owner->id : nobody);
    if (!owner || !user ||
        user->username != (owner->has_other_spelling ? sought.other_spelling : sought.name) ||
        !sought.may_be_of(user->organization))
        return nullptr;
    return user;
}

awaitable<void> Users::complete_login(SoughtUser sought) {
    auto* const memory = sure_memory();
    const auto owner = names_.find(sought.name);
    if (!memory || !owner) co_return;
    const auto begun = memory->begin_read(owner->id);
    Pipeline read;
    add_account_read(read, UserTag::of(owner->id), true);
    const auto replies = co_await redis_.execute_all(std::move(read));
    if (!replies) co_return;
    auto account = parse_account(replies->back().elements(), rules_.stale_limit());
    memory->keep_account(owner->id, std::move(account), begun);
}

void Users::hear_changes() {
    remembered_.hear();
}

void Users::note_login(UserId id, Time now) {
    last_logins_.note(id, now);
}

}  // namespace hourglass::store
