// What a client may cost. Reaching a limit is answered with a status, running out of time in a request with
// 408; then the connection ends.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace hourglass::api {

inline constexpr std::uint32_t header_octets_max = 8 * 1024;  // 431 beyond
inline constexpr std::uint64_t body_octets_max = 64 * 1024;   // 413 beyond
inline constexpr std::size_t read_octets_max = 8 * 1024;      // at once
inline constexpr std::size_t buffer_octets_max = header_octets_max + read_octets_max;
// When all places are taken, the connection that has waited longest for a header goes; 503 if none waits.
inline constexpr std::size_t connections_max = 1024;
inline constexpr std::size_t connections_per_client_max = 256;  // trusted proxies have no such limit
inline constexpr std::size_t linger_octets_max = 1024 * 1024;

inline constexpr std::chrono::seconds idle_time_max{75};
inline constexpr std::chrono::seconds handshake_time_max{5};
inline constexpr std::chrono::seconds header_time_max{5};  // from the first octet to the last
inline constexpr std::chrono::seconds body_time_max{30};   // likewise
inline constexpr std::chrono::seconds write_time_max{30};  // in which a client takes nothing of its reply
inline constexpr std::chrono::seconds linger_time_max{2};
inline constexpr std::chrono::milliseconds deadline_check_interval{200};

// A body that a handler reads as it arrives has no size. A client that sends less than this in this time is
// dropped.
inline constexpr std::size_t streamed_octets_min = 1024;
inline constexpr std::chrono::seconds streamed_octets_time_max{30};

}  // namespace hourglass::api
