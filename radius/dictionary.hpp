// dictionary.def as typed constants, attr::user_name and so on, and as tables for logs. A constant knows its
// data type, so that reading a packet needs neither cast nor number.
#pragma once

#include "radius/bytes.hpp"

#include <boost/asio/ip/address_v4.hpp>
#include <boost/asio/ip/address_v6.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace hourglass::radius {

// The data types of RFC 8044 that we read: what each holds, and from which octets. nullopt: a wrong length.
struct Text {
    using Value = std::string_view;
    static std::optional<Value> read(Bytes bytes) { return as_text(bytes); }
};
struct Octets {
    using Value = Bytes;
    static std::optional<Value> read(Bytes bytes) { return bytes; }
};
struct Integer {
    using Value = std::uint32_t;
    static std::optional<Value> read(Bytes bytes);
};
// Octets that only the runtime dictionary takes apart.
struct InterfaceId : Octets {};
struct Ipv6Prefix : Octets {};
struct Extended : Octets {};
struct LongExtended : Octets {};
struct Ipv4 {
    using Value = boost::asio::ip::address_v4;
    static std::optional<Value> read(Bytes bytes);
};
struct Ipv6 {
    using Value = boost::asio::ip::address_v6;
    static std::optional<Value> read(Bytes bytes);
};
struct Date {
    using Value = std::chrono::sys_seconds;
    static std::optional<Value> read(Bytes bytes);
};

// With a tag in the first octet (RFC 2868 section 3).
struct TaggedInteger : Integer {};
struct TaggedText : Text {};

template <class Type>
struct Attribute {
    std::uint8_t type;
};

template <class Type>
struct VendorAttribute {
    std::uint32_t vendor;
    std::uint8_t type;
};

namespace attr {
#define ATTRIBUTE(constant, type, name, data_type) inline constexpr Attribute<data_type> constant{type};
#define VENDOR_ATTRIBUTE(constant, vendor, type, name, data_type) \
    inline constexpr VendorAttribute<data_type> constant{vendor, type};
#define VALUE(attribute, number, name)
#include "radius/dictionary.def"
#undef ATTRIBUTE
#undef VENDOR_ATTRIBUTE
#undef VALUE

inline constexpr std::uint8_t vendor_specific = 26;  // the envelope of all vendor attributes
}  // namespace attr

// A row of the dictionary; vendor 0 stands for the RFCs' own attributes.
struct DictionaryRow {
    std::uint32_t vendor;
    std::uint8_t type;
    std::string_view name;

    constexpr auto operator<=>(const DictionaryRow& other) const {
        return std::pair(vendor, type) <=> std::pair(other.vendor, other.type);
    }
    constexpr bool operator==(const DictionaryRow& other) const { return (*this <=> other) == 0; }
};

inline constexpr auto builtin_attributes = std::to_array<DictionaryRow>({
#define ATTRIBUTE(constant, type, name, data_type)                {0, type, name},
#define VENDOR_ATTRIBUTE(constant, vendor, type, name, data_type) {vendor, type, name},
#define VALUE(attribute, number, name)
#include "radius/dictionary.def"
#undef ATTRIBUTE
#undef VENDOR_ATTRIBUTE
#undef VALUE
});
static_assert(std::ranges::adjacent_find(builtin_attributes, std::greater_equal{}) ==
                  builtin_attributes.end(),
              "dictionary.def must be sorted, and each attribute stand in it once");

// The name of an integer attribute's value, of the RFCs' own attributes.
struct ValueRow {
    std::uint8_t attribute;
    std::uint32_t value;
    std::string_view name;

    constexpr auto operator<=>(const ValueRow& other) const {
        return std::pair(attribute, value) <=> std::pair(other.attribute, other.value);
    }
    constexpr bool operator==(const ValueRow& other) const { return (*this <=> other) == 0; }
};

inline constexpr auto builtin_values = std::to_array<ValueRow>({
#define ATTRIBUTE(constant, type, name, data_type)
#define VENDOR_ATTRIBUTE(constant, vendor, type, name, data_type)
#define VALUE(attribute, number, name) {attr::attribute.type, number, name},
#include "radius/dictionary.def"
#undef ATTRIBUTE
#undef VENDOR_ATTRIBUTE
#undef VALUE
});
static_assert(std::ranges::adjacent_find(builtin_values, std::greater_equal{}) == builtin_values.end(),
              "the values in dictionary.def must be sorted, and each stand in it once");

// "User-Name"; empty for an attribute that the dictionary does not know.
std::string_view attribute_name(std::uint32_t vendor, std::uint8_t type);

// The name of an integer attribute's value, such as "User-Request"; empty if it has none.
std::string_view find_value_name(Attribute<Integer> attribute, std::uint32_t value);
// The same; the number in decimal if it has none.
std::string value_name(Attribute<Integer> attribute, std::uint32_t value);
// The value that has this name.
std::optional<std::uint32_t> find_value(Attribute<Integer> attribute, std::string_view name);

}  // namespace hourglass::radius
