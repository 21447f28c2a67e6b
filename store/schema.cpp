#include "store/schema.hpp"

#include "store/decimal.hpp"
#include "store/keys.hpp"
#include "store/redis_connection.hpp"

#include <array>

namespace hourglass::store {
namespace {

constexpr auto all_migrations = std::to_array<Migration>({
    {1, "The data are numbered", nullptr},
});
static_assert(all_migrations.back().version == schema_version);

awaitable<result<std::uint64_t>> run(const Migration& step, RedisConnection& redis, bool is_dry_run) {
    if (step.run == nullptr) co_return std::uint64_t{0};
    co_return co_await step.run(redis, is_dry_run);
}

}  // namespace

awaitable<result<SchemaState>> read_schema(RedisConnection& redis) {
    auto questions = Pipeline().add({"GET", keys::schema}).add({"EXISTS", keys::restore});
    const auto replies = co_await redis.execute_all(std::move(questions));
    if (!replies) co_return replies.error();
    const auto& number = replies->front();
    const auto version =
        number.is_nil() ? std::optional<std::uint64_t>(0) : parse_decimal<std::uint64_t>(number.text());
    if (!version) co_return Error::corrupt;
    co_return SchemaState{.version = *version, .is_being_restored = replies->back().integer() != 0};
}

std::string why_unusable(const SchemaState& state, std::uint64_t known) {
    if (state.is_being_restored) {
        return "A restore into this store was not finished: it holds a part of a backup. \"hourglass "
               "restore\" "
               "begins anew.";
    }
    if (state.version > known) {
        return "The data are of version " + std::to_string(state.version) +
               ", written by a newer hourglassd, and this one knows " + std::to_string(known) +
               " and older: install the newer one again, or restore a backup of before into an empty store.";
    }
    return {};
}

std::span<const Migration> migrations() {
    return all_migrations;
}

awaitable<result<std::vector<Migrated>>> migrate(RedisConnection& redis, bool is_dry_run,
                                                 std::span<const Migration> steps) {
    const auto state = co_await read_schema(redis);
    if (!state) co_return state.error();

    std::vector<Migrated> done;
    for (const auto& step : steps) {
        if (step.version <= state->version) continue;
        const auto records = co_await run(step, redis, is_dry_run);
        if (!records) co_return records.error();
        done.push_back({&step, *records});
        if (is_dry_run) continue;
        auto write = Pipeline().add({"SET", keys::schema, std::to_string(step.version)});
        const auto written = co_await redis.execute(std::move(write));
        if (!written) co_return written.error();
    }
    co_return done;
}

}  // namespace hourglass::store
