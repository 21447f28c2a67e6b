#include "radius/reply_cache.hpp"

#include <boost/container_hash/hash.hpp>

#include <algorithm>

namespace hourglass::radius {

RequestKey RequestKey::of(const boost::asio::ip::udp::endpoint& peer, std::uint8_t identifier,
                          std::uint8_t socket) {
    RequestKey key{.port = peer.port(), .identifier = identifier, .socket = socket};
    if (const auto address = peer.address(); address.is_v6()) {
        key.address = address.to_v6().to_bytes();
    } else {
        key.address[10] = key.address[11] = 0xff;
        std::ranges::copy(address.to_v4().to_bytes(), key.address.begin() + 12);
    }
    return key;
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
    youngest_ = place_for(key, now);
    youngest_->authenticator = authenticator;
    youngest_->begun = now;
    youngest_->is_answered = false;
}

// At the end of the list: the entry that has the key, or else the oldest if its time is over or there is no
// room for more, or else a new one.
ReplyCache::Entries::iterator ReplyCache::place_for(const RequestKey& key, Time now) {
    if (const auto found = by_key_.find(key); found != by_key_.end()) {
        entries_.splice(entries_.end(), entries_, found->second);
        return found->second;
    }
    const bool is_oldest_over =
        !entries_.empty() && (entries_.size() >= limit_ || now - entries_.front().begun >= entry_lifetime);
    if (is_oldest_over) {
        entries_.splice(entries_.end(), entries_, entries_.begin());
        by_key_.erase(entries_.back().key);
        take_reply(entries_.back());
    } else {
        entries_.emplace_back();
    }
    const auto place = std::prev(entries_.end());
    place->key = key;
    by_key_.emplace(key, place);
    return place;
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

void ReplyCache::take_reply(Entry& entry) {
    reply_octets_ -= entry.reply.size();
    entry.reply.clear();
    if (entry.reply.capacity() > idle_reply_octets_max) entry.reply.shrink_to_fit();
}

void ReplyCache::erase(Entries::iterator entry) {
    if (entry == youngest_) youngest_ = entries_.end();
    reply_octets_ -= entry->reply.size();
    by_key_.erase(entry->key);
    entries_.erase(entry);
}

ReplyCache::Entries::iterator ReplyCache::find_entry(const RequestKey& key,
                                                     const Authenticator& authenticator) {
    if (youngest_ != entries_.end() && youngest_->key == key && youngest_->authenticator == authenticator)
        return youngest_;
    const auto found = by_key_.find(key);
    if (found == by_key_.end() || found->second->authenticator != authenticator) return entries_.end();
    return found->second;
}

}  // namespace hourglass::radius
