// The version of the data themselves, which a number in the store tells. A daemon serves data of its own
// version only: it brings older ones to it, step by step, and leaves newer ones alone. Nor does it touch a
// store into which a backup is being restored.
#pragma once

#include "store/error.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hourglass::store {

class RedisConnection;

inline constexpr std::uint64_t schema_version = 1;  // what this daemon reads and writes

struct SchemaState {
    std::uint64_t version{};  // 0: none is written, as in a new store and before there were versions
    bool is_being_restored{};
};

awaitable<result<SchemaState>> read_schema(RedisConnection& redis);
// A sentence for the operator, empty if a daemon whose data are of the version `known` may work with it,
// after bringing it there.
std::string why_unusable(const SchemaState& state, std::uint64_t known = schema_version);

// Brings data of the version before to `version`. It may be ended at any moment and begun anew, also by two
// daemons at once: what is done already is left alone.
struct Migration {
    std::uint64_t version;
    std::string_view about;  // "Sessions are listed by NAS"
    // How many records were changed, or would be. nullptr: nothing but the number changes.
    awaitable<result<std::uint64_t>> (*run)(RedisConnection& redis, bool is_dry_run);
};
// In the order of their versions, the last of which is schema_version.
std::span<const Migration> migrations();

struct Migrated {
    const Migration* migration;
    std::uint64_t records{};
};
// What was done, or would be; nothing if the store has the newest version. Each version is written when it
// is reached.
awaitable<result<std::vector<Migrated>>> migrate(RedisConnection& redis, bool is_dry_run,
                                                 std::span<const Migration> steps = migrations());

}  // namespace hourglass::store
