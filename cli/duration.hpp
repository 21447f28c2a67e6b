// Spans of time as people write them: 1h30m, 3600, 2d.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace hourglass::cli {

// Plain seconds ("3600"), or numbers with the units d, h, m, s from the largest to the smallest, each at most
// once ("1d12h", "90m"). nullopt for anything else, and for what 64 bits cannot hold.
std::optional<std::chrono::seconds> parse_duration(std::string_view text);

// The same behind a "+", a "-" or neither: "+1h", "-90m".
std::optional<std::chrono::seconds> parse_signed_duration(std::string_view text);

// "1d 2h", "1h 30m", "45s", "-1h 30m": exact, units that are zero left out.
std::string format_duration(std::chrono::seconds duration);

}  // namespace hourglass::cli
