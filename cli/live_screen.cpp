#include "cli/live_screen.hpp"

#include "cli/failure.hpp"
#include "cli/table.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <iostream>
#include <poll.h>
#include <stdexcept>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

namespace hourglass::cli {

namespace {

// DEC private modes: the other screen (1049), the cursor (25).
constexpr std::string_view enter = "\x1b[?1049h\x1b[?25l";
constexpr std::string_view leave = "\x1b[?25h\x1b[?1049l";
constexpr std::string_view to_top = "\x1b[H";
constexpr std::string_view clear_line_end = "\x1b[K";
constexpr std::string_view clear_below = "\x1b[J";
constexpr char ctrl_c = 3;
constexpr winsize usual_size{.ws_row = 24, .ws_col = 80, .ws_xpixel = 0, .ws_ypixel = 0};

winsize terminal_size() {
    winsize size{};
    const bool is_known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 && size.ws_col > 0;
    return is_known ? size : usual_size;
}

sigset_t ending_signals() {
    sigset_t signals{};
    sigemptyset(&signals);
    for (const int signal : {SIGTERM, SIGHUP, SIGINT})
        sigaddset(&signals, signal);
    return signals;
}

}  // namespace

bool LiveScreen::is_possible() {
    return isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1;
}

LiveScreen::LiveScreen() : signals_(-1) {
    const auto signals = ending_signals();
    sigprocmask(SIG_BLOCK, &signals, nullptr);
    signals_ = signalfd(-1, &signals, SFD_CLOEXEC);
    if (signals_ < 0) throw std::runtime_error("signals cannot be waited for");
    tcgetattr(STDIN_FILENO, &usual_);
    auto raw = usual_;
    raw.c_lflag &= ~tcflag_t{ICANON | ECHO | ISIG};
    tcsetattr(STDIN_FILENO, TCSANOW, &raw);
    std::cout << enter << std::flush;
}

LiveScreen::~LiveScreen() {
    std::cout << leave << std::flush;
    tcsetattr(STDIN_FILENO, TCSANOW, &usual_);
    close(signals_);
    const auto signals = ending_signals();
    sigprocmask(SIG_UNBLOCK, &signals, nullptr);
}

std::size_t LiveScreen::height() const {
    return terminal_size().ws_row;
}

void LiveScreen::draw(const std::vector<ScreenLine>& lines) {
    const auto size = terminal_size();
    std::string screen(to_top);
    const auto shown = std::min<std::size_t>(lines.size(), size.ws_row);
    for (std::size_t i = 0; i < shown; ++i) {
        if (i > 0) screen += "\r\n";
        screen += paint_(lines[i].colour, fitted(lines[i].text, size.ws_col));
        screen += clear_line_end;
    }
    std::cout << screen << clear_below << std::flush;
}

void LiveScreen::draw_if_there(const std::function<std::vector<ScreenLine>()>& make) {
    try {
        draw(make());
    } catch (const Failure& failure) {
        if (!failure.is_outcome_unknown()) throw;
        draw({
            {printable(failure.what()),         Colour::red},
            {"It is asked again; q ends this.", Colour::dim}
        });
    }
}

std::optional<char> LiveScreen::wait_for_key(std::chrono::milliseconds limit) {
    std::array<pollfd, 2> sources{
        pollfd{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0},
        pollfd{.fd = signals_,     .events = POLLIN, .revents = 0},
    };
    if (poll(sources.data(), sources.size(), static_cast<int>(limit.count())) <= 0) return std::nullopt;
    if (sources[1].revents != 0) return quit;
    char key{};
    const bool is_gone = read(STDIN_FILENO, &key, 1) != 1;
    return is_gone || key == ctrl_c ? quit : key;
}

}  // namespace hourglass::cli
