#include "store/redis_info.hpp"

#include <algorithm>

namespace hourglass::store {

std::string_view info_value(std::string_view info, std::string_view name) {
    while (!info.empty()) {
        auto line = info.substr(0, info.find('\n'));
        info.remove_prefix(std::min(line.size() + 1, info.size()));
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (line.starts_with(name) && line.substr(name.size()).starts_with(':'))
            return line.substr(name.size() + 1);
    }
    return {};
}

std::string_view info_part(std::string_view value, std::string_view key) {
    while (!value.empty()) {
        const auto part = value.substr(0, value.find(','));
        value.remove_prefix(std::min(part.size() + 1, value.size()));
        if (part.starts_with(key) && part.substr(key.size()).starts_with('='))
            return part.substr(key.size() + 1);
    }
    return {};
}

}  // namespace hourglass::store
