// One NAS of a fleet: its name and address, its ways to the server, the sessions it carries, and now and then
// a loss of power.
#pragma once

#include "nas/exchange.hpp"
#include "nas/listener.hpp"

#include <set>

namespace hourglass::nas {

class Nas {
public:
    // Devices whose session is up call the listener of their NAS; NASes at one address share it.
    Nas(boost::asio::io_context& loop, std::size_t index, const boost::asio::ip::address_v4& address,
        Listener& listener, const Plan& plan, const Secret& secret, Tally& tally, Dice dice);
    Nas(const Nas&) = delete;
    Nas& operator=(const Nas&) = delete;

    const std::string& name() const { return name_; }
    Manner manner() const { return manner_; }
    Listener& listener() { return listener_; }
    Exchange& auth() { return auth_; }
    Exchange& acct() { return acct_; }
    // False from a loss of power until the server knows of it.
    bool is_up() const { return is_up_; }

    // A request with what names this NAS.
    Request request(Code code, std::uint8_t identifier, Dice dice) const;
    const Secret& secret() const { return secret_; }

    void carry(Device& device) { carried_.insert(&device); }
    void drop(Device& device) { carried_.erase(&device); }

    // Does the server answer a Status-Server (RFC 5997) within the time limit?
    boost::asio::awaitable<bool> is_answered(std::chrono::seconds time_limit);
    // Loses power as often as the plan wants, until `ends`.
    boost::asio::awaitable<void> restart_now_and_then(const Clock::time_point& ends);
    void stop_restarts() { restarts_.shorten(Clock::now()); }
    void close();

private:
    boost::asio::awaitable<void> come_back(Dice dice);

    boost::asio::io_context& loop_;
    std::string name_;
    boost::asio::ip::address_v4 address_;
    Listener& listener_;
    const Plan& plan_;
    const Secret& secret_;
    Tally& tally_;
    Dice dice_;
    Manner manner_;
    Exchange auth_;
    Exchange acct_;
    std::set<Device*> carried_;
    Wait restarts_;
    bool is_up_ = true;
};

// From half of `mean` to one and a half, as the dice fall.
Clock::duration varied(std::chrono::seconds mean, Dice dice);

}  // namespace hourglass::nas
