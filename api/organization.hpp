// /organization/: what is known of tenants beside their ids, which may be used before they are described.
#pragma once

#include "api/context.hpp"
#include "api/description.hpp"

namespace hourglass::api {

extern const Description organization_description;
extern const Description own_organizations_description;

awaitable<Response> list_organizations(Context& context);
awaitable<Response> create_organization(Context& context);
awaitable<Response> read_organization(Context& context);
awaitable<Response> replace_organization(Context& context);
awaitable<Response> update_organization(Context& context);
awaitable<Response> delete_organization(Context& context);

// /me/organization/: those that the token is confined to, described or not; all that are described if it is
// not confined.
awaitable<Response> list_own_organizations(Context& context);

}  // namespace hourglass::api
