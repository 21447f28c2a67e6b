// Users with their passwords, on the way from one store to another that has the same key.
#include "store/user_record.hpp"
#include "store/user_walk.hpp"

namespace hourglass::store {
namespace {

std::string transfer_purpose(std::string_view username) {
    return std::string("password on its way, of ").append(username);
}

}  // namespace

UserWalk Users::walk(UserFilter filter, bool with_passwords) {
    return {redis_, secrets_, rules_, std::move(filter), with_passwords};
}

awaitable<result<UserWithPassword>> Users::find_with_password(UserId id) {
    Pipeline read;
    add_user_read(read, id);
    const auto replies = co_await redis_.execute_all(std::move(read));
    if (!replies) co_return replies.error();
    auto user = parse_user(id, replies_of_user(*replies), rules_);
    if (!user) co_return Error::not_found;
    auto password = open_password(secrets_, id, sealed_password_in((*replies)[0]));
    if (!password) co_return password.error();
    co_return UserWithPassword{*std::move(user), *std::move(password)};
}

std::string Users::seal_for_transfer(std::string_view username, std::string_view password) const {
    return secrets_.seal(password, transfer_purpose(username));
}

result<Secret> Users::open_from_transfer(std::string_view username, std::string_view sealed) const {
    return secrets_.open(sealed, transfer_purpose(username));
}

}  // namespace hourglass::store
