// Conditional requests (RFC 9110 section 13): an object's ETag is its id and version.
#pragma once

#include "api/message.hpp"
#include "store/record.hpp"

#include <cstdint>

namespace hourglass::api {

std::string etag(std::int64_t id, std::uint64_t version);
// Of an object that shows something that changes without a write, such as its last login; `moment` is that.
std::string etag(std::int64_t id, std::uint64_t version, std::string_view moment);

// If-Match names other versions only: 412. Of which moment does not matter: no write is lost by it.
bool is_stale(const Request& request, std::string_view etag);
// The same for a write that the store makes only to the version it was meant for, so that nobody comes
// between.
Checked<store::ExpectedVersion> read_if_match(const Request& request, std::int64_t id, std::uint64_t version);
// If-None-Match names this version, and this moment: 304.
bool is_known_to_client(const Request& request, std::string_view etag);

Response precondition_failed();
Response not_modified(std::string_view etag);

}  // namespace hourglass::api
