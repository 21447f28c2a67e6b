#include "radius/clients.hpp"

#include <boost/asio/ip/address_v6.hpp>
#include <boost/container_hash/hash.hpp>

#include <algorithm>

namespace hourglass::radius {
namespace {

using boost::asio::ip::address;
using Octets = boost::asio::ip::address_v6::bytes_type;

// IPv4 is the part of IPv6 that begins here: ::ffff:0:0/96.
constexpr unsigned mapped_prefix_length = 96;

Octets octets_of(const address& source) {
    if (source.is_v6()) return source.to_v6().to_bytes();
    return make_address_v6(boost::asio::ip::v4_mapped, source.to_v4()).to_bytes();
}

Octets first_bits(Octets octets, unsigned length) {
    for (unsigned i = 0; i < octets.size(); ++i) {
        const auto kept = std::clamp(static_cast<int>(length) - static_cast<int>(8 * i), 0, 8);
        octets[i] &= static_cast<std::uint8_t>(0xff00 >> kept);
    }
    return octets;
}

}  // namespace

std::size_t hash_value(const Clients::Prefix& prefix) {
    auto seed = boost::hash_range(prefix.network.begin(), prefix.network.end());
    boost::hash_combine(seed, prefix.length);
    return seed;
}

Clients::Clients(std::vector<Client> clients) : clients_(std::move(clients)) {
    for (std::size_t i = 0; i < clients_.size(); ++i) {
        const auto& client = clients_[i];
        const auto length = client.prefix_length + (client.network.is_v4() ? mapped_prefix_length : 0);
        by_prefix_.try_emplace({first_bits(octets_of(client.network), length), length}, i);
        lengths_.push_back(length);
    }
    std::ranges::sort(lengths_, std::greater{});
    const auto repeated = std::ranges::unique(lengths_);
    lengths_.erase(repeated.begin(), repeated.end());
}

const Client* Clients::find(const address& source) const {
    const auto octets = octets_of(source);
    const bool is_ipv4 = source.is_v4() || source.to_v6().is_v4_mapped();
    for (const auto length : lengths_) {
        if (is_ipv4 && length < mapped_prefix_length) break;  // ::/0 is for IPv6
        const auto found = by_prefix_.find({first_bits(octets, length), length});
        if (found != by_prefix_.end()) return &clients_[found->second];
    }
    return nullptr;
}

const Client* Clients::find_named(std::string_view name) const {
    const auto found = std::ranges::find(clients_, name, &Client::name);
    return found == clients_.end() ? nullptr : &*found;
}

}  // namespace hourglass::radius
