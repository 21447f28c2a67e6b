// The Idempotency-Key header, by which a client may repeat a request that must not be done twice.
#pragma once

#include "api/message.hpp"

namespace hourglass::api {

inline constexpr std::size_t idempotency_key_octets_max = 255;

// Empty if there is none; 400 unless it is one text of visible ASCII characters.
Checked<std::string> read_idempotency_key(const Request& request);

}  // namespace hourglass::api
