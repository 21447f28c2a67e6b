// What a profile gives to a session, encoded once, when the profile is read; and how several profiles go
// together. What the daemon has a say in itself, Session-Timeout and Acct-Interim-Interval, is taken out.
#pragma once

#include "radius/attribute_codec.hpp"
#include "radius/packet.hpp"
#include "radius/rule_mistake.hpp"
#include "store/profile.hpp"
#include "store/record.hpp"

#include <boost/container/small_vector.hpp>

namespace hourglass::radius {

// Which attributes are the same to "=" and ":=": those in the same place, with the same tag.
struct AttributeKey {
    AttributePath path;
    std::uint8_t tag{};

    bool operator==(const AttributeKey&) const = default;
};

// One attribute in as many pieces as a packet needs for it, or several that share the header of a TLV.
struct ReplyAttribute {
    AttributeKey key;
    bool is_one_more{};  // by "+=": whatever others say
    std::vector<EncodedAttribute> encoded;

    bool is_hidden() const;  // in part
};

std::size_t octets_of(const ReplyAttribute& attribute);  // in a packet

struct ReplyAttributes {
    std::optional<store::Seconds> session_timeout;   // the least; 1 to 2^31-1
    std::optional<store::Seconds> interim_interval;  // 60 to 86,400
    std::vector<ReplyAttribute> attributes;
    std::size_t left_out{};  // rules that give none
};

// The octets that an Access-Accept has for the attributes of one profile: what is left beside the header, the
// Message-Authenticator, Session-Timeout and Acct-Interim-Interval.
inline constexpr std::size_t reply_octets_max = packet_octets_max - packet_octets_min - 18 - 6 - 6;

struct ReadReply {
    ReplyAttributes reply;
    RuleMistakes mistakes;  // the rules of these are left out
};
// "+=" adds one, ":=" takes the place of those before it, "=" counts only if there is none yet.
ReadReply read_reply(std::span<const store::AttributeRule> rules, const Dictionary& dictionary);

// They live as long as their profiles. As many as logins usually get need no allocation.
using MergedAttributes = boost::container::small_vector<const ReplyAttribute*, 8>;
// Of several profiles in order of precedence: who sets an attribute by "=" or ":=" is the first to count;
// what "+=" adds is added.
MergedAttributes merge(std::span<const ReplyAttributes* const> profiles);

}  // namespace hourglass::radius
