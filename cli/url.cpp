#include "cli/url.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace hourglass::cli {

namespace {

constexpr std::string_view plain_scheme = "http://";
constexpr std::string_view encrypted_scheme = "https://";
constexpr const char* plain_port = "80";
constexpr const char* encrypted_port = "443";

bool is_port(std::string_view text) {
    std::uint16_t port{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    return error == std::errc{} && end == text.data() + text.size() && port != 0;
}

bool is_host(std::string_view text) {
    constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._";
    return !text.empty() && text.find_first_not_of(allowed) == std::string_view::npos;
}

bool is_ipv6(const std::string& text) {
    boost::system::error_code error;
    boost::asio::ip::make_address_v6(text, error);
    return !error;
}

bool is_path(std::string_view text) {
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return c > ' ' && c < 127 && c != '?' && c != '#'; });
}

bool is_unreserved(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

std::string percent_encode(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string encoded;
    for (const char c : text) {
        if (is_unreserved(c)) {
            encoded += c;
        } else {
            const auto octet = static_cast<unsigned char>(c);
            encoded += {'%', digits[octet >> 4], digits[octet & 15]};
        }
    }
    return encoded;
}

}  // namespace

bool Url::is_loopback() const {
    if (host == "localhost") return true;
    boost::system::error_code error;
    const auto address = boost::asio::ip::make_address(host, error);
    return !error && address.is_loopback();
}

std::string Url::authority() const {
    const bool needs_brackets = host.find(':') != std::string::npos;
    return (needs_brackets ? "[" + host + "]" : host) + ":" + port;
}

std::string Url::origin() const {
    return std::string(is_encrypted ? encrypted_scheme : plain_scheme) + authority();
}

std::optional<Url> parse_url(std::string_view text) {
    const bool is_encrypted = text.starts_with(encrypted_scheme);
    if (!is_encrypted && !text.starts_with(plain_scheme)) return std::nullopt;
    text.remove_prefix(is_encrypted ? encrypted_scheme.size() : plain_scheme.size());

    const auto authority_end = std::min(text.find('/'), text.size());
    auto authority = text.substr(0, authority_end);
    auto path = text.substr(authority_end);
    while (path.ends_with('/'))
        path.remove_suffix(1);
    if (!is_path(path)) return std::nullopt;

    Url url{.is_encrypted = is_encrypted,
            .host = {},
            .port = is_encrypted ? encrypted_port : plain_port,
            .path = std::string(path)};
    if (authority.starts_with('[')) {
        const auto bracket = authority.find(']');
        if (bracket == std::string_view::npos) return std::nullopt;
        url.host = authority.substr(1, bracket - 1);
        if (!is_ipv6(url.host)) return std::nullopt;
        authority.remove_prefix(bracket + 1);
    } else {
        const auto colon = std::min(authority.find(':'), authority.size());
        url.host = authority.substr(0, colon);
        if (!is_host(url.host)) return std::nullopt;
        authority.remove_prefix(colon);
    }
    if (authority.empty()) return url;
    if (authority.front() != ':' || !is_port(authority.substr(1))) return std::nullopt;
    url.port = authority.substr(1);
    return url;
}

std::string target_of(std::string_view reference) {
    const auto scheme_end = reference.find("://");
    if (scheme_end == std::string_view::npos) return std::string(reference);
    const auto path = reference.find('/', scheme_end + 3);
    return path == std::string_view::npos ? "/" : std::string(reference.substr(path));
}

std::string encode_query(const Query& query) {
    std::string encoded;
    for (const auto& [name, value] : query) {
        encoded += (encoded.empty() ? "?" : "&") + percent_encode(name) + "=" + percent_encode(value);
    }
    return encoded;
}

}  // namespace hourglass::cli
