#include "daemon/data_version.hpp"

#include "daemon/offline_store.hpp"
#include "store/schema.hpp"

#include <stdexcept>

namespace hourglass::daemon {
namespace {

using Steps = std::vector<store::Migrated>;

[[noreturn]] void refuse(error_code failure) {
    throw std::runtime_error("The version of the data cannot be told: " + failure.message() + ".");
}

awaitable<Steps> bring_up_to_date(store::RedisConnection& redis, bool is_dry_run) {
    const auto state = co_await store::read_schema(redis);
    if (!state) refuse(state.error());
    if (const auto reason = store::why_unusable(*state); !reason.empty()) throw std::runtime_error(reason);
    auto steps = co_await store::migrate(redis, is_dry_run);
    if (!steps) {
        throw std::runtime_error("The data could not be brought to version " +
                                 std::to_string(store::schema_version) + ": " + steps.error().message() +
                                 ". The next start goes on from here.");
    }
    co_return *std::move(steps);
}

std::string to_lines(const Steps& steps, bool is_dry_run) {
    if (steps.empty()) {
        return "The data are of version " + std::to_string(store::schema_version) + ", the newest known.\n";
    }
    std::string lines;
    for (const auto& step : steps) {
        lines += (is_dry_run ? "Would be done: " : "Done: ") + std::string(step.migration->about) +
                 " (version " + std::to_string(step.migration->version) + ", " +
                 std::to_string(step.records) + " records).\n";
    }
    return lines;
}

}  // namespace

awaitable<void> require_own_version(store::RedisConnection& redis, Log& log) {
    const auto steps = co_await bring_up_to_date(redis, false);
    for (const auto& step : steps) {
        const auto version = std::to_string(step.migration->version);
        const auto records = std::to_string(step.records);
        log.notice("The data have a new version",
                   {
                       {"version", version              },
                       {"change",  step.migration->about},
                       {"records", records              }
        });
    }
}

awaitable<void> refuse_other_version(store::RedisConnection& redis) {
    const auto state = co_await store::read_schema(redis);
    if (!state) co_return;  // it is away: whoever uses it says so
    if (const auto reason = store::why_unusable(*state); !reason.empty()) throw std::runtime_error(reason);
}

std::string migrate(const Configuration& configuration, bool is_dry_run, Log& log) {
    OfflineStore offline(configuration, log);
    Steps steps;
    offline.run([&](store::Store& store) -> awaitable<void> {
        steps = co_await bring_up_to_date(store.redis, is_dry_run);
    });
    return to_lines(steps, is_dry_run);
}

}  // namespace hourglass::daemon
