// How commands name a user: see Api::find_user.
#pragma once

#include "cli/json.hpp"

#include <cstdint>
#include <string>

namespace hourglass::cli {

inline constexpr auto user_help = "User name or id; name:X or id:N where it could be either";

// Of the record that was found, below /api/v1.
inline std::string user_path(const Json& user) {
    return "/user_token/" + std::to_string(user.at("id").get<std::int64_t>()) + "/";
}

}  // namespace hourglass::cli
