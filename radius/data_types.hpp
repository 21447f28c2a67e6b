// The data types of attributes (RFC 8044), under the names that dictionary files have for them: how each is
// written as text, and back. Texts are those of radclient.
#pragma once

#include "radius/bytes.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hourglass::radius {

using OctetString = std::vector<std::uint8_t>;

enum class DataType : std::uint8_t {
#define DATA_TYPE(constant, name, read, write, takes) constant,
#include "radius/data_types.def"
#undef DATA_TYPE
};

std::string_view name_of(DataType type);
// "uint32" is "integer", in any case of letters. nullopt: there is no such type.
std::optional<DataType> find_data_type(std::string_view name);

// Those that hold other attributes, not a value.
bool is_container(DataType type);
// Those whose values may have names.
bool is_number(DataType type);

// nullopt: these octets are no value of that type; containers have none.
std::optional<std::string> to_text(DataType type, Bytes octets);
// The opposite. Octets may also be written as they are, without "0x".
std::optional<OctetString> to_octets(DataType type, std::string_view text);
// "a number from 0 to 255", to go on from "takes".
std::string_view values_of(DataType type);

// As dictionary files and values have them: decimal, or 0x and hexadecimal digits.
std::optional<std::uint64_t> parse_number(std::string_view text);
// "0x" and hexadecimal digits.
std::string show_octets(Bytes octets);
std::optional<OctetString> parse_octets(std::string_view text);

}  // namespace hourglass::radius
