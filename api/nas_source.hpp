// /nas/seen/: the addresses that RADIUS packets came from, those of NASes that are not known yet among them.
#pragma once

#include "api/context.hpp"
#include "api/description.hpp"

namespace hourglass::api {

extern const Description nas_source_description;

awaitable<Response> list_nas_sources(Context& context);

}  // namespace hourglass::api
