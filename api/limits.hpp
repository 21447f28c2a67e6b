// What a client may cost. Reaching a limit is answered with a status; running out of time closes the
// connection, and is logged and counted as 408.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace hourglass::api {

inline constexpr std::uint32_t header_octets_max = 8 * 1024;  // 431 beyond
inline constexpr std::uint64_t body_octets_max = 64 * 1024;   // 413 beyond
inline constexpr std::size_t buffer_octets_max = header_octets_max + body_octets_max;
inline constexpr std::size_t connections_max = 1024;  // 503 beyond
inline constexpr std::size_t linger_octets_max = 1024 * 1024;

inline constexpr std::chrono::seconds idle_time_max{75};
inline constexpr std::chrono::seconds header_time_max{5};  // from the first octet to the last
inline constexpr std::chrono::seconds body_time_max{30};   // likewise
inline constexpr std::chrono::seconds write_time_max{30};
inline constexpr std::chrono::seconds linger_time_max{2};

}  // namespace hourglass::api
