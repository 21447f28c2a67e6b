#include "cli/progress.hpp"

#include "cli/duration.hpp"
#include "cli/figures.hpp"

#include <cmath>
#include <iostream>
#include <unistd.h>

namespace hourglass::cli {

namespace {

constexpr std::chrono::milliseconds draw_interval{200};
constexpr double share_least = 0.001;  // below it, the time left is a guess
constexpr std::chrono::seconds elapsed_least{1};

}  // namespace

std::string progress_line(const Progressed& progressed) {
    const double seconds = std::chrono::duration<double>(progressed.elapsed).count();
    auto line = with_commas(progressed.rows) + " " + progressed.noun;
    if (seconds > 0) {
        line += "  " +
                with_commas(static_cast<std::uint64_t>(static_cast<double>(progressed.rows) / seconds)) +
                "/s";
    }
    if (!progressed.share) return line;
    const auto share = std::min(*progressed.share, 1.0);
    line += "  " + std::to_string(static_cast<int>(share * 100)) + " %";
    if (share < share_least || progressed.elapsed < elapsed_least) return line;
    const auto left = std::chrono::seconds(std::llround(seconds * (1 - share) / share));
    return line + "  " + format_duration(left) + " left";
}

Progress::Progress(std::string noun) : noun_(std::move(noun)), is_terminal_(isatty(STDERR_FILENO) == 1) {}

Progress::~Progress() {
    clear();
}

void Progress::show(std::uint64_t rows, std::optional<double> share) {
    const auto now = Clock::now();
    if (!is_terminal_ || now - drawn_at_ < draw_interval) return;
    drawn_at_ = now;
    is_drawn_ = true;
    std::cerr << "\r\x1b[K" << progress_line({rows, noun_, share, now - began_at_}) << std::flush;
}

void Progress::clear() {
    if (std::exchange(is_drawn_, false)) std::cerr << "\r\x1b[K" << std::flush;
}

}  // namespace hourglass::cli
