// JSON with the fields in the order they came in: what the API sends is shown as it was sent.
#pragma once

#include <nlohmann/json.hpp>

namespace hourglass::cli {

using Json = nlohmann::ordered_json;

}  // namespace hourglass::cli
