// A Lua script that Redis runs as one atomic step. store/scripts/*.lua become Scripts at build time
// (scripts.hpp).
#pragma once

#include <string_view>

namespace hourglass::store {

struct Script {
    std::string_view name;
    std::string_view sha1;  // lower-case hexadecimal, the name EVALSHA knows it by
    std::string_view body;
};

}  // namespace hourglass::store
