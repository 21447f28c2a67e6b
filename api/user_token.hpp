// /user_token/: the users, their credentials and balances.
#pragma once

#include "api/context.hpp"
#include "api/description.hpp"

namespace hourglass::api {

extern const Description user_description;

awaitable<Response> list_users(Context& context);
awaitable<Response> create_user(Context& context);
awaitable<Response> read_user(Context& context);
awaitable<Response> replace_user(Context& context);
awaitable<Response> update_user(Context& context);
awaitable<Response> delete_user(Context& context);

// The user of that id if the token may see him, else 404.
awaitable<Checked<store::User>> find_visible_user(Context& context, store::UserId id);

}  // namespace hourglass::api
