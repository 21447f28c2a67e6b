// What Redis says of itself by INFO: lines "name:value", some of whose values are "key=value,key=value".
#pragma once

#include <string_view>

namespace hourglass::store {

// Of one line; empty if it is not there.
std::string_view info_value(std::string_view info, std::string_view name);

// Of one key within such a value; empty if it is not there.
std::string_view info_part(std::string_view value, std::string_view key);

}  // namespace hourglass::store
