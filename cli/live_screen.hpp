// A terminal on which the same lines are drawn again and again, in place, until a key ends it. Whatever was
// on the screen is there again afterwards.
#pragma once

#include "cli/paint.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <termios.h>
#include <vector>

namespace hourglass::cli {

struct ScreenLine {
    std::string text;  // printable
    Colour colour = Colour::plain;
};

class LiveScreen {
public:
    static constexpr char quit = 'q';

    // Whether standard input and output are a terminal.
    static bool is_possible();

    LiveScreen();
    ~LiveScreen();
    LiveScreen(const LiveScreen&) = delete;
    LiveScreen& operator=(const LiveScreen&) = delete;

    // How many lines there is room for.
    std::size_t height() const;
    // What does not fit is cut off.
    void draw(const std::vector<ScreenLine>& lines);
    // What `make` says, or why there is nothing to say now: a daemon that is restarted comes back. Throws
    // other Failures than that it is away.
    void draw_if_there(const std::function<std::vector<ScreenLine>()>& make);
    // The key that was pressed, or nullopt when the time is over. Ctrl-C, and whatever else asks us to end,
    // is `quit`.
    std::optional<char> wait_for_key(std::chrono::milliseconds limit);

private:
    Paint paint_ = Paint::for_output();
    termios usual_{};
    int signals_;
};

}  // namespace hourglass::cli
