// Whether octets of strangers are text.
#pragma once

#include <string_view>

namespace hourglass::store {

// RFC 3629: no overlong forms, no surrogates.
bool is_utf8(std::string_view text);

}  // namespace hourglass::store
