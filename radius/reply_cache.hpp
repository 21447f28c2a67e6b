// Duplicate detection (RFC 5080 section 2.2.2). A repeated request gets the same octets again, and is never
// served twice; a repeat of one still in progress is dropped. Pure: time is an argument. An entry that is
// over is used again as it stands, so that a busy worker allocates nothing here.
#pragma once

#include "radius/bytes.hpp"

#include <boost/asio/ip/udp.hpp>
#include <boost/unordered/unordered_flat_map.hpp>

#include <chrono>
#include <list>
#include <vector>

namespace hourglass::radius {

// What a NAS keeps the same when it repeats itself, besides the Request Authenticator.
struct RequestKey {
    std::array<std::uint8_t, 16> address{};  // IPv4 as IPv4-mapped
    std::uint16_t port{};
    std::uint8_t identifier{};
    std::uint8_t socket{};  // which of ours it came in by

    static RequestKey of(const boost::asio::ip::udp::endpoint& peer, std::uint8_t identifier,
                         std::uint8_t socket);
    bool operator==(const RequestKey&) const = default;
    friend std::size_t hash_value(const RequestKey& key);
};

class ReplyCache {
public:
    using Time = std::chrono::steady_clock::time_point;

    // Longer than a NAS goes on repeating one request: usually three times, 3 to 10 s apart.
    static constexpr std::chrono::seconds entry_lifetime{30};
    static constexpr std::size_t entries_max = 65536;
    // Usual replies of all entries; what a forger makes of Proxy-State in unsigned requests is less then.
    static constexpr std::size_t reply_octets_max = entries_max * 256;
    // What an entry that is used again keeps of its memory.
    static constexpr std::size_t idle_reply_octets_max = 512;

    explicit ReplyCache(std::size_t limit = entries_max, std::size_t octets_limit = reply_octets_max)
        : limit_(limit), octets_limit_(octets_limit) {}

    enum class State : std::uint8_t { unknown, in_progress, answered };
    struct Match {
        State state{};
        Bytes reply;  // of an answered one; valid until the cache is changed
    };

    Match find(const RequestKey& key, const Authenticator& authenticator, Time now) const;

    // The request is being served. It takes the place of another with the same key, and of the oldest entry
    // when the cache is full.
    void begin(const RequestKey& key, const Authenticator& authenticator, Time now);
    // No effect if the entry has been given to another request meanwhile. The oldest replies make room for
    // it.
    void finish(const RequestKey& key, const Authenticator& authenticator, Bytes reply);
    // The request got no answer: its repeat is served afresh.
    void forget(const RequestKey& key, const Authenticator& authenticator);

    std::size_t size() const { return entries_.size(); }
    std::size_t reply_octets() const { return reply_octets_; }

private:
    struct Entry {
        RequestKey key;
        Authenticator authenticator{};
        Time begun{};
        bool is_answered{};
        std::vector<std::uint8_t> reply;
    };
    using Entries = std::list<Entry>;

    Entries::iterator place_for(const RequestKey& key, Time now);
    void take_reply(Entry& entry);
    void erase(Entries::iterator entry);
    Entries::iterator find_entry(const RequestKey& key, const Authenticator& authenticator);

    std::size_t limit_;
    std::size_t octets_limit_;
    std::size_t reply_octets_ = 0;
    Entries entries_;                              // oldest first
    Entries::iterator youngest_ = entries_.end();  // mostly it is asked for again
    boost::unordered_flat_map<RequestKey, Entries::iterator> by_key_;
};

}  // namespace hourglass::radius
