// Out of the headers. A header that does not add up leaves the whole attribute as it is, and never more.
#include "radius/attribute_codec.hpp"
#include "radius/attribute_headers.hpp"

namespace hourglass::radius {
namespace {

class Decoder {
public:
    explicit Decoder(const Dictionary& dictionary)
        : dictionary_(dictionary), packet_{DataType::packet, {}, &dictionary.packet()} {}

    std::vector<AttributeData> decode(const Packet& packet) {
        const auto range = packet.attributes();
        for (auto at = range.begin(); at != range.end();)
            at = decode_fragments(at, range.end());
        return std::move(attributes_);
    }

private:
    // Returns where the next one begins.
    AttributeIterator decode_fragments(AttributeIterator at, AttributeIterator end) {
        const auto first = *at;
        const auto kind = fragments_of(first.type, read_vendor(first.value), dictionary_);
        auto next = at;
        if (kind && kind->does_go_on(first.value, first.value)) {
            OctetString joined(first.value.begin(), first.value.end());
            bool has_more = kind->has_more(first.value);
            for (++next; has_more && next != end; ++next) {
                const auto value = (*next).value;
                if ((*next).type != first.type || !kind->does_go_on(first.value, value)) break;
                joined.insert(joined.end(), value.begin() + static_cast<std::ptrdiff_t>(kind->header_octets),
                              value.end());
                has_more = kind->has_more(value);
            }
            if (!has_more || !kind->mark_at) {
                decode_joined(first.type, *kind, std::move(joined));
                return next;
            }
        }
        decode_node(packet_, first.type, first.value, {}, 0);
        return ++at;
    }

    void decode_joined(std::uint8_t type, const Fragments& kind, OctetString octets) {
        if (!kind.length_at) {
            if (kind.mark_at) octets[*kind.mark_at] = 0;
            decode_node(packet_, type, octets, {}, 0);
            return;
        }
        // Its length may be more than a header can say.
        const auto vendor = read_vendor(octets).value();
        const auto envelope = find_container(packet_, type, dictionary_).value();
        const auto container = find_container(envelope, vendor, dictionary_).value();
        const auto number = read_integer(Bytes(octets).subspan(sizeof(vendor), container.format.type_octets));
        decode_node(container, static_cast<std::uint32_t>(number), Bytes(octets).subspan(kind.header_octets),
                    {type, vendor}, 0);
    }

    // What a header with that number in `parent` is followed by.
    void decode_node(const Container& parent, std::uint32_t number, Bytes octets, AttributePath path,
                     std::size_t shared) {
        path.push_back(number);
        const auto container =
            path.size() < path_elements_max ? find_container(parent, number, dictionary_) : std::nullopt;
        const auto before = attributes_.size();
        if (container && decode_children(*container, octets, path, shared)) return;
        attributes_.resize(before);
        attributes_.push_back({
            std::move(path), {octets.begin(), octets.end()},
             shared
        });
    }

    bool decode_children(const Container& container, Bytes octets, const AttributePath& path,
                         std::size_t shared) {
        if (container.type == DataType::structure) return decode_members(container, octets, path, shared);
        if (octets.empty()) return false;
        while (!octets.empty()) {
            const auto header = read_header(container, octets);
            if (!header) return false;
            decode_node(container, header->number,
                        octets.subspan(header->octets, header->length - header->octets), path, shared);
            octets = octets.subspan(header->length);
            shared = path.size();
        }
        return true;
    }

    // Without headers: members follow each other, and the last takes the rest.
    bool decode_members(const Container& container, Bytes octets, const AttributePath& path,
                        std::size_t shared) {
        for (std::uint32_t number = 1; !octets.empty(); ++number) {
            const auto* member = dictionary_.find_child(*container.definition, number);
            if (member == nullptr) return false;
            const auto fixed = fixed_octets(*member);
            const auto size = fixed ? *fixed : octets.size();
            if (size > octets.size()) return false;
            decode_node(container, number, octets.first(size), path, shared);
            octets = octets.subspan(size);
            shared = path.size();
        }
        return shared == path.size();
    }

    const Dictionary& dictionary_;
    const Container packet_;
    std::vector<AttributeData> attributes_;
};

}  // namespace

std::vector<AttributeData> decode_attributes(const Packet& packet, const Dictionary& dictionary) {
    return Decoder(dictionary).decode(packet);
}

}  // namespace hourglass::radius
