#include "store/redis_address.hpp"

#include "store/decimal.hpp"
#include "store/hex.hpp"

#include <array>
#include <stdexcept>

namespace hourglass::store {
namespace {

constexpr std::string_view unix_scheme = "unix://";
constexpr std::string_view redis_scheme = "redis://";
constexpr int database_max = 65535;

[[noreturn]] void refuse(const std::string& why) {
    throw std::invalid_argument("store.redis: " + why +
                                "; use unix:///path or redis://[user:password@]host:port/db");
}

// A password may hold any character as %XX.
std::string percent_decoded(std::string_view text) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            plain += text[i];
            continue;
        }
        std::array<std::uint8_t, 1> octet{};
        if (i + 2 >= text.size() || !from_hex(text.substr(i + 1, 2), octet))
            refuse("bad %XX in user or password");
        plain += static_cast<char>(octet[0]);
        i += 2;
    }
    return plain;
}

// What stands before the last `separator` is moved from `text` to the result; nothing is if there is none.
std::string_view take_before_last(std::string_view& text, char separator) {
    const auto at = text.rfind(separator);
    if (at == std::string_view::npos) return {};
    const auto head = text.substr(0, at);
    text.remove_prefix(at + 1);
    return head;
}

void parse_credentials(std::string_view text, RedisAddress& address) {
    const auto colon = text.find(':');
    if (colon == std::string_view::npos) refuse("credentials are user:password, or :password");
    address.username = percent_decoded(text.substr(0, colon));
    address.password = percent_decoded(text.substr(colon + 1));
    if (address.password.empty()) refuse("the password is empty");
}

void parse_database(std::string_view text, RedisAddress& address) {
    const auto number = parse_decimal<int>(text);
    if (!number || *number < 0 || *number > database_max) refuse("the database is no number from 0 up");
    address.database = *number;
}

void parse_host_and_port(std::string_view text, RedisAddress& address) {
    if (text.starts_with('[')) {
        const auto bracket = text.find(']');
        if (bracket == std::string_view::npos) refuse("']' is missing after the IPv6 address");
        address.host = text.substr(1, bracket - 1);
        text.remove_prefix(bracket + 1);
        if (!text.empty() && text.front() != ':') refuse("only :port may follow the IPv6 address");
    } else {
        const auto colon = text.find(':');
        address.host = text.substr(0, colon);
        text.remove_prefix(std::min(colon, text.size()));
    }
    if (address.host.empty()) refuse("the host is missing");
    if (text.empty()) return;

    const auto port = parse_decimal<std::uint16_t>(text.substr(1));
    if (!port || *port == 0) refuse("the port is no number from 1 to 65535");
    address.port = *port;
}

}  // namespace

RedisAddress RedisAddress::parse(std::string_view url) {
    RedisAddress address;
    if (url.starts_with(unix_scheme)) {
        address.unix_path = url.substr(unix_scheme.size());
        if (!address.unix_path.starts_with('/')) refuse("the socket's path is not absolute");
        return address;
    }
    if (!url.starts_with(redis_scheme)) refuse("unknown kind of address");

    auto rest = url.substr(redis_scheme.size());
    const bool has_credentials = rest.find('@') != std::string_view::npos;
    const auto credentials = take_before_last(rest, '@');
    if (has_credentials) parse_credentials(credentials, address);
    const auto slash = rest.find('/');
    if (slash != std::string_view::npos && slash + 1 < rest.size())
        parse_database(rest.substr(slash + 1), address);
    parse_host_and_port(rest.substr(0, slash), address);
    return address;
}

std::string RedisAddress::describe() const {
    if (!unix_path.empty()) return std::string(unix_scheme) + unix_path;
    const bool is_ipv6 = host.find(':') != std::string::npos;
    return std::string(redis_scheme) + (username.empty() ? "" : username + "@") +
           (is_ipv6 ? "[" + host + "]" : host) + ":" + std::to_string(port) + "/" + std::to_string(database);
}

}  // namespace hourglass::store
