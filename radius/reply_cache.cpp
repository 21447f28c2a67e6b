#include "radius/reply_cache.hpp"

#include <boost/container_hash/hash.hpp>

#include <algorithm>

namespace hourglass::radius {

RequestKey RequestKey::of(const boost::asio::ip::udp::endpoint& peer, std::uint8_t identifier,
                          std::uint8_t socket) {
    const auto address = peer.address();
    const auto octets = address.is_v6()
                            ? address.to_v6()
                            : boost::asio::ip::make_address_v6(boost::asio::ip::v4_mapped, address.to_v4());
    return {octets.to_bytes(), peer.port(), identifier, socket};
}

std::size_t hash_value(const RequestKey& key) {
    std::size_t seed = 0;
    boost::hash_combine(seed, read_integer(Bytes(key.address).first<8>()));
    boost::hash_combine(seed, read_integer(Bytes(key.address).last<8>()));
    boost::hash_combine(seed,
                        std::uint32_t{key.port} << 16 | std::uint32_t{key.identifier} << 8 | key.socket);
    return seed;
}

ReplyCache::Match ReplyCache::find(const RequestKey& key, const Authenticator& authenticator,
                                   Time now) const {
    const auto found = by_key_.find(key);
    if (found == by_key_.end()) return {};
    const auto& entry = *found->second;
    if (entry.authenticator != authenticator || now - entry.begun >= entry_lifetime) return {};
    if (!entry.is_answered) return {State::in_progress, {}};
    return {State::answered, entry.reply};
}

void ReplyCache::begin(const RequestKey& key, const Authenticator& authenticator, Time now) {
    if (const auto found = by_key_.find(key); found != by_key_.end()) {
        // The entry is used again as it stands, so that a NAS going through its 256 identifiers costs no
        // allocation.
        const auto entry = found->second;
        entries_.splice(entries_.end(), entries_, entry);
        entry->authenticator = authenticator;
        entry->begun = now;
        entry->is_answered = false;
        return;
    }
    make_room(now);
    entries_.push_back({key, authenticator, now, false, {}});
    by_key_.emplace(key, std::prev(entries_.end()));
}

void ReplyCache::finish(const RequestKey& key, const Authenticator& authenticator, Bytes reply) {
    const auto entry = find_entry(key, authenticator);
    if (entry == entries_.end()) return;
    entry->is_answered = true;
    reply_octets_ -= entry->reply.size();
    entry->reply.assign(reply.begin(), reply.end());
    reply_octets_ += reply.size();
    while (reply_octets_ > octets_limit_)
        erase(entries_.begin());
}

void ReplyCache::forget(const RequestKey& key, const Authenticator& authenticator) {
    const auto entry = find_entry(key, authenticator);
    if (entry == entries_.end()) return;
    erase(entry);
}

void ReplyCache::make_room(Time now) {
    while (!entries_.empty() && (entries_.size() >= limit_ || now - entries_.front().begun >= entry_lifetime))
        erase(entries_.begin());
}

void ReplyCache::erase(Entries::iterator entry) {
    reply_octets_ -= entry->reply.size();
    by_key_.erase(entry->key);
    entries_.erase(entry);
}

ReplyCache::Entries::iterator ReplyCache::find_entry(const RequestKey& key,
                                                     const Authenticator& authenticator) {
    const auto found = by_key_.find(key);
    if (found == by_key_.end() || found->second->authenticator != authenticator) return entries_.end();
    return found->second;
}

}  // namespace hourglass::radius
