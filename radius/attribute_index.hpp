// Where each type of attribute stands first in a packet, found in one walk: for who asks for many of them.
#pragma once

#include "radius/packet.hpp"

namespace hourglass::radius {

// Lives no longer than the packet's octets.
class AttributeIndex {
public:
    explicit AttributeIndex(const Packet& packet) : packet_(packet.bytes().data()) {
        for (const auto attribute : packet.attributes()) {
            auto& place = places_[attribute.type];
            if (place == 0) place = static_cast<std::uint16_t>(attribute.value.data() - packet_);
        }
    }

    // As Packet::find().
    template <class Type>
    std::optional<typename Type::Value> find(Attribute<Type> attribute) const {
        const auto place = places_[attribute.type];
        if (place == 0) return std::nullopt;
        const std::size_t length = packet_[place - 1];  // with type and length
        return Type::read(Bytes(packet_ + place, length - 2));
    }

private:
    const std::uint8_t* packet_;
    std::array<std::uint16_t, 256> places_{};  // of values, from the packet's beginning; 0: there is none
};

}  // namespace hourglass::radius
