// /user_token/: the users, their credentials and balances.
#pragma once

#include "api/context.hpp"
#include "api/description.hpp"
#include "api/resource.hpp"

namespace hourglass::api {

extern const Description user_description;

awaitable<Response> list_users(Context& context);
awaitable<Response> create_user(Context& context);
awaitable<Response> read_user(Context& context);
awaitable<Response> replace_user(Context& context);
awaitable<Response> update_user(Context& context);
awaitable<Response> delete_user(Context& context);

// The parts of those that importing and exporting many users shares.
std::span<const Field> user_fields();
json show_user(const store::User& user, bool with_balance, store::Time now);
store::OrganizationId organization_of(const store::User& user);
// A token of one organization need not say which.
void fill_in_organization(const store::ApiToken& token, json& body);
bool names_foreign_organization(const store::ApiToken& token, const ParsedRecord& record);
// Of what ParsedRecord::take() gave for user_time.
std::optional<store::Balance> to_balance(std::optional<std::optional<std::string>> sent);
// 400 for what is no filter, 403 for an organization that the token may not see.
Checked<store::UserFilter> read_user_filter(const Context& context);

// The user of that id if the token may see him, else 404.
awaitable<Checked<store::User>> find_visible_user(Context& context, store::UserId id);

}  // namespace hourglass::api
