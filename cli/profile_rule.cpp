#include "cli/profile_rule.hpp"

#include <algorithm>
#include <array>

namespace hourglass::cli {

namespace {

// The longer first: "=" begins many.
constexpr auto operators = std::to_array<std::string_view>(
    {":=", "+=", "==", "!=", ">=", "<=", "=~", "!~", "=*", "!*", "=", ">", "<"});

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view space = " \t";
    const auto first = text.find_first_not_of(space);
    if (first == text.npos) return {};
    return text.substr(first, text.find_last_not_of(space) + 1 - first);
}

std::string_view unquoted(std::string_view text) {
    const bool is_quoted = text.size() >= 2 && text.front() == '"' && text.back() == '"';
    return is_quoted ? text.substr(1, text.size() - 2) : text;
}

}  // namespace

std::optional<Json> parse_rule(std::string_view text) {
    for (std::size_t at = 0; at < text.size(); ++at) {
        const auto rest = text.substr(at);
        const auto op = std::ranges::find_if(operators, [&](auto each) { return rest.starts_with(each); });
        if (op == operators.end()) continue;
        const auto name = trimmed(text.substr(0, at));
        if (name.empty()) return std::nullopt;
        return Json{
            {"attribute", name                                      },
            {"op",        *op                                       },
            {"value",     unquoted(trimmed(rest.substr(op->size())))}
        };
    }
    return std::nullopt;
}

std::string show_rule(const Json& rule) {
    const auto value = rule.value("value", "");
    return rule.value("attribute", "") + " " + rule.value("op", "") + (value.empty() ? "" : " " + value);
}

}  // namespace hourglass::cli
