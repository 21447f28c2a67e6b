// How far a long transfer is, on one line of a terminal: rows or what else it counts, rate, share done and
// time left. Without a terminal it says nothing.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace hourglass::cli {

struct Progressed {
    std::uint64_t rows{};
    std::string noun = "rows";
    std::optional<double> share{};  // done, 0 to 1; nullopt: nobody knows how much there is
    std::chrono::steady_clock::duration elapsed{};
};

// "1,234,567 rows  12,345/s  50 %  1m 40s left"
std::string progress_line(const Progressed& progressed);

class Progress {
public:
    // `noun`: what is counted.
    explicit Progress(std::string noun = "rows");
    ~Progress();  // takes the line away
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    // Draws now and then, not each time it is told.
    void show(std::uint64_t rows, std::optional<double> share);
    // Takes the line away, so that something else can be printed where it stood.
    void clear();

private:
    using Clock = std::chrono::steady_clock;

    std::string noun_;
    bool is_terminal_;
    bool is_drawn_ = false;
    Clock::time_point began_at_ = Clock::now();
    Clock::time_point drawn_at_;
};

}  // namespace hourglass::cli
