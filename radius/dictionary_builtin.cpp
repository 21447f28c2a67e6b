#include "radius/dictionary_builtin.hpp"

#include "radius/dictionary.hpp"

namespace hourglass::radius {
namespace {

struct TypeAndFlags {
    DataType type{};
    AttributeFlags flags{};
};

template <class Type>
constexpr TypeAndFlags declared;
template <>
constexpr TypeAndFlags declared<Text>{DataType::text};
template <>
constexpr TypeAndFlags declared<Octets>{DataType::octets};
template <>
constexpr TypeAndFlags declared<Integer>{DataType::integer};
template <>
constexpr TypeAndFlags declared<Ipv4>{DataType::ipaddr};
template <>
constexpr TypeAndFlags declared<Ipv6>{DataType::ipv6addr};
template <>
constexpr TypeAndFlags declared<Date>{DataType::date};
template <>
constexpr TypeAndFlags declared<InterfaceId>{DataType::ifid};
template <>
constexpr TypeAndFlags declared<Ipv6Prefix>{DataType::ipv6prefix};
template <>
constexpr TypeAndFlags declared<Extended>{DataType::extended};
template <>
constexpr TypeAndFlags declared<LongExtended>{DataType::long_extended};
template <>
constexpr TypeAndFlags declared<TaggedInteger>{DataType::integer, {.has_tag = true}};
template <>
constexpr TypeAndFlags declared<TaggedText>{DataType::text, {.has_tag = true}};

struct Row {
    std::uint32_t vendor;
    std::uint8_t type;
    std::string_view name;
    TypeAndFlags declared;
};

constexpr auto rows = std::to_array<Row>({
#define ATTRIBUTE(constant, type, name, data_type)                {0, type, name, declared<data_type>},
#define VENDOR_ATTRIBUTE(constant, vendor, type, name, data_type) {vendor, type, name, declared<data_type>},
#define VALUE(attribute, number, name)
#include "radius/dictionary.def"
#undef ATTRIBUTE
#undef VENDOR_ATTRIBUTE
#undef VALUE
});

// What the C++ types do not tell.
struct SpecialRow {
    VendorAttribute<Octets> attribute;
    AttributeFlags flags;
};

constexpr auto special = std::to_array<SpecialRow>({
    {{0, attr::user_password.type},   {.encryption = Encryption::user_password}                   },
    {{0, attr::tunnel_password.type}, {.encryption = Encryption::tunnel_password, .has_tag = true}},
    {{0, attr::eap_message.type},     {.is_concatenated = true}                                   },
    {attr::ms_chap_mppe_keys,         {.encryption = Encryption::user_password}                   },
    {attr::ms_mppe_send_key,          {.encryption = Encryption::tunnel_password}                 },
    {attr::ms_mppe_recv_key,          {.encryption = Encryption::tunnel_password}                 },
});

constexpr AttributeFlags flags_of(const Row& row) {
    for (const auto& [attribute, flags] : special)
        if (attribute.vendor == row.vendor && attribute.type == row.type) return flags;
    return row.declared.flags;
}

struct Vendor {
    std::uint32_t number;
    std::string_view name;
    VendorFormat format{};
};

constexpr auto vendors = std::to_array<Vendor>({
    {attr::ms_chap_response.vendor, "Microsoft"},
});

}  // namespace

void add_builtin(Dictionary& dictionary) {
    const auto& packet = dictionary.packet();
    const auto& vendor_specific =
        dictionary.add_attribute(packet, "Vendor-Specific", attr::vendor_specific, DataType::vsa);
    for (const auto& vendor : vendors)
        dictionary.add_vendor(vendor_specific, vendor.name, vendor.number, vendor.format);
    for (const auto& row : rows) {
        const auto* parent = row.vendor == 0 ? &packet : dictionary.find_child(vendor_specific, row.vendor);
        dictionary.add_attribute(*parent, row.name, row.type, row.declared.type, flags_of(row));
    }
    for (const auto& [attribute, value, name] : builtin_values)
        dictionary.add_value(*dictionary.find_child(packet, attribute), name, value);
}

std::shared_ptr<const Dictionary> builtin_dictionary() {
    static const auto builtin = [] {
        auto dictionary = std::make_shared<Dictionary>();
        add_builtin(*dictionary);
        return std::shared_ptr<const Dictionary>(std::move(dictionary));
    }();
    return builtin;
}

}  // namespace hourglass::radius
