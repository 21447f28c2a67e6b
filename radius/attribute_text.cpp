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

bool is_value(Text, std::string_view text) {
    return !text.empty() && text.size() <= attribute_value_octets_max;
}
bool is_value(Octets, std::string_view text) {
    return is_value(Text(), text);
}
bool is_value(Integer, std::string_view text) {
    return store::parse_decimal<std::uint32_t>(text).has_value();
}
bool is_value(Date, std::string_view text) {
    return is_value(Integer(), text);
}
bool is_value(Ipv4, std::string_view text) {
    boost::system::error_code error;
    boost::asio::ip::make_address_v4(text, error);
    return !error;
}
bool is_value(Ipv6, std::string_view text) {
    boost::system::error_code error;
    boost::asio::ip::make_address_v6(text, error);
    return !error;
}

template <class Type>
bool is_value_of(std::string_view text) {
    return is_value(Type(), text);
}

struct TextRow {
    std::uint32_t vendor;
    std::uint8_t type;
    std::string_view name;
    std::string (*show)(Bytes value);
    bool (*is_value)(std::string_view text);
};

constexpr auto rows = std::to_array<TextRow>({
#define ATTRIBUTE(constant, type, name, data_type) \
    {0, type, name, show_as<data_type>, is_value_of<data_type>},
#define VENDOR_ATTRIBUTE(constant, vendor, type, name, data_type) \
    {vendor, type, name, show_as<data_type>, is_value_of<data_type>},
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
    if (!row->is_value(value)) return AttributeMistake::wrong_value;
    return std::nullopt;
}

}  // namespace hourglass::radius
