#include "radius/access_reply.hpp"

#include <algorithm>

namespace hourglass::radius {
namespace {

// A Class may come in several attributes (RFC 2865 section 5.25); a long one must.
void add_class(PacketWriter& accept, std::string_view klass) {
    for (; !klass.empty(); klass.remove_prefix(std::min(klass.size(), attribute_value_octets_max)))
        accept.add(attr::klass, klass.substr(0, attribute_value_octets_max));
}

void add(PacketWriter& accept, const EncodedAttribute& attribute, Sealer& sealer) {
    if (attribute.hidden.empty()) return accept.add(RawAttribute{attribute.type, attribute.value});
    auto hidden = attribute;
    sealer.seal(hidden);
    accept.add(RawAttribute{hidden.type, hidden.value});
}

}  // namespace

void add_grant(PacketWriter& accept, const Grant& grant) {
    if (grant.session_timeout)
        accept.add(attr::session_timeout, static_cast<std::uint32_t>(grant.session_timeout->count()));
    if (grant.interim_interval > store::Seconds::zero())
        accept.add(attr::acct_interim_interval, static_cast<std::uint32_t>(grant.interim_interval.count()));
    if (grant.klass) add_class(accept, *grant.klass);
}

bool has_secrets(const Grant& grant) {
    return std::ranges::any_of(grant.attributes, &ReplyAttribute::is_hidden);
}

std::size_t add_profile_attributes(PacketWriter& accept, const Grant& grant, std::size_t reserved,
                                   Sealer& sealer) {
    std::size_t left_out = 0;
    for (const auto* const attribute : grant.attributes) {
        if (octets_of(*attribute) + reserved > accept.octets_left()) {
            ++left_out;
            continue;
        }
        for (const auto& each : attribute->encoded)
            add(accept, each, sealer);
    }
    return left_out;
}

}  // namespace hourglass::radius
