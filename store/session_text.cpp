#include "store/session_text.hpp"

#include "store/decimal_text.hpp"
#include "store/packed_text.hpp"

#include <array>
#include <charconv>

namespace hourglass::store {
namespace {

constexpr std::size_t words_before_start = 7;
constexpr std::size_t words_before_flag = 10;
constexpr std::string_view unlisted_flag = "u";
constexpr std::size_t usual_text_octets = 128;

void append_words(std::string& text, const auto&... words) {
    const auto append = [&text](std::string_view word) { text.append(text.empty() ? "" : " ").append(word); };
    (append(words), ...);
}

// What running and closed ones begin with; the rest stays. False if it cannot be read.
bool take_common(std::string_view& text, PackedSession& session) {
    const bool is_readable = take_number(text, session.number) && take_number(text, session.previous) &&
                             take_number(text, session.mark) && take_number(text, session.charged) &&
                             take_number(text, session.uncovered) &&
                             take_number(text, session.input_octets) &&
                             take_number(text, session.output_octets) && take_number(text, session.start) &&
                             take_number(text, session.age);
    session.fingerprint = take_word(text);
    session.flag = take_word(text);
    return is_readable;
}

std::string common_words(const PackedSession& session) {
    std::string text;
    text.reserve(usual_text_octets);
    append_words(text, DecimalText(session.number), DecimalText(session.previous), DecimalText(session.mark),
                 DecimalText(session.charged), DecimalText(session.uncovered),
                 DecimalText(session.input_octets), DecimalText(session.output_octets),
                 DecimalText(session.start), DecimalText(session.age), session.fingerprint, session.flag);
    return text;
}

// nullopt: a part lacks its length.
std::optional<std::vector<std::string_view>> parts_of(std::string_view text) {
    std::vector<std::string_view> parts;
    while (!text.empty()) {
        const auto part = take_with_length(text);
        if (!part) return std::nullopt;
        parts.push_back(*part);
    }
    return parts;
}

}  // namespace

std::string session_field(std::string_view nas, std::string_view session_id) {
    std::string field = "s";
    append_with_length(field, nas);
    append_with_length(field, session_id);
    return field;
}

bool names_session(std::string_view field) {
    return field.size() > 1 && field[0] == 's' && field[1] >= '0' && field[1] <= '9';
}

std::optional<Session> parse_session(std::string_view field, std::string_view text) {
    if (!field.starts_with('s')) return std::nullopt;
    field.remove_prefix(1);
    const auto nas = take_with_length(field);
    const auto session_id = nas ? take_with_length(field) : std::nullopt;
    if (!session_id) return std::nullopt;

    PackedSession packed;
    if (!take_common(text, packed)) return std::nullopt;

    Session session;
    session.is_running = text.find(' ') == std::string_view::npos;
    std::int64_t closed_at = 0;
    if (!session.is_running && !take_number(text, closed_at)) return std::nullopt;
    const bool has_stopped = !session.is_running && take_word(text) == "stop";
    std::int64_t heard = exact(packed.start) + exact(packed.age);
    if (!text.empty() && !take_number(text, heard)) return std::nullopt;
    session.number = packed.number;
    session.nas = *nas;
    session.session_id = *session_id;
    session.session_time = Seconds(packed.mark);
    session.charged = Seconds(packed.charged);
    session.uncovered = Seconds(packed.uncovered);
    session.input_octets = packed.input_octets;
    session.output_octets = packed.output_octets;
    session.started = Time(Seconds(exact(packed.start)));
    session.updated = Time(Seconds(exact(packed.start) + exact(packed.age)));
    session.heard = Time(Seconds(exact(heard)));
    if (!session.is_running) session.ended = has_stopped ? Time(Seconds(exact(closed_at))) : session.updated;
    return session;
}

std::optional<PackedSession> unpack_running(std::string_view text) {
    PackedSession session;
    const bool is_readable = take_common(text, session) && take_number(text, session.heard) && text.empty();
    if (!is_readable) return std::nullopt;
    return session;
}

std::string pack(const PackedSession& running) {
    auto text = common_words(running);
    append_words(text, DecimalText(running.heard));
    return text;
}

std::string pack_stopped(const PackedSession& session, Time closed_at) {
    auto text = common_words(session);
    append_words(text, DecimalText(closed_at), "stop", DecimalText(session.heard));
    return text;
}

Time heard_in(std::string_view text) {
    for (std::size_t i = 0; i < words_before_start; ++i)
        take_word(text);
    std::int64_t start = 0;
    std::int64_t age = 0;
    const bool is_readable = take_number(text, start) && take_number(text, age);
    take_word(text);  // the fingerprint
    take_word(text);  // the flag
    const auto heard = parse_decimal(text);
    const auto updated = exact(start) + exact(age);
    return Time(Seconds(exact(heard || !is_readable ? heard.value_or(0) : updated)));
}

bool is_listed(std::string_view text) {
    for (std::size_t i = 0; i < words_before_flag; ++i)
        take_word(text);
    return take_word(text) != unlisted_flag;
}

std::optional<SessionDetails> parse_details(std::string_view text) {
    SessionDetails details;
    for (const auto member : session_details_members<std::string>) {
        if (text.empty()) break;
        const auto part = take_with_length(text);
        if (!part) return std::nullopt;
        details.*member = *part;
    }
    return details;
}

std::optional<std::string> merge_details(std::string_view known, std::string_view said) {
    const auto before = parts_of(known);
    const auto now = parts_of(said);
    if (!before || !now) return std::nullopt;
    std::string text;
    text.reserve(known.size() + said.size());
    for (std::size_t i = 0; i < std::max(before->size(), now->size()); ++i) {
        const bool is_said = i < now->size() && !(*now)[i].empty();
        append_with_length(text, is_said              ? (*now)[i]
                                 : i < before->size() ? (*before)[i]
                                                      : std::string_view());
    }
    return text;
}

std::string fingerprint(std::string_view encoded_details) {
    std::uint32_t hash = 0x811c9dc5;
    for (const auto octet : encoded_details)
        hash = (hash ^ static_cast<std::uint8_t>(octet)) * 0x01000193;
    std::array<char, 8> digits{};
    const auto* const end = std::to_chars(digits.data(), digits.data() + digits.size(), hash, 16).ptr;
    const auto count = static_cast<std::size_t>(end - digits.data());
    return std::string(digits.size() - count, '0').append(digits.data(), count);
}

}  // namespace hourglass::store
