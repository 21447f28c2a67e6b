// The headers between a packet and a value, each read and written, and how values longer than one attribute
// are divided.
#pragma once

#include "radius/attribute_codec.hpp"

namespace hourglass::radius {

inline constexpr std::size_t path_elements_max = 12;

// Of one child of a container, in network order.
struct ChildHeader {
    std::uint32_t number{};
    std::size_t octets{};  // of the header
    std::size_t length{};  // with it
};
// nullopt: there is none, or it does not fit into `octets`.
std::optional<ChildHeader> read_header(const Container& container, Bytes octets);

// Appends the header of a child; its length is only known when the child stands behind it, and set by
// end_child(), which is false if it is too long.
struct OpenChild {
    std::size_t begin{};
    std::size_t length_at{};
    std::size_t length_octets{};
};
OpenChild begin_child(OctetString& octets, const Container& container, std::uint32_t number);
bool end_child(OctetString& octets, const OpenChild& child);

// How an attribute's value goes on in the next one of its kind.
struct Fragments {
    std::size_t header_octets{};           // that each fragment repeats
    std::optional<std::size_t> mark_at{};  // an octet whose first bit says that more follows; or all of a row
    std::optional<std::size_t> length_at{};  // an octet that counts from the vendor's header on

    bool has_more(Bytes value) const;
    // Whether `value` may follow `first`, which may be the same.
    bool does_go_on(Bytes first, Bytes value) const;
    std::vector<OctetString> divide(Bytes joined) const;
};
// Of attributes of this type; of Vendor-Specific ones for that vendor. nullopt: they are never divided.
std::optional<Fragments> fragments_of(std::uint8_t type, std::optional<std::uint32_t> vendor,
                                      const Dictionary& dictionary);
// That a Vendor-Specific attribute begins with.
std::optional<std::uint32_t> read_vendor(Bytes value);

// Of a value whose data type has one size only.
std::optional<std::size_t> fixed_octets(const Definition& definition);

}  // namespace hourglass::radius
