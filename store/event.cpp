#include "store/event.hpp"

#include "store/decimal.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

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

// One object, written from left to right: this is on the way of every login, and a tree of values costs
// several times as much.
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

std::string to_json(const Event& event) {
    JsonWriter json;
    json.add("type", name_of(event.type));
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
