// What is wrong with a profile's rule, as a sentence for whoever wrote it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hourglass::radius {

enum class RulePart : std::uint8_t { attribute, op, value };

struct RuleMistake {
    std::optional<std::size_t> rule{};  // which of the list, from 0; nullopt: the list as a whole
    RulePart part{};                    // of that rule
    std::string sentence;

    bool operator==(const RuleMistake&) const = default;
};

using RuleMistakes = std::vector<RuleMistake>;

}  // namespace hourglass::radius
