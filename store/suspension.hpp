// Where a coroutine waits until somebody resumes it. It lives in the coroutine's frame, so waiting allocates
// nothing.
#pragma once

#include "store/result.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <optional>
#include <utility>

namespace hourglass::store {

class Suspension {
public:
    using Handler = boost::asio::async_result<boost::asio::use_awaitable_t<>, void()>::handler_type;

    // Once resumed it may wait again.
    boost::asio::awaitable<void> wait() {
        const auto keep = [this](Handler handler) { handler_.emplace(std::move(handler)); };
        return boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void()>(
            keep, boost::asio::use_awaitable);
    }
    bool is_waiting() const { return handler_.has_value(); }
    // Calling it resumes whoever waits; letting go of it unravels him.
    Handler take() { return *std::exchange(handler_, std::nullopt); }
    void resume() { take()(); }

private:
    std::optional<Handler> handler_;
};

}  // namespace hourglass::store
