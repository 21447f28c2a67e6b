// /api_token/: the bearer tokens of this API. The token itself is in the POST's reply and nowhere else.
#pragma once

#include "api/context.hpp"
#include "api/description.hpp"

namespace hourglass::api {

extern const Description api_token_description;

awaitable<Response> list_api_tokens(Context& context);
awaitable<Response> create_api_token(Context& context);
awaitable<Response> read_api_token(Context& context);
awaitable<Response> delete_api_token(Context& context);

}  // namespace hourglass::api
