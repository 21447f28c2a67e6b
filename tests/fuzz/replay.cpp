// fuzz_replay CORPUS [MUTATIONS]: runs the corpus, and mutations of it from a fixed seed, through the entry
// points, so that every build under every sanitizer does some fuzzing.
#include "tests/fuzz/entry_points.hpp"

#include <boost/algorithm/hex.hpp>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

namespace hourglass::fuzz {
namespace {

using Octets = std::vector<std::uint8_t>;
using Random = std::mt19937;

constexpr std::size_t usual_mutations = 100'000;  // over all entry points
constexpr std::size_t octets_max = 4200;          // a little more than a packet holds

std::size_t up_to(std::size_t limit, Random& random) {
    return std::uniform_int_distribution<std::size_t>(0, limit)(random);
}

std::vector<Octets> read_seeds(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        files.push_back(entry.path());
    std::ranges::sort(files);  // the same order everywhere, for the same mutations

    std::vector<Octets> seeds;
    for (const auto& path : files) {
        std::ifstream file(path, std::ios::binary);
        seeds.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
    }
    return seeds;
}

void mutate_once(Octets& octets, const Octets& other, Random& random) {
    const auto at = octets.begin() + static_cast<std::ptrdiff_t>(up_to(octets.size(), random));
    const auto value = static_cast<std::uint8_t>(up_to(255, random));
    switch (up_to(5, random)) {
        case 0:
            octets.insert(at, value);
            break;
        case 1:
            octets.erase(at, octets.end());
            break;
        case 2:
            if (at != octets.end()) octets.erase(at);
            break;
        case 3:
            if (at != octets.end()) *at = value;
            break;
        case 4:
            if (at != octets.end()) *at ^= static_cast<std::uint8_t>(1U << (value % 8));
            break;
        default:
            octets.insert(octets.end(), other.begin(), other.end());
            break;
    }
    octets.resize(std::min(octets.size(), octets_max));
}

// Half of the mutations keep the Length field of a packet true; the others mostly die there.
void mend_length(Octets& octets) {
    if (octets.size() < 4) return;
    octets[2] = static_cast<std::uint8_t>(octets.size() >> 8);
    octets[3] = static_cast<std::uint8_t>(octets.size());
}

Octets mutated(const std::vector<Octets>& seeds, bool has_length, Random& random) {
    auto octets = seeds[up_to(seeds.size() - 1, random)];
    for (auto count = up_to(2, random) + 1; count > 0; --count)
        mutate_once(octets, seeds[up_to(seeds.size() - 1, random)], random);
    if (has_length && up_to(1, random) == 0) mend_length(octets);
    return octets;
}

void run(const EntryPoint& entry_point, const Octets& octets) {
    try {
        entry_point.run(octets);
    } catch (...) {
        std::fprintf(stderr, "%s fails on %s\n", std::string(entry_point.name).c_str(),
                     boost::algorithm::hex(std::string(octets.begin(), octets.end())).c_str());
        throw;
    }
}

void replay(const std::filesystem::path& corpus, std::size_t mutations) {
    for (const auto& entry_point : entry_points) {
        const auto seeds = read_seeds(corpus / entry_point.name);
        for (const auto& seed : seeds)
            run(entry_point, seed);
        Random random(20260101);
        for (std::size_t i = 0; i < mutations / entry_points.size(); ++i)
            run(entry_point, mutated(seeds, entry_point.has_length, random));
        std::printf("%s: %zu seeds\n", std::string(entry_point.name).c_str(), seeds.size());
    }
}

}  // namespace
}  // namespace hourglass::fuzz

int main(int count, char** arguments) {
    if (count != 2 && count != 3) {
        std::fprintf(stderr, "usage: fuzz_replay CORPUS [MUTATIONS]\n");
        return 2;
    }
    try {
        hourglass::fuzz::replay(arguments[1],
                                count == 3 ? std::stoull(arguments[2]) : hourglass::fuzz::usual_mutations);
    } catch (const std::exception& failure) {
        std::fprintf(stderr, "%s\n", failure.what());
        return 1;
    }
    return 0;
}
