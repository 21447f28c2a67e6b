// Filters of lists, as parameters. Empty is no filter; what cannot be one is 400 in the parameter's name.
#pragma once

#include "api/authorization.hpp"

namespace hourglass::api {

Checked<std::optional<std::int64_t>> read_id_filter(const Query& query, std::string_view name);
Checked<std::optional<bool>> read_boolean_filter(const Query& query, std::string_view name);
// As read_id_filter; 403 for an organization that the token may not see.
Checked<std::optional<store::OrganizationId>> read_organization_filter(const Context& context,
                                                                       std::string_view name);

}  // namespace hourglass::api
