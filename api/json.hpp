// Request bodies as JSON, read the way Python's json module reads them where clients can tell: the last of
// repeated keys counts, integers may be of any size, and a lone surrogate is no syntax error but a bad
// string.
#pragma once

#include <boost/system/result.hpp>
#include <nlohmann/json.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace hourglass::api {

using json = nlohmann::ordered_json;

inline constexpr std::size_t json_nesting_levels_max = 32;

// A json that can travel in a result: by itself it converts to everything, errors included.
struct Document {
    json value;
};

struct JsonError {
    std::string detail;  // one sentence for the client
};

// Integers beyond 64 bits become binary values that hold their digits: see digits_of(). A lone surrogate
// becomes U+0000 followed by its four hexadecimal digits: no string with U+0000 is accepted anywhere, so
// nothing is mistaken for it.
boost::system::result<Document, JsonError> parse_json(std::string_view text);

// The digits of an integer beyond 64 bits; nullopt for every other value.
std::optional<std::string> digits_of(const json& value);

// Compact UTF-8, never throws: what is no UTF-8 is shown as U+FFFD.
std::string to_text(const json& value);

// What Python calls the type of such a value: "str", "int", "dict", ...
std::string_view python_type(const json& value);

}  // namespace hourglass::api
