#include "daemon/addresses.hpp"

#include <charconv>
#include <span>

namespace hourglass::daemon {

namespace {

namespace ip = boost::asio::ip;

template <class Number>
std::optional<Number> parse_number(std::string_view text) {
    Number number{};
    const std::span<const char> digits(text);
    const auto [rest, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (failure != std::errc{} || rest != digits.data() + digits.size()) return std::nullopt;
    return number;
}

}  // namespace

std::optional<ip::address> parse_address(std::string_view text) {
    boost::system::error_code failure;
    auto address = ip::make_address(text, failure);
    if (failure) return std::nullopt;
    return address;
}

std::optional<AddressAndPort> parse_address_and_port(std::string_view text) {
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos) return std::nullopt;

    auto host = text.substr(0, colon);
    const bool is_bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
    if (is_bracketed) host = host.substr(1, host.size() - 2);

    const auto address = parse_address(host);
    const auto port = parse_number<std::uint16_t>(text.substr(colon + 1));
    if (!address || !port || address->is_v6() != is_bracketed) return std::nullopt;
    return AddressAndPort{*address, *port};
}

}  // namespace hourglass::daemon
