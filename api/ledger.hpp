// /user_token/{id}/ledger/: the statement of one user, in pages that do not slip under writes.
#pragma once

#include "api/context.hpp"
#include "api/description.hpp"
#include "store/statement.hpp"

namespace hourglass::api {

extern const Description ledger_description;

awaitable<Response> read_ledger(Context& context);

// Where a page goes on, as `cursor` carries it: opaque to clients. nullopt for what none of ours looks like.
std::string encode_cursor(const store::StatementPosition& position);
std::optional<store::StatementPosition> parse_cursor(std::string_view cursor);

}  // namespace hourglass::api
