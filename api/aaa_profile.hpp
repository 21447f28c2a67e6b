// /aaa_profile/: named sets of attributes and limits, which users name in their `profile`.
#pragma once

#include "api/context.hpp"
#include "api/description.hpp"

namespace hourglass::api {

extern const Description profile_description;

awaitable<Response> list_profiles(Context& context);
awaitable<Response> create_profile(Context& context);
awaitable<Response> read_profile(Context& context);
awaitable<Response> replace_profile(Context& context);
awaitable<Response> update_profile(Context& context);
awaitable<Response> delete_profile(Context& context);

}  // namespace hourglass::api
