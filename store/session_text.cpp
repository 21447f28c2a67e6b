#include "store/session_text.hpp"

#include "store/decimal.hpp"

#include <array>
#include <cstdio>

namespace hourglass::store {
namespace {

// The members of SessionDetails, in the order they are encoded. New ones go to the end.
constexpr std::array details_members{
    &SessionDetails::nas_name,          &SessionDetails::nas_identifier,
    &SessionDetails::nas_ip_address,    &SessionDetails::nas_port,
    &SessionDetails::nas_port_type,     &SessionDetails::calling_station_id,
    &SessionDetails::called_station_id, &SessionDetails::framed_ip_address,
    &SessionDetails::terminate_cause,   &SessionDetails::source_address,
};

void append_with_length(std::string& text, std::string_view part) {
    text.append(std::to_string(part.size())).append(":").append(part);
}

std::optional<std::string_view> take_with_length(std::string_view& text) {
    const auto colon = text.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    const auto length = parse_decimal<std::size_t>(text.substr(0, colon));
    text.remove_prefix(colon + 1);
    if (!length || *length > text.size()) return std::nullopt;
    const auto part = text.substr(0, *length);
    text.remove_prefix(*length);
    return part;
}

std::string_view take_word(std::string_view& text) {
    const auto word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(word.size() + 1, text.size()));
    return word;
}

template <std::integral Number>
bool take_number(std::string_view& text, Number& number) {
    const auto parsed = parse_decimal<Number>(take_word(text));
    if (parsed) number = *parsed;
    return parsed.has_value();
}

}  // namespace

std::string session_field(std::string_view nas, std::string_view session_id) {
    std::string field = "s";
    append_with_length(field, nas);
    append_with_length(field, session_id);
    return field;
}

std::optional<SessionText> parse_session(std::string_view field, std::string_view text) {
    if (!field.starts_with('s')) return std::nullopt;
    field.remove_prefix(1);
    const auto nas = take_with_length(field);
    const auto session_id = nas ? take_with_length(field) : std::nullopt;
    if (!session_id) return std::nullopt;

    SessionText parsed;
    std::uint64_t previous = 0;
    std::int64_t mark = 0;
    std::int64_t charged = 0;
    std::int64_t uncovered = 0;
    std::int64_t start = 0;
    std::int64_t age = 0;
    auto& session = parsed.session;
    const bool is_readable = take_number(text, parsed.number) && take_number(text, previous) &&
                             take_number(text, mark) && take_number(text, charged) &&
                             take_number(text, uncovered) && take_number(text, session.input_octets) &&
                             take_number(text, session.output_octets) && take_number(text, start) &&
                             take_number(text, age);
    if (!is_readable) return std::nullopt;
    take_word(text);  // the fingerprint
    take_word(text);  // the flag
    session.is_running = text.empty();
    session.nas = *nas;
    session.session_id = *session_id;
    session.session_time = Seconds(mark);
    session.charged = Seconds(charged);
    session.uncovered = Seconds(uncovered);
    session.started = Time(Seconds(start));
    session.updated = Time(Seconds(start + age));
    return parsed;
}

std::string encode(const SessionDetails& details) {
    std::string text;
    for (const auto member : details_members)
        append_with_length(text, details.*member);
    return text;
}

std::optional<SessionDetails> parse_details(std::string_view text) {
    SessionDetails details;
    for (const auto member : details_members) {
        if (text.empty()) break;
        const auto part = take_with_length(text);
        if (!part) return std::nullopt;
        details.*member = *part;
    }
    return details;
}

std::string fingerprint(std::string_view encoded_details) {
    std::uint32_t hash = 0x811c9dc5;
    for (const auto octet : encoded_details)
        hash = (hash ^ static_cast<std::uint8_t>(octet)) * 0x01000193;
    std::array<char, 9> digits{};
    std::snprintf(digits.data(), digits.size(), "%08x", hash);
    return digits.data();
}

}  // namespace hourglass::store
