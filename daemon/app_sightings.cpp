// How what the workers see of NASes reaches the store: every minute, and before the API shows it.
#include "daemon/app.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <memory>

namespace hourglass::daemon {

namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;
using Timer = asio::steady_timer;

constexpr Timer::duration gather_interval = 1min;
// However often the API asks.
constexpr Timer::duration gather_pause = 100ms;
// A worker that is late is heard the next time.
constexpr Timer::duration worker_limit = 200ms;

}  // namespace

awaitable<void> App::keep_sightings() {
    for (;;) {
        co_await sightings_errand_.wait(gather_interval);
        co_await gather_sightings();
        sightings_errand_.tell_done();
        co_await sleep(gather_pause);
    }
}

// What the store could not be told is left out: it might be counted twice otherwise.
awaitable<void> App::gather_sightings() {
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    const auto all_told = std::make_shared<Timer>(loop_, worker_limit);
    const auto missing = std::make_shared<std::size_t>(workers_.size());
    for (const auto& worker : workers_) {
        worker->post([this, now, missing, timer = std::weak_ptr(all_told)](radius::Server& server) {
            asio::post(loop_, [this, missing, timer, seen = server.take_sightings(now)] {
                nas_sightings_.add(seen);
                nas_traffic_.add(seen);
                const bool is_last = --*missing == 0;
                const auto held = timer.lock();
                if (is_last && held) held->cancel();
            });
        });
    }
    co_await all_told->async_wait(asio::as_tuple(asio::use_awaitable));

    nas_traffic_shown_.set(nas_traffic_.read(now));
    auto sources = nas_sightings_.take_sources();
    auto nases = nas_sightings_.take_nases();
    co_await store_.sightings.note_sources(std::move(sources), now);
    co_await store_.sightings.note_nases(std::move(nases), now);
}

}  // namespace hourglass::daemon
