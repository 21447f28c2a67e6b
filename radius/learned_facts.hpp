// What `auto` of a client's requirements has learned of source addresses, as one worker knows it. Bounded:
// when it is full nothing more is learned, and nothing is ever unlearned.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <boost/unordered/unordered_flat_set.hpp>

#include <cstdint>
#include <utility>

namespace hourglass::radius {

// Learned once a NAS, shared by way of the daemon.
enum class Learned : std::uint8_t { sends_message_authenticator, is_no_proxy };

struct LearnedFact {
    boost::asio::ip::address source;
    Learned what{};
};

class LearnedFacts {
public:
    static constexpr std::size_t facts_max = 65536;

    explicit LearnedFacts(std::size_t limit = facts_max) : limit_(limit) {}

    bool knows(const boost::asio::ip::address& source, Learned what) const {
        return facts_.contains({source, what});
    }
    // Whether it was news.
    bool learn(const LearnedFact& fact) {
        return facts_.size() < limit_ && facts_.emplace(fact.source, fact.what).second;
    }

private:
    struct Hash {
        std::size_t operator()(const std::pair<boost::asio::ip::address, Learned>& fact) const {
            return std::hash<boost::asio::ip::address>()(fact.first) * 2 +
                   static_cast<std::size_t>(fact.second);
        }
    };

    std::size_t limit_;
    boost::unordered_flat_set<std::pair<boost::asio::ip::address, Learned>, Hash> facts_;
};

}  // namespace hourglass::radius
