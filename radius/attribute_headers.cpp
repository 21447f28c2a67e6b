#include "radius/attribute_headers.hpp"

namespace hourglass::radius {
namespace {

constexpr std::size_t vendor_id_octets = 4;
constexpr std::size_t extended_header_octets = 1;
constexpr std::size_t long_extended_header_octets = 2;
constexpr std::uint8_t more_mark = 0x80;

// The layout of a child's header.
struct Layout {
    std::size_t number_octets{};
    std::size_t length_octets{};
    std::size_t marks_octets{};

    std::size_t octets() const { return number_octets + length_octets + marks_octets; }
};

std::optional<Layout> layout_of(const Container& container) {
    switch (container.type) {
        case DataType::vsa:
        case DataType::evs:
            return Layout{vendor_id_octets, 0, 0};
        case DataType::vendor:
            return Layout{container.format.type_octets, container.format.length_octets,
                          container.format.is_continued ? std::size_t(1) : 0};
        case DataType::tlv:
            return Layout{1, 1, 0};
        case DataType::extended:
            return Layout{extended_header_octets, 0, 0};
        case DataType::long_extended:
            return Layout{extended_header_octets, 0, 1};
        case DataType::structure:
            return Layout{};
        default:
            return std::nullopt;
    }
}

void append_integer(OctetString& octets, std::uint64_t number, std::size_t size) {
    while (size-- > 0)
        octets.push_back(static_cast<std::uint8_t>(number >> 8 * size));
}

// WiMAX: the flag stands behind type and length.
std::optional<Fragments> continued_vendor(const VendorFormat& format) {
    const auto length_at = vendor_id_octets + format.type_octets;
    const auto mark_at = length_at + format.length_octets;
    if (!format.is_continued || format.length_octets != 1) return std::nullopt;
    return Fragments{mark_at + 1, mark_at, length_at};
}

}  // namespace

std::optional<ChildHeader> read_header(const Container& container, Bytes octets) {
    const auto layout = layout_of(container);
    if (!layout || octets.size() < layout->octets()) return std::nullopt;
    ChildHeader header{
        .number = static_cast<std::uint32_t>(read_integer(octets.first(layout->number_octets))),
        .octets = layout->octets(),
        .length = octets.size(),
    };
    if (layout->length_octets > 0)
        header.length = read_integer(octets.subspan(layout->number_octets, layout->length_octets));
    if (header.length < header.octets || header.length > octets.size()) return std::nullopt;
    const bool is_a_fragment = layout->marks_octets > 0 && (octets[header.octets - 1] & more_mark) != 0;
    return is_a_fragment ? std::nullopt : std::optional(header);
}

OpenChild begin_child(OctetString& octets, const Container& container, std::uint32_t number) {
    const auto layout = layout_of(container).value_or(Layout{});
    const OpenChild child{octets.size(), octets.size() + layout.number_octets, layout.length_octets};
    append_integer(octets, number, layout.number_octets);
    append_integer(octets, 0, layout.length_octets + layout.marks_octets);
    return child;
}

bool end_child(OctetString& octets, const OpenChild& child) {
    const auto length = octets.size() - child.begin;
    if (child.length_octets == 0) return true;
    if (length >> 8 * child.length_octets != 0) return false;
    for (std::size_t i = 0; i < child.length_octets; ++i)
        octets[child.length_at + i] = static_cast<std::uint8_t>(length >> 8 * (child.length_octets - 1 - i));
    return true;
}

bool Fragments::has_more(Bytes value) const {
    return !mark_at || (value[*mark_at] & more_mark) != 0;
}

bool Fragments::does_go_on(Bytes first, Bytes value) const {
    if (value.size() < header_octets) return false;
    for (std::size_t i = 0; i < header_octets; ++i)
        if (mark_at != i && length_at != i && value[i] != first[i]) return false;
    return !length_at || value[*length_at] == value.size() - vendor_id_octets;
}

std::vector<OctetString> Fragments::divide(Bytes joined) const {
    const auto header = joined.first(header_octets);
    auto payload = joined.subspan(header_octets);
    std::vector<OctetString> fragments;
    do {
        const auto part = payload.first(std::min(payload.size(), attribute_value_octets_max - header_octets));
        payload = payload.subspan(part.size());
        auto& fragment = fragments.emplace_back(header.begin(), header.end());
        fragment.insert(fragment.end(), part.begin(), part.end());
        if (mark_at && !payload.empty()) fragment[*mark_at] |= more_mark;
        if (length_at) fragment[*length_at] = static_cast<std::uint8_t>(fragment.size() - vendor_id_octets);
    } while (!payload.empty());
    return fragments;
}

std::optional<Fragments> fragments_of(std::uint8_t type, std::optional<std::uint32_t> vendor,
                                      const Dictionary& dictionary) {
    const auto* definition = dictionary.find_child(dictionary.packet(), type);
    if (definition == nullptr) return std::nullopt;
    if (definition->type == DataType::vsa) {
        const auto* known = vendor ? dictionary.find_child(*definition, *vendor) : nullptr;
        return known ? continued_vendor(known->format) : std::nullopt;
    }
    if (definition->type == DataType::long_extended)
        return Fragments{long_extended_header_octets, extended_header_octets, {}};
    return definition->flags.is_concatenated ? std::optional(Fragments{}) : std::nullopt;
}

std::optional<std::uint32_t> read_vendor(Bytes value) {
    if (value.size() < vendor_id_octets) return std::nullopt;
    return static_cast<std::uint32_t>(read_integer(value.first(vendor_id_octets)));
}

std::optional<std::size_t> fixed_octets(const Definition& definition) {
    if (definition.flags.exact_octets > 0) return definition.flags.exact_octets;
    switch (definition.type) {
        case DataType::byte:
        case DataType::boolean:
            return 1;
        case DataType::short_:
            return 2;
        case DataType::integer:
        case DataType::signed_:
        case DataType::date:
        case DataType::ipaddr:
            return 4;
        case DataType::ether:
        case DataType::ipv4prefix:
            return 6;
        case DataType::integer64:
        case DataType::ifid:
            return 8;
        case DataType::ipv6addr:
            return 16;
        default:
            return std::nullopt;
    }
}

}  // namespace hourglass::radius
