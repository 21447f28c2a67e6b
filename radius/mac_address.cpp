#include "radius/mac_address.hpp"

#include "store/hex.hpp"

#include <algorithm>

namespace hourglass::radius {
namespace {

constexpr std::size_t digits_count = 12;

struct Form {
    std::size_t group;  // digits
    char separator;
};
constexpr auto forms = std::to_array<Form>({
    {2,            '-'},
    {2,            ':'},
    {2,            '.'},
    {4,            '.'},
    {4,            '-'},
    {4,            ':'},
    {6,            '-'},
    {digits_count, ' '},
});

std::string spell(std::string_view digits, const Form& form) {
    std::string text(digits.substr(0, form.group));
    for (auto at = form.group; at < digits.size(); at += form.group) {
        text += form.separator;
        text += digits.substr(at, form.group);
    }
    return text;
}

char to_upper(char letter) {
    return 'a' <= letter && letter <= 'f' ? static_cast<char>(letter - 'a' + 'A') : letter;
}

}  // namespace

std::optional<MacAddress> parse_mac_address(std::string_view text) {
    if (text.size() < digits_count || text.size() > digits_count / 2 * 3) return std::nullopt;
    const auto group = std::min(text.find_first_of("-:."), text.size());
    const auto* const form = std::ranges::find_if(forms, [&](const Form& each) {
        return each.group == group && (group == text.size() || each.separator == text[group]);
    });
    if (form == forms.end()) return std::nullopt;

    std::string digits(text);
    if (group < text.size()) std::erase(digits, form->separator);
    MacAddress address{};
    const bool is_good = store::from_hex(digits, address) && spell(digits, *form) == text;
    return is_good ? std::optional(address) : std::nullopt;
}

std::string to_text(const MacAddress& address) {
    return spell(store::to_hex(address), forms.front());
}

std::vector<std::string> spellings(const MacAddress& address) {
    const auto lower = store::to_hex(address);
    auto upper = lower;
    std::ranges::transform(upper, upper.begin(), to_upper);
    std::vector<std::string> all;
    all.reserve(2 * forms.size());
    for (const auto& form : forms) {
        all.push_back(spell(lower, form));
        all.push_back(spell(upper, form));
    }
    return all;
}

}  // namespace hourglass::radius
