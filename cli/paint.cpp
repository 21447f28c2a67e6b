#include "cli/paint.hpp"

#include <cstdlib>
#include <unistd.h>

namespace hourglass::cli {
namespace {

// ECMA-48 "select graphic rendition".
std::string_view rendition(Colour colour) {
    switch (colour) {
        case Colour::bold:
            return "\x1b[1m";
        case Colour::dim:
            return "\x1b[2m";
        case Colour::green:
            return "\x1b[32m";
        case Colour::red:
            return "\x1b[31m";
        case Colour::yellow:
            return "\x1b[33m";
        case Colour::plain:
            break;
    }
    return {};
}

}  // namespace

Paint Paint::for_output() {
    const auto* const no_color = std::getenv("NO_COLOR");
    const bool is_unwanted = no_color != nullptr && *no_color != '\0';
    return Paint(isatty(STDOUT_FILENO) == 1 && !is_unwanted);
}

std::string Paint::operator()(Colour colour, std::string_view text) const {
    if (!is_on_ || colour == Colour::plain) return std::string(text);
    return std::string(rendition(colour)).append(text).append("\x1b[0m");
}

}  // namespace hourglass::cli
