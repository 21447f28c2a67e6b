#include "radius/data_types.hpp"

#include "radius/data_type_addresses.hpp"
#include "radius/letter_case.hpp"
#include "store/decimal.hpp"
#include "store/hex.hpp"
#include "store/utf8.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>
#include <limits>

namespace hourglass::radius {
namespace {

using Text = std::optional<std::string>;
using Value = std::optional<OctetString>;

constexpr std::string_view octets_prefix = "0x";

Text no_text(Bytes) {
    return std::nullopt;
}
Value no_octets(std::string_view) {
    return std::nullopt;
}

OctetString to_vector(Bytes octets) {
    return {octets.begin(), octets.end()};
}

// What is no UTF-8 (RFC 8044 section 3.4) is shown by its octets.
Text read_string(Bytes octets) {
    const auto text = as_text(octets);
    return store::is_utf8(text) ? Text(text) : std::nullopt;
}
Value write_string(std::string_view text) {
    return to_vector(as_bytes(text));
}

Text read_octets(Bytes octets) {
    return show_octets(octets);
}
Value write_octets(std::string_view text) {
    auto octets = parse_octets(text);
    return octets ? std::move(octets) : to_vector(as_bytes(text));
}

template <std::size_t size>
Text read_number(Bytes octets) {
    if (octets.size() != size) return std::nullopt;
    return std::to_string(read_integer(octets));
}

OctetString number_octets(std::uint64_t number, std::size_t size) {
    OctetString octets(size);
    for (auto octet = octets.rbegin(); octet != octets.rend(); ++octet, number >>= 8)
        *octet = static_cast<std::uint8_t>(number);
    return octets;
}

template <std::size_t size>
Value write_number(std::string_view text) {
    constexpr auto largest = std::numeric_limits<std::uint64_t>::max() >> (64 - 8 * size);
    const auto number = parse_number(text);
    if (!number || *number > largest) return std::nullopt;
    return number_octets(*number, size);
}

Text read_signed(Bytes octets) {
    if (octets.size() != sizeof(std::int32_t)) return std::nullopt;
    return std::to_string(static_cast<std::int32_t>(read_integer(octets)));
}
Value write_signed(std::string_view text) {
    const auto number = store::parse_decimal<std::int32_t>(text);
    if (!number) return std::nullopt;
    return number_octets(static_cast<std::uint32_t>(*number), sizeof(std::int32_t));
}

Text read_boolean(Bytes octets) {
    if (octets.size() != 1 || octets[0] > 1) return std::nullopt;
    return octets[0] == 1 ? "yes" : "no";
}
Value write_boolean(std::string_view text) {
    if (text == "yes" || text == "true") return OctetString{1};
    if (text == "no" || text == "false") return OctetString{0};
    return std::nullopt;
}

constexpr const char* date_format = "%b %e %Y %H:%M:%S UTC";

Text read_date(Bytes octets) {
    if (octets.size() != sizeof(std::uint32_t)) return std::nullopt;
    const auto seconds = static_cast<std::time_t>(read_integer(octets));
    std::tm parts{};
    std::array<char, 32> text{};
    gmtime_r(&seconds, &parts);
    return std::string(text.data(), std::strftime(text.data(), text.size(), date_format, &parts));
}
Value write_date(std::string_view text) {
    if (auto seconds = write_number<4>(text)) return seconds;
    const std::string terminated(text);
    for (const auto* format : {date_format, "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d"}) {
        std::tm parts{};
        const auto* const end = strptime(terminated.c_str(), format, &parts);
        if (end == nullptr || *end != '\0') continue;
        const auto seconds = timegm(&parts);
        if (seconds < 0 || seconds > std::numeric_limits<std::uint32_t>::max()) continue;
        return number_octets(static_cast<std::uint64_t>(seconds), sizeof(std::uint32_t));
    }
    return std::nullopt;
}

struct DataTypeRow {
    std::string_view name;
    Text (*read)(Bytes octets);
    Value (*write)(std::string_view text);
    std::string_view takes;
};

constexpr auto rows = std::to_array<DataTypeRow>({
#define DATA_TYPE(constant, name, read, write, takes) {name, read, write, takes},
#include "radius/data_types.def"
#undef DATA_TYPE
});

const DataTypeRow& row_of(DataType type) {
    return rows[static_cast<std::size_t>(type)];
}

struct Alias {
    std::string_view name;
    DataType type;
};

// RFC 8044 has other names for some; its "string" is octets here, as in all dictionary files.
constexpr auto aliases = std::to_array<Alias>({
    {"text",     DataType::text     },
    {"uint8",    DataType::byte     },
    {"uint16",   DataType::short_   },
    {"uint32",   DataType::integer  },
    {"enum",     DataType::integer  },
    {"uint64",   DataType::integer64},
    {"int32",    DataType::signed_  },
    {"time",     DataType::date     },
    {"ipv4addr", DataType::ipaddr   },
    {"comboip",  DataType::combo_ip },
    {"ethernet", DataType::ether    },
    {"concat",   DataType::octets   },
});

}  // namespace

std::string_view name_of(DataType type) {
    return row_of(type).name;
}

std::optional<DataType> find_data_type(std::string_view name) {
    for (std::size_t i = 0; i < static_cast<std::size_t>(DataType::vendor); ++i)
        if (is_same_word(rows[i].name, name)) return static_cast<DataType>(i);
    for (const auto& alias : aliases)
        if (is_same_word(alias.name, name)) return alias.type;
    return std::nullopt;
}

bool is_container(DataType type) {
    return type >= DataType::tlv;
}

bool is_number(DataType type) {
    return type >= DataType::byte && type <= DataType::boolean;
}

std::optional<std::string> to_text(DataType type, Bytes octets) {
    return row_of(type).read(octets);
}

std::optional<OctetString> to_octets(DataType type, std::string_view text) {
    return row_of(type).write(text);
}

std::string_view values_of(DataType type) {
    return row_of(type).takes;
}

std::optional<std::uint64_t> parse_number(std::string_view text) {
    const bool is_hexadecimal = text.starts_with("0x") || text.starts_with("0X");
    if (is_hexadecimal) text.remove_prefix(2);
    std::uint64_t number{};
    const auto* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number, is_hexadecimal ? 16 : 10);
    return error == std::errc{} && stop == end ? std::optional(number) : std::nullopt;
}

std::string show_octets(Bytes octets) {
    return std::string(octets_prefix) + store::to_hex(octets);
}

std::optional<OctetString> parse_octets(std::string_view text) {
    if (!text.starts_with(octets_prefix)) return std::nullopt;
    const auto digits = text.substr(octets_prefix.size());
    OctetString octets(digits.size() / 2);
    if (!store::from_hex(digits, octets)) return std::nullopt;
    return octets;
}

}  // namespace hourglass::radius
