// Whether octets of strangers are text.
#pragma once

#include <cstddef>
#include <string_view>

namespace hourglass::store {

// How many octets the character has that `text` begins with (RFC 3629: no overlong forms, no surrogates); 0:
// it begins with none.
std::size_t utf8_character_octets(std::string_view text);

bool is_utf8(std::string_view text);

}  // namespace hourglass::store
