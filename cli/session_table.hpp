// Sessions as rows for people: what they are sorted by, and which columns they have.
#pragma once

#include "cli/show.hpp"

#include <span>
#include <string>
#include <vector>

namespace hourglass::cli {

// "start", "duration" and so on: what --sort takes.
std::vector<std::string> session_orders();
// Throws std::out_of_range for another order. Of those that are equal the older is first.
void sort_sessions(Json& sessions, const std::string& order);

// By their ids, so that a table does not jump where its order leaves a choice.
bool is_older(const Json& a, const Json& b);

// The columns of `session list`.
std::span<const Column> session_columns();
// With one word each in "nas", "device" and "state", which several fields tell.
Json readable_session(Json session);

}  // namespace hourglass::cli
