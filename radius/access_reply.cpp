#include "radius/access_reply.hpp"

namespace hourglass::radius {
namespace {

// A Class may come in several attributes (RFC 2865 section 5.25); a long one must.
void add_class(PacketWriter& accept, std::string_view klass) {
    for (; !klass.empty(); klass.remove_prefix(std::min(klass.size(), attribute_value_octets_max)))
        accept.add(attr::klass, klass.substr(0, attribute_value_octets_max));
}

}  // namespace

void add_grant(PacketWriter& accept, const Grant& grant, Sealer& sealer) {
    if (grant.session_timeout)
        accept.add(attr::session_timeout, static_cast<std::uint32_t>(grant.session_timeout->count()));
    if (grant.interim_interval > store::Seconds::zero())
        accept.add(attr::acct_interim_interval, static_cast<std::uint32_t>(grant.interim_interval.count()));
    if (grant.klass) add_class(accept, *grant.klass);
    if (!grant.walled_garden) return;
    for (auto attribute : grant.walled_garden->attributes) {
        sealer.seal(attribute);
        accept.add(RawAttribute{attribute.type, attribute.value});
    }
}

}  // namespace hourglass::radius
