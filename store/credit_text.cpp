#include "store/credit_text.hpp"

#include "store/packed_text.hpp"

namespace hourglass::store {
namespace {

constexpr std::string_view not_metered = "-";

bool take_balance(std::string_view& text, Balance& balance) {
    const auto word = take_word(text);
    if (word == not_metered) return true;
    const auto seconds = parse_decimal(word);
    if (seconds) balance = Seconds(*seconds);
    return seconds.has_value();
}

}  // namespace

std::optional<Credit> parse_credit(std::uint64_t number, std::string_view line) {
    Credit credit;
    std::int64_t time = 0;
    std::int64_t seconds = 0;
    const bool is_readable = take_number(line, time) && take_number(line, seconds) &&
                             take_balance(line, credit.before) && take_balance(line, credit.after);
    const auto source = is_readable ? take_with_length(line) : std::nullopt;
    if (!source) return std::nullopt;
    credit.number = number;
    credit.time = Time(Seconds(time));
    credit.seconds = Seconds(seconds);
    credit.source = *source;
    credit.reason = line;
    return credit;
}

}  // namespace hourglass::store
