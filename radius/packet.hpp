// A RADIUS packet as received (RFC 2865 section 3): a checked view over octets that somebody else owns. After
// decode() the header and every attribute's length are known to be sound.
#pragma once

#include "radius/dictionary.hpp"
#include "radius/error.hpp"

#include <vector>

namespace hourglass::radius {

inline constexpr std::size_t packet_octets_min = 20;
inline constexpr std::size_t packet_octets_max = 4096;
inline constexpr std::size_t attribute_value_octets_max = 253;

enum class Code : std::uint8_t {
    access_request = 1,
    access_accept = 2,
    access_reject = 3,
    accounting_request = 4,
    accounting_response = 5,
    access_challenge = 11,
    status_server = 12,
    disconnect_request = 40,
    disconnect_ack = 41,
    disconnect_nak = 42,
    coa_request = 43,
    coa_ack = 44,
    coa_nak = 45,
};

struct RawAttribute {
    std::uint8_t type{};
    Bytes value;
};

// Walks the attributes of a checked packet in their order.
class AttributeIterator {
public:
    using value_type = RawAttribute;
    using difference_type = std::ptrdiff_t;

    AttributeIterator() = default;
    explicit AttributeIterator(const std::uint8_t* position) : position_(position) {}

    RawAttribute operator*() const {
        return {
            position_[0], {position_ + 2, position_ + position_[1]}
        };
    }
    AttributeIterator& operator++() {
        position_ += position_[1];
        return *this;
    }
    AttributeIterator operator++(int) {
        auto before = *this;
        ++*this;
        return before;
    }
    bool operator==(const AttributeIterator&) const = default;

private:
    const std::uint8_t* position_ = nullptr;
};

struct AttributeRange {
    AttributeIterator first;
    AttributeIterator last;
    AttributeIterator begin() const { return first; }
    AttributeIterator end() const { return last; }
};

class Packet {
public:
    Code code() const { return static_cast<Code>(bytes_[0]); }
    std::uint8_t identifier() const { return bytes_[1]; }
    Authenticator authenticator() const;
    Bytes bytes() const { return bytes_; }  // without padding
    // The same packet, as long as the octets that it now stands in.
    Packet copied_to(std::vector<std::uint8_t>& octets) const;

    AttributeRange attributes() const {
        return {AttributeIterator(bytes_.data() + packet_octets_min),
                AttributeIterator(bytes_.data() + bytes_.size())};
    }

    // Of the first attribute of that type; nullopt if there is none, or if its length is wrong for its data
    // type.
    template <class Type>
    std::optional<typename Type::Value> find(Attribute<Type> attribute) const {
        const auto bytes = find_octets(attribute.type);
        return bytes ? Type::read(*bytes) : std::nullopt;
    }
    template <class Type>
    std::optional<typename Type::Value> find(VendorAttribute<Type> attribute) const {
        const auto bytes = find_octets(attribute.vendor, attribute.type);
        return bytes ? Type::read(*bytes) : std::nullopt;
    }

    template <class Type>
    bool contains(Attribute<Type> attribute) const {
        return find_octets(attribute.type).has_value();
    }

private:
    friend result<Packet> decode(Bytes datagram);

    explicit Packet(Bytes bytes) : bytes_(bytes) {}

    std::optional<Bytes> find_octets(std::uint8_t type) const;
    std::optional<Bytes> find_octets(std::uint32_t vendor, std::uint8_t type) const;

    Bytes bytes_;
};

// Octets beyond the Length field are padding and ignored. Error::malformed.
result<Packet> decode(Bytes datagram);

}  // namespace hourglass::radius
