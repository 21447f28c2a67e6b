#include "cli/traced_packet.hpp"

#include "cli/show.hpp"
#include "cli/table.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace hourglass::cli {
namespace {

std::string text_of(const Json& object, const char* field) {
    const auto value = object.value(field, Json{});
    return value.is_null() ? std::string() : printable(shown(value));
}

// "Access-Request 17"
std::string title_of(const Json& packet) {
    return text_of(packet, "code") + " " + text_of(packet, "identifier");
}

std::string attribute_lines(const Json& packet, const Paint& paint) {
    std::string lines;
    for (const auto& attribute : packet.value("attributes", Json::array())) {
        const auto line = "    " + text_of(attribute, "attribute") + " = " + text_of(attribute, "value");
        lines += paint(Colour::dim, line) + "\n";
    }
    return lines;
}

// "1.003 s", "0.4 ms"
std::string duration_of(const Json& microseconds) {
    if (!microseconds.is_number_integer()) return {};
    const auto number = microseconds.get<double>();
    std::array<char, 32> text{};
    const bool is_long = number >= 100'000;
    std::snprintf(text.data(), text.size(), is_long ? "%.3f s" : "%.1f ms", number / (is_long ? 1e6 : 1e3));
    return text.data();
}

std::string usage_line(const Json& usage) {
    if (!usage.is_object()) return {};
    auto line = "  " + text_of(usage, "charged") + " s charged";
    if (usage.value("uncovered", 0) > 0) line += ", " + text_of(usage, "uncovered") + " s beyond the balance";
    const auto balance = usage.value("balance", Json{});
    return line + (balance.is_null() ? "" : ", " + shown(balance) + " s are left") + "\n";
}

Colour colour_of(const std::string& code) {
    if (code.ends_with("-Reject") || code.ends_with("-NAK")) return Colour::red;
    return Colour::green;
}

std::string reply_lines(const Json& traced, const Paint& paint) {
    const auto reply = traced.value("reply", Json{});
    if (!reply.is_object()) return {};
    const auto reason = text_of(traced, "reason");
    const auto took = duration_of(traced.value("microseconds", Json{}));
    auto line =
        paint(colour_of(text_of(reply, "code")), title_of(reply) + (reason.empty() ? "" : ": " + reason));
    return "  -> " + line + (took.empty() ? "" : " after " + took) + "\n" + attribute_lines(reply, paint);
}

}  // namespace

std::string shown_check(const Json& check, const Paint& paint) {
    const bool is_passed = check.value("passed", false);
    return (is_passed ? "  ok  " : paint(Colour::red, "  NO  ")) + text_of(check, "check") + ": " +
           text_of(check, "finding");
}

std::string shown_packet(const Json& traced, const Paint& paint) {
    const auto packet = traced.value("packet", Json{});
    const auto nas = text_of(traced, "nas");
    const auto address = text_of(traced, "address");
    const bool is_ours = traced.value("outcome", "") == "sent" || traced.value("outcome", "") == "received";
    auto lines =
        text_of(traced, "time") + (is_ours ? "  to " : "  from ") +
        (nas.empty() ? address : nas + " (" + address + ")") + "  " +
        paint(Colour::bold, packet.is_object() ? title_of(packet)
                                               : text_of(traced, "octets") + " octets that are no packet") +
        "\n";
    if (packet.is_object()) lines += attribute_lines(packet, paint);
    for (const auto& check : traced.value("checks", Json::array()))
        lines += shown_check(check, paint) + "\n";
    lines += usage_line(traced.value("usage", Json{}));
    const auto detail = text_of(traced, "detail");
    if (!detail.empty()) lines += "  " + paint(Colour::yellow, detail) + "\n";
    return lines + reply_lines(traced, paint) + "\n";
}

}  // namespace hourglass::cli
