// The data types that are addresses and prefixes (RFC 8044 sections 3.7 to 3.12, RFC 3162), as text and back.
#pragma once

#include "radius/data_types.hpp"

namespace hourglass::radius {

std::optional<std::string> read_ipv4(Bytes octets);
std::optional<OctetString> write_ipv4(std::string_view text);
std::optional<std::string> read_ipv6(Bytes octets);
std::optional<OctetString> write_ipv6(std::string_view text);
std::optional<std::string> read_combo_ip(Bytes octets);
std::optional<OctetString> write_combo_ip(std::string_view text);

// An address without a length stands for a prefix of all its bits. Bits beyond the length must be 0.
std::optional<std::string> read_ipv4_prefix(Bytes octets);
std::optional<OctetString> write_ipv4_prefix(std::string_view text);
std::optional<std::string> read_ipv6_prefix(Bytes octets);
std::optional<OctetString> write_ipv6_prefix(std::string_view text);

// Four groups of hexadecimal digits.
std::optional<std::string> read_interface_id(Bytes octets);
std::optional<OctetString> write_interface_id(std::string_view text);
// Six of two; "-" between them will do as well.
std::optional<std::string> read_ethernet(Bytes octets);
std::optional<OctetString> write_ethernet(std::string_view text);

}  // namespace hourglass::radius
