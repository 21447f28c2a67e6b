#include "api/web_syntax.hpp"

#include "api/text.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace hourglass::api {
namespace {

constexpr std::size_t label_characters_max = 63;
constexpr std::size_t host_octets_max = 253;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
// Letters of other scripts may stand in names; any octet beyond ASCII is part of one.
bool is_foreign(char c) {
    return static_cast<unsigned char>(c) >= 0x80;
}
bool is_white_space(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    for (auto at = text.find(separator); at != text.npos; at = text.find(separator)) {
        parts.push_back(text.substr(0, at));
        text.remove_prefix(at + 1);
    }
    parts.push_back(text);
    return parts;
}

bool is_label(std::string_view label) {
    const auto is_allowed = [](char c) { return is_letter(c) || is_digit(c) || is_foreign(c) || c == '-'; };
    return !label.empty() && count_characters(label) <= label_characters_max && label.front() != '-' &&
           label.back() != '-' && std::ranges::all_of(label, is_allowed);
}

bool is_ip_address(std::string_view text) {
    boost::system::error_code error;
    boost::asio::ip::make_address(std::string(text), error);
    return !error;
}

bool is_ipv6_literal(std::string_view text) {
    if (!text.starts_with('[') || !text.ends_with(']')) return false;
    text = text.substr(1, text.size() - 2);
    return text.find(':') != text.npos && text.find('%') == text.npos && is_ip_address(text);
}

bool is_dot_atom(std::string_view text) {
    constexpr std::string_view specials = "-!#$%&'*+/=?^_`{}|~";
    const auto is_allowed = [&](char c) {
        return is_letter(c) || is_digit(c) || specials.find(c) != specials.npos;
    };
    return std::ranges::all_of(split(text, '.'), [&](std::string_view atom) {
        return !atom.empty() && std::ranges::all_of(atom, is_allowed);
    });
}

bool is_quoted_string(std::string_view text) {
    if (text.size() < 2 || text.front() != '"' || text.back() != '"') return false;
    text = text.substr(1, text.size() - 2);
    bool is_escaped = false;
    for (const char c : text) {
        if (is_foreign(c) || c == '\0' || c == '\n' || c == '\r') return false;
        if (!is_escaped && (c == '"' || c == ' ' || c == '\t')) return false;
        is_escaped = !is_escaped && c == '\\';
    }
    return !is_escaped;
}

bool is_mail_domain(std::string_view domain) {
    if (equals_ignoring_case(domain, "localhost")) return true;
    if (domain.starts_with('[')) {
        return domain.ends_with(']') && is_ip_address(domain.substr(1, domain.size() - 2));
    }
    const auto labels = split(domain, '.');
    return labels.size() >= 2 && count_characters(labels.back()) >= 2 &&
           std::ranges::all_of(labels, is_label);
}

bool is_top_level(std::string_view label) {
    const auto is_allowed = [](char c) { return is_letter(c) || is_foreign(c) || c == '-'; };
    return label.starts_with("xn--") ||
           (count_characters(label) >= 2 && std::ranges::all_of(label, is_allowed));
}

bool is_web_host(std::string_view host) {
    if (host.size() > host_octets_max) return false;
    if (equals_ignoring_case(host, "localhost") || is_ipv6_literal(host)) return true;
    if (host.find(':') != host.npos) return false;
    if (is_ip_address(host)) return true;
    if (host.ends_with('.')) host.remove_suffix(1);
    const auto labels = split(host, '.');
    return labels.size() >= 2 && std::ranges::all_of(labels, is_label) && is_top_level(labels.back());
}

bool is_port(std::string_view port) {
    return !port.empty() && port.size() <= 5 && std::ranges::all_of(port, is_digit);
}

// "user" or "user:password", before the "@".
bool is_user_info(std::string_view text) {
    const auto parts = split(text, ':');
    return parts.size() <= 2 && !parts[0].empty();
}

}  // namespace

bool is_email(std::string_view text) {
    const auto at = text.rfind('@');
    if (at == text.npos) return false;
    const auto user = text.substr(0, at);
    return (is_dot_atom(user) || is_quoted_string(user)) && is_mail_domain(text.substr(at + 1));
}

bool is_url(std::string_view text) {
    constexpr auto schemes = std::to_array<std::string_view>({"http", "https", "ftp", "ftps"});
    if (std::ranges::any_of(text, is_white_space)) return false;
    const auto scheme_end = text.find("://");
    if (scheme_end == text.npos) return false;
    const auto scheme = text.substr(0, scheme_end);
    if (std::ranges::none_of(schemes, [&](auto known) { return equals_ignoring_case(scheme, known); })) {
        return false;
    }

    auto authority = text.substr(scheme_end + 3);
    authority = authority.substr(0, authority.find_first_of("/?#"));
    if (const auto at = authority.rfind('@'); at != authority.npos) {
        if (!is_user_info(authority.substr(0, at))) return false;
        authority.remove_prefix(at + 1);
    }
    if (const auto colon = authority.rfind(':'); colon != authority.npos && !authority.ends_with(']')) {
        if (!is_port(authority.substr(colon + 1))) return false;
        authority = authority.substr(0, colon);
    }
    return is_web_host(authority);
}

}  // namespace hourglass::api
