// A place where a coroutine waits: until its deadline, or until it is woken. Both may come from outside, so
// whoever wakes up looks at what has changed.
#pragma once

#include "nas/plan.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace hourglass::nas {

class Wait {
public:
    explicit Wait(boost::asio::io_context& loop) : timer_(loop) {}

    Clock::time_point deadline() const { return deadline_; }
    bool is_over() const { return Clock::now() >= deadline_; }
    // For whoever waits here.
    void set_deadline(Clock::time_point deadline) { deadline_ = deadline; }
    // For others.
    void shorten(Clock::time_point deadline) {
        deadline_ = std::min(deadline_, deadline);
        wake();
    }
    void wake() { timer_.cancel(); }

    boost::asio::awaitable<void> until(Clock::time_point moment) {
        timer_.expires_at(std::min(moment, deadline_));
        co_await timer_.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
    }

private:
    boost::asio::steady_timer timer_;
    Clock::time_point deadline_ = Clock::time_point::max();
};

}  // namespace hourglass::nas
