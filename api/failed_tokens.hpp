// Slows down who guesses tokens: each address may fail so often at once, and again after a while (a token
// bucket of the other kind). Pure: time is an argument.
#pragma once

#include <boost/asio/ip/address.hpp>

#include <chrono>
#include <map>
#include <optional>

namespace hourglass::api {

class FailedTokens {
public:
    using Time = std::chrono::steady_clock::time_point;

    static constexpr int failures_max = 20;                // at once
    static constexpr std::chrono::seconds refill_time{3};  // for each
    static constexpr std::size_t addresses_max = 4096;

    explicit FailedTokens(std::size_t limit = addresses_max) : limit_(limit) {}

    // How long this address has to wait before it may try again; nullopt: it may now.
    std::optional<std::chrono::seconds> wait_of(const boost::asio::ip::address& share, Time now) const;
    void note(const boost::asio::ip::address& share, Time now);

    std::size_t size() const { return forgiven_at_.size(); }

private:
    void make_room(Time now);

    std::size_t limit_;
    std::map<boost::asio::ip::address, Time> forgiven_at_;  // when all failures will be
};

}  // namespace hourglass::api
