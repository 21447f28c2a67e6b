#include "radius/attribute_text.hpp"

#include "store/decimal.hpp"
#include "store/event.hpp"
#include "store/hex.hpp"

namespace hourglass::radius {
namespace {

std::string show(std::string_view text) {
    return std::string(text);
}
std::string show(Bytes octets) {
    return "0x" + store::to_hex(octets);
}
std::string show(std::uint32_t integer) {
    return std::to_string(integer);
}
std::string show(const boost::asio::ip::address_v4& address) {
    return address.to_string();
}
std::string show(const boost::asio::ip::address_v6& address) {
    return address.to_string();
}
std::string show(std::chrono::sys_seconds time) {
    return store::show_time(time);
}

template <class Type>
std::string show_as(Bytes value) {
    const auto read = Type::read(value);
    return read ? show(*read) : show(value);
}

using Value = std::optional<std::vector<std::uint8_t>>;

Value octets_of(Bytes bytes) {
    if (bytes.empty() || bytes.size() > attribute_value_octets_max) return std::nullopt;
    return std::vector(bytes.begin(), bytes.end());
}

Value parse(Text, std::uint8_t, std::string_view text) {
    return octets_of(as_bytes(text));
}
Value parse(Octets, std::uint8_t, std::string_view text) {
    if (text.starts_with("0x")) {
        const auto digits = text.substr(2);
        std::vector<std::uint8_t> octets(digits.size() / 2);
        if (store::from_hex(digits, octets)) return octets_of(octets);
    }
    return octets_of(as_bytes(text));
}
Value parse(Integer, std::uint8_t type, std::string_view text) {
    const auto named = find_value(Attribute<Integer>{type}, text);
    const auto integer = named ? named : store::parse_decimal<std::uint32_t>(text);
    return integer ? octets_of(integer_octets(*integer)) : std::nullopt;
}
Value parse(Date, std::uint8_t, std::string_view text) {
    const auto seconds = store::parse_decimal<std::uint32_t>(text);
    return seconds ? octets_of(integer_octets(*seconds)) : std::nullopt;
}
Value parse(Ipv4, std::uint8_t, std::string_view text) {
    boost::system::error_code error;
    const auto address = boost::asio::ip::make_address_v4(text, error);
    return error ? std::nullopt : octets_of(address.to_bytes());
}
Value parse(Ipv6, std::uint8_t, std::string_view text) {
    boost::system::error_code error;
    const auto address = boost::asio::ip::make_address_v6(text, error);
    return error ? std::nullopt : octets_of(address.to_bytes());
}

template <class Type>
Value parse_as(std::uint8_t type, std::string_view text) {
    return parse(Type(), type, text);
}

struct TextRow {
    std::uint32_t vendor;
    std::uint8_t type;
    std::string_view name;
    std::string (*show)(Bytes value);
    Value (*parse)(std::uint8_t type, std::string_view text);
};

constexpr auto rows = std::to_array<TextRow>({
#define ATTRIBUTE(constant, type, name, data_type) {0, type, name, show_as<data_type>, parse_as<data_type>},
#define VENDOR_ATTRIBUTE(constant, vendor, type, name, data_type) \
    {vendor, type, name, show_as<data_type>, parse_as<data_type>},
#define VALUE(attribute, number, name)
#include "radius/dictionary.def"
#undef ATTRIBUTE
#undef VENDOR_ATTRIBUTE
#undef VALUE
});

}  // namespace

std::vector<AttributeText> show_attributes(const Packet& packet) {
    std::vector<AttributeText> texts;
    for (const auto attribute : packet.attributes()) {
        if (attribute.type == attr::message_authenticator.type) continue;
        const auto row = std::ranges::find_if(
            rows, [&](const TextRow& known) { return known.vendor == 0 && known.type == attribute.type; });
        if (row != rows.end()) texts.push_back({std::string(row->name), row->show(attribute.value)});
    }
    return texts;
}

std::optional<AttributeMistake> find_mistake(std::string_view name, std::string_view value) {
    const auto row = std::ranges::find(rows, name, &TextRow::name);
    if (row == rows.end()) return AttributeMistake::unknown_name;
    if (!row->parse(row->type, value)) return AttributeMistake::wrong_value;
    return std::nullopt;
}

std::optional<AttributeValue> parse_attribute(std::string_view name, std::string_view value) {
    const auto row = std::ranges::find(rows, name, &TextRow::name);
    auto octets = row == rows.end() ? std::nullopt : row->parse(row->type, value);
    if (!octets) return std::nullopt;
    return AttributeValue{row->vendor, row->type, *std::move(octets)};
}

}  // namespace hourglass::radius
