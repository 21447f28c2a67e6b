// Who may do what: bearer tokens, their scopes, and the organizations they are confined to.
#pragma once

#include "api/context.hpp"
#include "api/resource.hpp"

namespace hourglass::api {

enum class Access : std::uint8_t { anyone, loopback_or_token, read, write, admin };

// The token of the request, or the refusal (401, 403, 429). Where none is needed, an empty one.
awaitable<Checked<store::ApiToken>> authorize(const Request& request, Access access, Environment& environment,
                                              store::Time now);

// For streams, which end with their token. While the store is away it counts as good.
awaitable<bool> is_still_authorized(const Request& request, Access access, Environment& environment);

// A proxy on this machine speaks for others.
bool is_from_this_machine(const Request& request);
bool is_confined(const store::ApiToken& token);
bool may_see(const store::ApiToken& token, store::OrganizationId organization);

// For the ledger: "token 3 (billing)".
store::Actor actor_of(const store::ApiToken& token);

}  // namespace hourglass::api
