// What is wrong with a request before anyone reads its meaning: its framing, its size, its Host.
#pragma once

#include "api/message.hpp"

#include <boost/system/error_code.hpp>

#include <optional>

namespace hourglass::api {

using Header = http::request_header<>;

// The reply to a request that could not be read. nullopt: the peer is gone, or there was none.
std::optional<Response> refusal_of(boost::system::error_code error);

// The reply to a header that is well formed but not acceptable. nullopt: go on.
std::optional<Response> refusal_of(const Header& header);

// 400. `reason` is no sentence: "CR without LF".
Response malformed(std::string_view reason);

// The host of a target in absolute form, "http://host/path" (RFC 9112 section 3.2.2); empty for the others.
std::string_view authority_of(std::string_view target);

bool expects_continue(const Header& header);

// "host" or "host:port", of names and addresses only: what may stand in a link.
bool is_authority(std::string_view text);

// A client's own X-Request-Id is kept if it is one short word.
bool is_request_id(std::string_view text);

}  // namespace hourglass::api
