#include "store/event.hpp"

#include "store/packed_text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <limits>

namespace hourglass::store {
namespace {

constexpr std::size_t usual_json_octets = 320;

constexpr auto type_names = std::to_array<std::string_view>({
#define EVENT(name, meaning) #name,
#include "store/event_types.def"
#undef EVENT
});

bool needs_no_escape(char c) {
    return c >= ' ' && c <= '~' && c != '"' && c != '\\';
}

// One object, written from left to right: a tree of values costs several times as much.
class JsonWriter {
public:
    JsonWriter() { text_.reserve(usual_json_octets); }

    void add(std::string_view name, std::string_view value) {
        begin(name);
        if (value.empty())
            text_ += "null";
        else
            append_quoted(value);
    }
    void add(std::string_view name, std::int64_t value) {
        begin(name);
        text_ += std::to_string(value);
    }
    void add_if(bool is_known, std::string_view name, std::int64_t value) {
        is_known ? add(name, value) : add(name, std::string_view());
    }

    std::string end() && { return std::move(text_ += '}'); }

private:
    void begin(std::string_view name) {
        text_ += text_.empty() ? '{' : ',';
        text_.append("\"").append(name).append("\":");
    }

    void append_quoted(std::string_view value) {
        if (std::ranges::all_of(value, needs_no_escape)) {
            text_.append("\"").append(value).append("\"");
            return;
        }
        text_ += nlohmann::json(value).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    }

    std::string text_;
};

constexpr auto text_parts = std::to_array<std::string_view Event::*>(
    {&Event::username, &Event::nas, &Event::session_id, &Event::calling_station_id, &Event::reason});

// Seconds and balances: a credit may be negative, so none is a number beyond all of them.
constexpr std::int64_t no_seconds = std::numeric_limits<std::int64_t>::min();

std::int64_t count_of(const std::optional<Seconds>& seconds) {
    return seconds ? seconds->count() : no_seconds;
}
std::optional<Seconds> duration_of(std::int64_t count) {
    return count == no_seconds ? std::nullopt : std::optional(Seconds(count));
}

void append_number(std::string& batch, std::int64_t number) {
    std::array<char, std::numeric_limits<std::int64_t>::digits10 + 2> digits;
    batch.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr);
    batch += ' ';
}

void put_digits(char* to, unsigned number, int digits) {
    while (digits-- > 0) {
        to[digits] = static_cast<char>('0' + number % 10);
        number /= 10;
    }
}

}  // namespace

std::string show_time(Time time) {
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(time - day);
    std::string text = "0000-00-00T00:00:00Z";
    put_digits(&text[0], static_cast<unsigned>(static_cast<int>(date.year())), 4);
    put_digits(&text[5], static_cast<unsigned>(date.month()), 2);
    put_digits(&text[8], static_cast<unsigned>(date.day()), 2);
    put_digits(&text[11], static_cast<unsigned>(clock.hours().count()), 2);
    put_digits(&text[14], static_cast<unsigned>(clock.minutes().count()), 2);
    put_digits(&text[17], static_cast<unsigned>(clock.seconds().count()), 2);
    return text;
}

std::string_view name_of(EventType type) {
    return type_names.at(static_cast<std::size_t>(type));
}

bool is_event_type(std::string_view name) {
    return std::ranges::find(type_names, name) != type_names.end();
}

void pack(std::string& batch, const Event& event) {
    batch.append(name_of(event.type)).append(" ");
    append_number(batch, event.time.time_since_epoch().count());
    append_number(batch, event.user);
    append_number(batch, event.organization);
    append_number(batch, count_of(event.seconds));
    append_number(batch, count_of(event.balance));
    for (const auto part : text_parts)
        append_with_length(batch, event.*part);
}

std::optional<PackedEvent> take_event(std::string_view& batch) {
    PackedEvent packed;
    auto& event = packed.event;
    packed.type = take_word(batch);
    std::int64_t time = 0;
    std::int64_t seconds = 0;
    std::int64_t balance = 0;
    const bool has_numbers = take_number(batch, time) && take_number(batch, event.user) &&
                             take_number(batch, event.organization) && take_number(batch, seconds) &&
                             take_number(batch, balance);
    if (!has_numbers) return std::nullopt;
    event.time = Time(Seconds(time));
    event.seconds = duration_of(seconds);
    event.balance = duration_of(balance);
    for (const auto part : text_parts) {
        const auto text = take_with_length(batch);
        if (!text) return std::nullopt;
        event.*part = *text;
    }
    return packed;
}

std::string to_json(const PackedEvent& packed) {
    const auto& event = packed.event;
    JsonWriter json;
    json.add("type", packed.type);
    json.add("time", show_time(event.time));
    json.add_if(event.user != 0, "user", event.user);
    json.add("username", event.username);
    json.add_if(event.organization != 0, "organization", event.organization);
    json.add("nas", event.nas);
    json.add("session_id", event.session_id);
    json.add("calling_station_id", event.calling_station_id);
    json.add_if(event.seconds.has_value(), "seconds", event.seconds.value_or(Seconds()).count());
    json.add_if(event.balance.has_value(), "balance", event.balance.value_or(Seconds()).count());
    json.add("reason", event.reason);
    return std::move(json).end();
}

std::string to_text(const EventId& id) {
    return std::to_string(id.milliseconds) + "-" + std::to_string(id.sequence) + "." +
           std::to_string(id.index);
}

std::optional<EventId> parse_event_id(std::string_view text) {
    if (text == "0") return EventId();
    const auto dash = text.find('-');
    const auto dot = text.find('.');
    if (dash == text.npos || dot == text.npos || dot < dash) return std::nullopt;
    const auto milliseconds = parse_decimal<std::uint64_t>(text.substr(0, dash));
    const auto sequence = parse_decimal<std::uint64_t>(text.substr(dash + 1, dot - dash - 1));
    const auto index = parse_decimal<std::uint32_t>(text.substr(dot + 1));
    if (!milliseconds || !sequence || !index) return std::nullopt;
    return EventId{*milliseconds, *sequence, *index};
}

}  // namespace hourglass::store
