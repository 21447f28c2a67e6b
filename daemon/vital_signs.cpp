#include "daemon/vital_signs.hpp"

#include "store/redis_connection.hpp"

namespace hourglass::daemon {

awaitable<VitalSigns> measure_vital_signs(store::RedisConnection& redis,
                                          std::filesystem::path state_directory) {
    using Clock = std::chrono::steady_clock;
    VitalSigns signs;
    const auto asked_at = Clock::now();
    const auto answer = co_await redis.execute(store::Pipeline().add({"PING"}));
    signs.redis_answered_in = Clock::now() - asked_at;
    if (answer) {
        const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
        auto state = co_await store::read_store_state(redis, now);
        if (state) signs.store = *std::move(state);
    }
    std::error_code ignored;
    const auto space = std::filesystem::space(state_directory, ignored);
    if (!ignored) {
        signs.disk_octets = space.capacity;
        signs.disk_octets_free = space.available;
    }
    co_return std::move(signs);
}

}  // namespace hourglass::daemon
