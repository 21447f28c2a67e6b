#include "api/query.hpp"

#include "api/field.hpp"
#include "api/text.hpp"

#include <array>
#include <charconv>

namespace hourglass::api {
namespace {

std::optional<char> octet_at(std::string_view text, std::size_t at) {
    unsigned value = 0;
    if (text.size() < at + 3) return std::nullopt;
    const auto* const end = text.data() + at + 3;
    const auto parsed = std::from_chars(text.data() + at + 1, end, value, 16);
    if (parsed.ec != std::errc{} || parsed.ptr != end) return std::nullopt;
    return static_cast<char>(value);
}

void append_encoded(std::string& target, std::string_view text) {
    constexpr std::string_view hexadecimal = "0123456789ABCDEF";
    constexpr std::string_view kept = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-~";
    for (const char c : text) {
        const auto octet = static_cast<unsigned char>(c);
        if (kept.find(c) != kept.npos) {
            target += c;
        } else if (c == ' ') {
            target += '+';
        } else {
            target += {'%', hexadecimal[octet >> 4U], hexadecimal[octet & 15U]};
        }
    }
}

}  // namespace

std::string percent_decode(std::string_view text, bool plus_is_space) {
    std::string decoded;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const auto octet = text[at] == '%' ? octet_at(text, at) : std::nullopt;
        if (octet) {
            decoded += *octet;
            at += 2;
        } else {
            decoded += plus_is_space && text[at] == '+' ? ' ' : text[at];
        }
    }
    return decoded;
}

Query::Query(std::string_view text) {
    while (!text.empty()) {
        const auto pair = text.substr(0, text.find('&'));
        text.remove_prefix(std::min(pair.size() + 1, text.size()));
        if (pair.empty()) continue;
        const auto equals = std::min(pair.find('='), pair.size());
        const auto value = pair.substr(std::min(equals + 1, pair.size()));
        values_[percent_decode(pair.substr(0, equals), true)].push_back(percent_decode(value, true));
    }
}

std::optional<std::string> Query::find(std::string_view name) const {
    const auto found = values_.find(name);
    if (found == values_.end()) return std::nullopt;
    const auto value = trim(found->second.back());
    return value.empty() ? std::nullopt : std::optional<std::string>(value);
}

std::vector<std::string> Query::names() const {
    std::vector<std::string> names;
    for (const auto& [name, values] : values_)
        names.push_back(name);
    return names;
}

bool Query::is_true(std::string_view name) const {
    const auto value = find(name);
    return value && boolean_type.parse(boolean(name), *value).stored == "1";
}

void Query::set(std::string_view name, std::string value) {
    values_.insert_or_assign(std::string(name), std::vector{std::move(value)});
}

void Query::remove(std::string_view name) {
    if (const auto found = values_.find(name); found != values_.end()) values_.erase(found);
}

std::string Query::encode() const {
    std::string text;
    for (const auto& [name, values] : values_) {
        for (const auto& value : values) {
            if (!text.empty()) text += '&';
            append_encoded(text, name);
            text += '=';
            append_encoded(text, value);
        }
    }
    return text;
}

}  // namespace hourglass::api
