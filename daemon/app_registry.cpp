// How a change of the registry comes into force: read by the main loop, as soon as this daemon's API has
// written it or else by looking every now and then, and taken over by every worker.
#include "daemon/app.hpp"
#include "store/running_users.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace hourglass::daemon {

namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;
using Timer = asio::steady_timer;

// What other daemons write is in force here within twice this time.
constexpr Timer::duration look_interval = 400ms;
// A worker that does not answer for so long must not hold up the API's reply.
constexpr Timer::duration take_over_limit = 1s;

constexpr auto outcome = asio::as_tuple(asio::use_awaitable);

}  // namespace

awaitable<void> App::load_registry() {
    while (!is_stopping_) {
        const auto refreshed = co_await registry_.refresh();
        if (refreshed) break;
        co_await sleep(look_interval);
    }
    publish_snapshot();
}

// The only one who reads it once the services run, so that what is older never comes after what is newer.
awaitable<void> App::keep_registry() {
    for (;;) {
        co_await registry_errand_.wait(look_interval);
        const auto refreshed = co_await registry_.refresh();
        const bool is_new = refreshed && *refreshed == Registry::Refreshed::renewed;
        if (is_new) co_await publish_snapshot_everywhere();
        if (is_new) spawn(tell_running_users(registry_.take_concerned()));
        registry_errand_.tell_done();
    }
}

// Each daemon does so when it has the new directory: another that still has the old one may be the first to
// look, and finds nothing to do.
awaitable<void> App::tell_running_users(Concerned concerned) {
    if (!concerned.is_anybody()) co_return;
    std::vector<store::OrganizationId> organizations;
    if (!concerned.all) organizations.assign(concerned.organizations.begin(), concerned.organizations.end());
    while (!is_stopping_) {
        const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
        const auto told = co_await store::touch_running_users(store_.redis, organizations, now);
        if (told) co_return;
        co_await sleep(look_interval);  // Redis is away, which the connection logs
    }
}

// Returns when every worker has taken it over.
awaitable<void> App::publish_snapshot_everywhere() {
    const auto all_took_over = std::make_shared<Timer>(loop_, take_over_limit);
    const auto missing = std::make_shared<std::size_t>(workers_.size());
    publish_snapshot([this, missing, timer = std::weak_ptr(all_took_over)] {
        asio::post(loop_, [missing, timer] {
            const bool is_last = --*missing == 0;
            const auto held = timer.lock();
            if (is_last && held) held->cancel();
        });
    });
    co_await all_took_over->async_wait(outcome);
}

}  // namespace hourglass::daemon
