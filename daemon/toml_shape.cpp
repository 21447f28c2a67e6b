#include "daemon/toml_shape.hpp"

#include "store/utf8.hpp"

#include <algorithm>

namespace hourglass::daemon {
namespace {

constexpr std::string_view multiline_quotes[]{R"(""")", "'''"};
constexpr std::size_t multiline_closing_max = 5;  // of them, up to two are the string's own last ones

// How deep values stand in each other, without what strings and comments hold.
class Nesting {
public:
    // Of a whole line, without its end.
    void read(std::string_view line) {
        while (!line.empty())
            line.remove_prefix(std::min(step(line), line.size()));
        if (quote_.size() == 1) quote_.clear();
    }
    int deepest() const { return deepest_; }

private:
    // Octets read.
    std::size_t step(std::string_view rest) {
        if (!quote_.empty()) return step_in_string(rest);
        for (const auto quotes : multiline_quotes)
            if (rest.starts_with(quotes)) return begin_string(quotes);
        switch (rest.front()) {
            case '#':
                return rest.size();
            case '"':
            case '\'':
                return begin_string(rest.substr(0, 1));
            case '[':
            case '{':
                deepest_ = std::max(deepest_, ++depth_);
                return 1;
            case ']':
            case '}':
                --depth_;
                return 1;
            default:
                return 1;
        }
    }

    std::size_t begin_string(std::string_view quote) {
        quote_ = quote;
        return quote.size();
    }

    std::size_t step_in_string(std::string_view rest) {
        if (rest.front() == '\\' && quote_.front() == '"') return 2;
        if (!rest.starts_with(quote_)) return 1;
        const auto closing = rest.find_first_not_of(quote_.front());
        const auto is_single = quote_.size() == 1;
        quote_.clear();
        return is_single ? 1 : std::min(closing, multiline_closing_max);
    }

    std::string quote_;  // what ends the string that is being read; empty: none is
    int depth_ = 0;
    int deepest_ = 0;
};

}  // namespace

std::optional<ShapeMistake> find_shape_mistake(std::string_view toml) {
    Nesting nesting;
    for (std::uint32_t number = 1; !toml.empty(); ++number) {
        const auto line = toml.substr(0, toml.find('\n'));
        if (line.size() > toml_line_octets_max)
            return ShapeMistake{
                number, "the line is longer than " + std::to_string(toml_line_octets_max) + " octets"};
        if (!store::is_utf8(line)) return ShapeMistake{number, "the line is not UTF-8"};
        nesting.read(line);
        if (nesting.deepest() > toml_nesting_max)
            return ShapeMistake{
                number, "values stand more than " + std::to_string(toml_nesting_max) + " deep in each other"};
        toml.remove_prefix(std::min(line.size() + 1, toml.size()));
    }
    return std::nullopt;
}

}  // namespace hourglass::daemon
