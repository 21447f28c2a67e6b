// The login path of Users: names to ids by the cache, and one pipelined read. At a name's first login its
// claim is read before that. A name that nobody has takes the same steps, so that a guesser cannot time who
// exists.
#include "store/decimal.hpp"
#include "store/name_claims.hpp"
#include "store/redis_reply.hpp"
#include "store/scripts.hpp"
#include "store/user_record.hpp"

namespace hourglass::store {
namespace {

constexpr auto login_fields = std::to_array<std::string_view>(
    {user_field::username, user_field::password, user_field::klass, user_field::is_active,
     user_field::expiration, user_field::profile, user_field::organization});

Pipeline login_read(UserId id) {
    const auto tag = UserTag::of(id);
    const auto user = keys::user(tag);
    std::array<std::string_view, 2 + login_fields.size()> command{"HMGET", user};
    std::copy(login_fields.begin(), login_fields.end(), command.begin() + 2);
    return std::move(Pipeline().add(command).add({"HGETALL", keys::account(tag)}));
}

// The password is left out. nullopt if the record is gone or has another name by now.
std::optional<LoginUser> parse_login(UserId id, std::string_view username, const std::vector<Reply>& replies,
                                     const LedgerRules& rules) {
    const auto record = replies[0].elements();
    if (record.size() != login_fields.size() || is_nil(record[0]) || text_of(record[0]) != username) {
        return std::nullopt;
    }
    LoginUser user;
    user.id = id;
    user.username = username;
    if (!is_nil(record[2])) user.klass = text_of(record[2]);
    user.is_active = text_of(record[3]) != "0";
    user.expiration = parse_time(text_of(record[4]));
    user.profile = text_of(record[5]);
    user.organization = integer_of(record[6]);
    user.account = parse_account(replies[1].elements(), rules.stale_limit());
    return user;
}

}  // namespace

awaitable<result<UserId>> Users::find_id(std::string username) {
    if (const auto cached = names_.find(username)) co_return cached->id;
    const auto claim = co_await find_claim(redis_, username);
    if (!claim) co_return claim.error();
    if (!*claim) co_return Error::not_found;
    names_.keep(username, {.id = **claim});
    co_return **claim;
}

awaitable<result<NameOwner>> Users::find_owner(std::string username) {
    const auto id = co_await find_id(username);
    if (!id) co_return id.error();
    const auto cached = names_.find(username);
    if (cached && cached->id == *id && cached->organization != 0) co_return *cached;

    auto read = Pipeline().add({"HGET", keys::user(UserTag::of(*id)), user_field::organization});
    const auto organization = co_await redis_.execute(std::move(read));
    if (!organization) co_return organization.error();
    const NameOwner owner{*id, organization->integer()};
    names_.keep(username, owner);
    co_return owner;
}

void Users::keep_name(std::string_view username, NameOwner owner) {
    names_.keep(username, owner);
}

void Users::forget_name(std::string_view username) {
    names_.forget(username);
}

awaitable<result<LoginUser>> Users::find_login(std::string username) {
    for (int lookup = 0; lookup < NameCache::lookups_max; ++lookup) {
        const bool is_stranger = strangers_.find(username).has_value();
        const auto id = is_stranger ? co_await find_stranger(username) : co_await find_id(username);
        if (!id && id.error() == Error::not_found && !is_stranger) co_return co_await find_nobody(username);
        if (!id) co_return id.error();
        const auto replies = co_await redis_.execute_all(login_read(*id));
        if (!replies) co_return replies.error();

        if (auto user = parse_login(*id, username, *replies, rules_)) {
            auto password = open_password(secrets_, *id, text_of(replies->front().elements()[1]));
            if (!password) co_return password.error();
            user->password = *std::move(password);
            names_.keep(username, {*id, user->organization});
            co_return *std::move(user);
        }
        forget_name(username);
    }
    co_return Error::not_found;
}

// The claim of a name that was nobody's, beside a read like that of a known user.
awaitable<result<UserId>> Users::find_stranger(std::string username) {
    auto read = login_read(nobody);
    read.add({"GET", keys::name(username)});
    const auto replies = co_await redis_.execute_all(std::move(read));
    if (!replies) co_return replies.error();
    const auto owner = owner_in(replies->back().text());
    if (!owner) co_return pretend_to_open();
    strangers_.forget(username);
    names_.keep(username, {.id = *owner});
    co_return *owner;
}

// The second read of a first login, for a name without a claim.
awaitable<result<LoginUser>> Users::find_nobody(std::string username) {
    auto read = login_read(nobody);
    const auto replies = co_await redis_.execute_all(std::move(read));
    if (!replies) co_return replies.error();
    strangers_.keep(username, {.id = nobody});
    co_return pretend_to_open();
}

error_code Users::pretend_to_open() const {
    static_cast<void>(open_password(secrets_, nobody, decoy_));
    return Error::not_found;
}

void Users::note_login(UserId id, Time now) {
    redis_.send(Pipeline().run(scripts::touch, {keys::user(UserTag::of(id))},
                               {decimal(now), user_field::last_login, user_field::first_login}));
}

}  // namespace hourglass::store
