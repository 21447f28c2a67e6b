// A credit as it lies in Redis: a line of the list of credits, as write_user and add_credit write it.
#pragma once

#include "store/credits.hpp"

namespace hourglass::store {

// nullopt if it cannot be read.
std::optional<Credit> parse_credit(std::uint64_t number, std::string_view line);

}  // namespace hourglass::store
