// Colour, for terminals only: into files and pipes, and for who has set NO_COLOR, nothing is added.
#pragma once

#include <string>
#include <string_view>

namespace hourglass::cli {

enum class Colour { plain, bold, dim, green, red, yellow };

class Paint {
public:
    explicit Paint(bool is_on) : is_on_(is_on) {}
    // Whether standard output is a terminal that shows colours.
    static Paint for_output();

    std::string operator()(Colour colour, std::string_view text) const;

private:
    bool is_on_;
};

}  // namespace hourglass::cli
