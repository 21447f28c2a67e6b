#include "radius/data_type_addresses.hpp"

#include "radius/dictionary.hpp"
#include "store/decimal.hpp"

#include <charconv>

namespace hourglass::radius {
namespace {

constexpr std::size_t prefix_header_octets = 2;  // reserved, length

template <class Octets>
OctetString to_vector(const Octets& octets) {
    return {octets.begin(), octets.end()};
}

bool are_bits_clear_from(Bytes octets, unsigned length) {
    for (std::size_t bit = length; bit < octets.size() * 8; ++bit)
        if ((octets[bit / 8] >> (7 - bit % 8) & 1) != 0) return false;
    return true;
}

// The octets of an address of which a prefix of `length` bits may have left out those that are 0. nullopt: it
// is no such prefix.
template <class Address>
std::optional<std::string> read_prefix(Bytes octets) {
    typename Address::bytes_type address{};
    if (octets.size() < prefix_header_octets || octets.size() > prefix_header_octets + address.size())
        return std::nullopt;
    const unsigned length = octets[1];
    const auto given = octets.subspan(prefix_header_octets);
    if (octets[0] != 0 || length > address.size() * 8 || (length + 7) / 8 > given.size()) return std::nullopt;
    if (!are_bits_clear_from(given, length)) return std::nullopt;
    std::ranges::copy(given, address.begin());
    return Address(address).to_string() + "/" + std::to_string(length);
}

template <class Address>
struct Prefix {
    typename Address::bytes_type address;
    unsigned length;
};

template <class Address>
std::optional<Prefix<Address>> parse_prefix(std::string_view text) {
    const auto slash = text.find('/');
    boost::system::error_code error;
    Prefix<Address> prefix{};
    if constexpr (std::is_same_v<Address, boost::asio::ip::address_v4>)
        prefix.address = boost::asio::ip::make_address_v4(text.substr(0, slash), error).to_bytes();
    else
        prefix.address = boost::asio::ip::make_address_v6(text.substr(0, slash), error).to_bytes();
    const auto bits = static_cast<unsigned>(prefix.address.size() * 8);
    const auto length =
        slash == text.npos ? std::optional(bits) : store::parse_decimal<unsigned>(text.substr(slash + 1));
    if (error || !length || *length > bits) return std::nullopt;
    prefix.length = *length;
    return are_bits_clear_from(prefix.address, prefix.length) ? std::optional(prefix) : std::nullopt;
}

OctetString prefix_octets(unsigned length, Bytes address) {
    OctetString octets{0, static_cast<std::uint8_t>(length)};
    octets.insert(octets.end(), address.begin(), address.end());
    return octets;
}

// `count` numbers of at most `digits` hexadecimal digits each, with one of `separators` between them.
std::optional<std::vector<std::uint16_t>> read_groups(std::string_view text, std::size_t count,
                                                      std::size_t digits, std::string_view separators) {
    std::vector<std::uint16_t> groups;
    for (std::size_t i = 0; i < count; ++i) {
        const bool is_last = i + 1 == count;
        const auto end = is_last ? text.size() : text.find_first_of(separators);
        if (end == text.npos || end == 0 || end > digits) return std::nullopt;
        std::uint16_t group{};
        const auto [stop, error] = std::from_chars(text.data(), text.data() + end, group, 16);
        if (error != std::errc{} || stop != text.data() + end) return std::nullopt;
        groups.push_back(group);
        text.remove_prefix(is_last ? end : end + 1);
    }
    return groups;
}

std::string hexadecimal(std::uint64_t number, std::size_t width) {
    std::array<char, 16> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number, 16).ptr;
    const std::string text(digits.data(), end);
    return std::string(text.size() < width ? width - text.size() : 0, '0') + text;
}

}  // namespace

std::optional<std::string> read_ipv4(Bytes octets) {
    const auto address = Ipv4::read(octets);
    return address ? std::optional(address->to_string()) : std::nullopt;
}

std::optional<OctetString> write_ipv4(std::string_view text) {
    boost::system::error_code error;
    const auto address = boost::asio::ip::make_address_v4(text, error);
    return error ? std::nullopt : std::optional(to_vector(address.to_bytes()));
}

std::optional<std::string> read_ipv6(Bytes octets) {
    const auto address = Ipv6::read(octets);
    return address ? std::optional(address->to_string()) : std::nullopt;
}

std::optional<OctetString> write_ipv6(std::string_view text) {
    boost::system::error_code error;
    const auto address = boost::asio::ip::make_address_v6(text, error);
    if (error || address.scope_id() != 0) return std::nullopt;
    return to_vector(address.to_bytes());
}

std::optional<std::string> read_combo_ip(Bytes octets) {
    auto text = read_ipv4(octets);
    return text ? std::move(text) : read_ipv6(octets);
}

std::optional<OctetString> write_combo_ip(std::string_view text) {
    auto octets = write_ipv4(text);
    return octets ? std::move(octets) : write_ipv6(text);
}

std::optional<std::string> read_ipv4_prefix(Bytes octets) {
    if (octets.size() != prefix_header_octets + sizeof(std::uint32_t)) return std::nullopt;
    return read_prefix<boost::asio::ip::address_v4>(octets);
}

std::optional<OctetString> write_ipv4_prefix(std::string_view text) {
    const auto prefix = parse_prefix<boost::asio::ip::address_v4>(text);
    return prefix ? std::optional(prefix_octets(prefix->length, prefix->address)) : std::nullopt;
}

std::optional<std::string> read_ipv6_prefix(Bytes octets) {
    return read_prefix<boost::asio::ip::address_v6>(octets);
}

// No more octets than the length asks for (RFC 8044 section 3.10).
std::optional<OctetString> write_ipv6_prefix(std::string_view text) {
    const auto prefix = parse_prefix<boost::asio::ip::address_v6>(text);
    if (!prefix) return std::nullopt;
    return prefix_octets(prefix->length, Bytes(prefix->address).first((prefix->length + 7) / 8));
}

std::optional<std::string> read_interface_id(Bytes octets) {
    if (octets.size() != sizeof(std::uint64_t)) return std::nullopt;
    std::string text;
    for (std::size_t i = 0; i < octets.size(); i += 2)
        text += (i == 0 ? "" : ":") + hexadecimal(read_integer(octets.subspan(i, 2)), 1);
    return text;
}

std::optional<OctetString> write_interface_id(std::string_view text) {
    const auto groups = read_groups(text, 4, 4, ":");
    if (!groups) return std::nullopt;
    OctetString octets;
    for (const auto group : *groups) {
        octets.push_back(static_cast<std::uint8_t>(group >> 8));
        octets.push_back(static_cast<std::uint8_t>(group));
    }
    return octets;
}

std::optional<std::string> read_ethernet(Bytes octets) {
    if (octets.size() != 6) return std::nullopt;
    std::string text;
    for (const auto octet : octets)
        text += (text.empty() ? "" : ":") + hexadecimal(octet, 2);
    return text;
}

std::optional<OctetString> write_ethernet(std::string_view text) {
    const auto groups = read_groups(text, 6, 2, ":-");
    if (!groups) return std::nullopt;
    OctetString octets;
    for (const auto group : *groups)
        octets.push_back(static_cast<std::uint8_t>(group));
    return octets;
}

}  // namespace hourglass::radius
