// What the benchmark calls its users; the password is the name.
#pragma once

#include <array>
#include <cstdint>
#include <cstdio>
#include <string>

namespace hourglass::bench {

inline std::string user_name_of(std::uint32_t index) {
    std::array<char, 24> name{};
    std::snprintf(name.data(), name.size(), "bench%07u", index);
    return name.data();
}

}  // namespace hourglass::bench
