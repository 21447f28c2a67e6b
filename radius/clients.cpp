#include "radius/clients.hpp"

#include "radius/bytes.hpp"

#include <boost/container_hash/hash.hpp>

#include <algorithm>

namespace hourglass::radius {
namespace {

using boost::asio::ip::address;

// IPv4 is the part of IPv6 that begins here: ::ffff:0:0/96.
constexpr unsigned mapped_prefix_length = 96;

constexpr unsigned half_length = 64;

struct Halves {
    std::uint64_t first;
    std::uint64_t second;
};

Halves halves_of(const address& source) {
    if (source.is_v4()) return {0, std::uint64_t{0xffff'0000'0000} | source.to_v4().to_uint()};
    const auto octets = source.to_v6().to_bytes();
    const auto half = Bytes(octets).size() / 2;
    return {read_integer(Bytes(octets).first(half)), read_integer(Bytes(octets).last(half))};
}

std::uint64_t first_bits(std::uint64_t half, unsigned length) {
    if (length == 0) return 0;
    return length >= half_length ? half : half & ~(~std::uint64_t{0} >> length);
}

}  // namespace

std::size_t hash_value(const Clients::Prefix& prefix) {
    std::size_t seed = prefix.length;
    boost::hash_combine(seed, prefix.first_half);
    boost::hash_combine(seed, prefix.second_half);
    return seed;
}

Clients::Prefix Clients::prefix_of(std::uint64_t first_half, std::uint64_t second_half, unsigned length) {
    return {first_bits(first_half, length), first_bits(second_half, length - std::min(length, half_length)),
            length};
}

Clients::Clients(std::vector<Client> clients) : clients_(std::move(clients)) {
    for (std::size_t i = 0; i < clients_.size(); ++i) {
        const auto& client = clients_[i];
        const auto length = client.prefix_length + (client.network.is_v4() ? mapped_prefix_length : 0);
        const auto [first, second] = halves_of(client.network);
        by_prefix_.try_emplace(prefix_of(first, second, length), i);
        lengths_.push_back(length);
    }
    std::ranges::sort(lengths_, std::greater{});
    const auto repeated = std::ranges::unique(lengths_);
    lengths_.erase(repeated.begin(), repeated.end());
}

const Client* Clients::find(const address& source) const {
    const auto [first, second] = halves_of(source);
    const bool is_ipv4 = source.is_v4() || source.to_v6().is_v4_mapped();
    for (const auto length : lengths_) {
        if (is_ipv4 && length < mapped_prefix_length) break;  // ::/0 is for IPv6
        const auto found = by_prefix_.find(prefix_of(first, second, length));
        if (found != by_prefix_.end()) return &clients_[found->second];
    }
    return nullptr;
}

const Client* Clients::find_named(std::string_view name) const {
    const auto found = std::ranges::find(clients_, name, &Client::name);
    return found == clients_.end() ? nullptr : &*found;
}

}  // namespace hourglass::radius
