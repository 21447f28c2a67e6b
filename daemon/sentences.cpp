#include "daemon/sentences.hpp"

#include <algorithm>
#include <numeric>

namespace hourglass::daemon {

namespace {

// Levenshtein's distance, one row of the table at a time.
std::size_t mistakes_between(std::string_view from, std::string_view to) {
    std::vector<std::size_t> row(to.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < from.size(); ++i) {
        auto diagonal = row[0];
        row[0] = i + 1;
        for (std::size_t j = 0; j < to.size(); ++j) {
            const auto replaced = diagonal + (from[i] == to[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
        }
    }
    return row.back();
}

}  // namespace

std::string suggestion(std::string_view name, std::span<const std::string_view> known) {
    constexpr std::size_t name_octets_max = 64;
    if (name.size() > name_octets_max) return ".";

    std::string_view closest;
    std::size_t fewest = name.size() / 3 + 2;  // beyond it, it is another word
    for (const auto candidate : known) {
        const bool is_cut = !name.empty() && (candidate.starts_with(name) || name.starts_with(candidate));
        const auto mistakes = is_cut ? 1 : mistakes_between(name, candidate);
        if (mistakes >= fewest) continue;
        closest = candidate;
        fewest = mistakes;
    }
    return closest.empty() ? "." : "; did you mean " + std::string(closest) + "?";
}

std::string joined(const std::vector<std::string>& items, std::string_view separator) {
    std::string text;
    for (const auto& item : items)
        text.append(text.empty() ? "" : separator).append(item);
    return text;
}

}  // namespace hourglass::daemon
