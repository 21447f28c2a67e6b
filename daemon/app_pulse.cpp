// How systemd hears that the daemon is alive: only while every event loop turns, the main loop being the one
// that says so.
#include "daemon/app.hpp"
#include "daemon/pulse.hpp"
#include "daemon/service_manager.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace hourglass::daemon {

namespace {

using namespace std::chrono_literals;

constexpr Pulse::Clock::duration beat_interval_max = 1s;
static_assert(beat_interval_max < Pulse::silence_max);

}  // namespace

// Once a second, or as often as the watchdog wants it.
awaitable<void> App::beat() {
    const auto watchdog = service_manager::watchdog_limit();
    const auto interval =
        watchdog ? std::min<Pulse::Clock::duration>(*watchdog / 3, beat_interval_max) : beat_interval_max;
    std::vector<std::string> loops;
    for_each_service([&](const auto& service) { loops.push_back(service.name()); });
    Pulse pulse(std::move(loops), Pulse::Clock::now());
    while (!is_stopping_) {
        feel(pulse);
        if (std::exchange(has_learned_, false)) {
            publish_snapshot();
            co_await tell_nas_facts();
        }
        co_await sleep(interval);
    }
}

void App::feel(Pulse& pulse) {
    const auto now = Pulse::Clock::now();
    std::size_t loop = 0;
    for_each_service([&](auto& service) {
        if (service.has_answered()) {
            pulse.felt(loop, now);
            service.ping();
        }
        ++loop;
    });
    for (const auto& change : pulse.take_changes(now))
        tell(change);
    if (pulse.is_steady()) service_manager::is_alive();
}

void App::tell(const Pulse::Change& change) {
    if (change.is_stuck) {
        log_.error("An event loop is stuck; the service manager will restart the daemon, if it watches it",
                   {
                       {"loop", change.loop}
        });
        service_manager::status("The event loop " + change.loop + " is stuck");
    } else {
        log_.notice("An event loop turns again", {
                                                     {"loop", change.loop}
        });
        service_manager::status(status_);
    }
}

}  // namespace hourglass::daemon
