#include "daemon/errand.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace hourglass::daemon {

namespace {

namespace asio = boost::asio;

constexpr auto outcome = asio::as_tuple(asio::use_awaitable);

}  // namespace

awaitable<void> Errand::wait(Timer::duration interval) {
    if (asking_.empty()) {
        timer_.expires_after(interval);
        co_await timer_.async_wait(outcome);
    }
    served_ = std::exchange(asking_, {});
}

void Errand::tell_done() {
    for (const auto& asker : std::exchange(served_, {})) {
        asio::post(asker.executor, [timer = asker.timer] {
            if (const auto held = timer.lock()) held->cancel();
        });
    }
}

awaitable<void> Errand::ask(Timer::duration limit) {
    const auto executor = co_await asio::this_coro::executor;
    const auto done = std::make_shared<Timer>(executor, limit);
    asio::post(loop_, [this, executor, timer = std::weak_ptr(done)] {
        asking_.push_back({executor, timer});
        timer_.cancel();
    });
    co_await done->async_wait(outcome);
}

}  // namespace hourglass::daemon
