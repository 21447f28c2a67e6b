// Chance that can be repeated: each decision has a name, and the seed and the name say how it falls, whatever
// else was decided before. So one seed gives one run, though packets and threads never come in the same
// order.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>

namespace hourglass::nas {

class Dice {
public:
    explicit constexpr Dice(std::uint64_t seed) : state_(mixed(seed + golden_ratio)) {}

    // The dice of a part, by its number: they have nothing in common with ours or with those of another part.
    // The rotation tells part 1 of part 2 from part 2 of part 1.
    template <typename Part>
    constexpr Dice of(Part part) const {
        return Dice(std::rotl(state_, 23) ^ mixed(static_cast<std::uint64_t>(part) + golden_ratio));
    }

    // How they fell: the same each time. From 0, below 1.
    constexpr double share() const { return static_cast<double>(mixed(state_) >> 11) * 0x1p-53; }
    constexpr bool falls(double probability) const { return share() < probability; }
    // At least 0, below `count`.
    constexpr std::size_t below(std::size_t count) const {
        return static_cast<std::size_t>(share() * static_cast<double>(count));
    }
    // An index into weights of 0 or more, one of them above 0.
    constexpr std::size_t weighted(std::span<const double> weights) const {
        auto left = share() * std::accumulate(weights.begin(), weights.end(), 0.0);
        std::size_t last{};
        for (std::size_t i = 0; i < weights.size(); ++i) {
            if (weights[i] <= 0) continue;
            if (left < weights[i]) return i;
            left -= weights[i];
            last = i;
        }
        return last;
    }

private:
    static constexpr std::uint64_t golden_ratio = 0x9e3779b97f4a7c15;

    // The finalizer of SplitMix64 (Steele, Lea, Flood 2014).
    static constexpr std::uint64_t mixed(std::uint64_t bits) {
        bits = (bits ^ bits >> 30) * 0xbf58476d1ce4e5b9;
        bits = (bits ^ bits >> 27) * 0x94d049bb133111eb;
        return bits ^ bits >> 31;
    }

    std::uint64_t state_;
};

}  // namespace hourglass::nas
