#include "radius/dictionary.hpp"

namespace hourglass::radius {
namespace {

template <std::size_t size>
std::optional<std::array<std::uint8_t, size>> exactly(Bytes bytes) {
    if (bytes.size() != size) return std::nullopt;
    std::array<std::uint8_t, size> octets;
    std::ranges::copy(bytes, octets.begin());
    return octets;
}

}  // namespace

std::optional<std::uint32_t> Integer::read(Bytes bytes) {
    if (bytes.size() != sizeof(std::uint32_t)) return std::nullopt;
    return static_cast<std::uint32_t>(read_integer(bytes));
}

std::optional<boost::asio::ip::address_v4> Ipv4::read(Bytes bytes) {
    const auto octets = exactly<4>(bytes);
    if (!octets) return std::nullopt;
    return boost::asio::ip::address_v4(*octets);
}

std::optional<boost::asio::ip::address_v6> Ipv6::read(Bytes bytes) {
    const auto octets = exactly<16>(bytes);
    if (!octets) return std::nullopt;
    return boost::asio::ip::address_v6(*octets);
}

std::optional<std::chrono::sys_seconds> Date::read(Bytes bytes) {
    const auto seconds = Integer::read(bytes);
    if (!seconds) return std::nullopt;
    return std::chrono::sys_seconds(std::chrono::seconds(*seconds));
}

std::string_view attribute_name(std::uint32_t vendor, std::uint8_t type) {
    const auto row = std::ranges::lower_bound(builtin_attributes, DictionaryRow{vendor, type, {}});
    return row != builtin_attributes.end() && row->vendor == vendor && row->type == type ? row->name
                                                                                         : std::string_view();
}

std::string_view find_value_name(Attribute<Integer> attribute, std::uint32_t value) {
    const ValueRow wanted{attribute.type, value, {}};
    const auto row = std::ranges::lower_bound(builtin_values, wanted);
    return row != builtin_values.end() && *row == wanted ? row->name : std::string_view();
}

std::string value_name(Attribute<Integer> attribute, std::uint32_t value) {
    const auto name = find_value_name(attribute, value);
    return name.empty() ? std::to_string(value) : std::string(name);
}

std::optional<std::uint32_t> find_value(Attribute<Integer> attribute, std::string_view name) {
    const auto row = std::ranges::find_if(builtin_values, [&](const ValueRow& value) {
        return value.attribute == attribute.type && value.name == name;
    });
    return row == builtin_values.end() ? std::nullopt : std::optional(row->value);
}

}  // namespace hourglass::radius
