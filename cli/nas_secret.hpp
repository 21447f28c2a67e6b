// Shared secrets that nobody guesses: RFC 2865 section 3 wants them as strong as a good password, and a NAS
// may take letters and digits only.
#pragma once

#include <string>

namespace hourglass::cli {

inline constexpr std::size_t nas_secret_characters = 32;  // 190 bits

// Letters and digits of the system's random numbers.
std::string make_nas_secret();

}  // namespace hourglass::cli
