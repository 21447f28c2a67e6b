#include "api/status.hpp"

#include "api/authorization.hpp"
#include "api/condition.hpp"
#include "api/datetime.hpp"
#include "api/problem.hpp"
#include "store/redis_info.hpp"
#include "store/redis_safety.hpp"

namespace hourglass::api {
namespace {

constexpr auto fields = std::to_array<Field>({
    datetime("time"),
    text("version"),
    datetime("started_at"),
    boolean("ready"),
    integer("workers"),
    object("listens"),
    object("settings"),
    object("redis"),
    list("hazards"),
    object("sessions"),
    object("journal").nullable(),
    object("disk").nullable(),
    datetime("certificate_expiration").nullable(),
});

constexpr Record status_record{
    .name = "Status",
    .fields = fields,
    .example =
        R"({"time": "2026-01-31T12:00:00Z", "version": "1.0.0", "started_at": "2026-01-01T00:00:00Z", "ready": true,
            "workers": 4, "listens": {"auth": ["0.0.0.0:1812"]}, "settings": {"mistake": null},
            "redis": {"version": "7.0.15", "round_trip_us": 90}, "hazards": [],
            "sessions": {"running": 1203, "overdue_users": 0}, "journal": {"pending": 0},
            "disk": {"path": "/var/lib/hourglass", "free_bytes": 9000000000}, "certificate_expiration": null})",
};

json show(const store::RedisInfo& redis, const std::string& address) {
    return {
        {"address",              address                                                                     },
        {"version",              redis.version                                                               },
        {"role",                 redis.role                                                                  },
        {"round_trip_us",        redis.round_trip.count()                                                    },
        {"commands_a_second",    redis.commands_a_second                                                     },
        {"clients",              redis.clients                                                               },
        {"memory_bytes",         redis.memory_octets                                                         },
        {"memory_bytes_max",     redis.memory_octets_max == 0 ? json(nullptr) : json(redis.memory_octets_max)},
        {"machine_memory_bytes", redis.machine_memory_octets                                                 },
        {"append_only",          redis.is_append_only                                                        },
        {"append_file_bytes",    redis.append_file_octets                                                    },
        {"last_write_good",      redis.is_last_write_good                                                    },
        {"last_rewrite_good",    redis.is_last_rewrite_good                                                  },
        {"last_save",            show_datetime(redis.last_save)                                              },
        {"time",                 show_datetime(redis.time)                                                   },
    };
}

json show(const std::optional<store::JournalState>& journal) {
    if (!journal) return nullptr;
    return {
        {"pending",   journal->pending                                                       },
        {"bytes",     journal->octets                                                        },
        {"oldest",    journal->oldest ? json(show_datetime(*journal->oldest)) : json(nullptr)},
        {"refused",   journal->refused                                                       },
        {"errors",    journal->errors                                                        },
        {"set_aside", journal->set_aside                                                     },
    };
}

json show(const std::optional<Disk>& disk) {
    if (!disk) return nullptr;
    return {
        {"path",       disk->path       },
        {"bytes",      disk->octets     },
        {"free_bytes", disk->octets_free},
    };
}

json null_if_empty(const std::string& text) {
    return text.empty() ? json(nullptr) : json(text);
}

}  // namespace

const Description status_description{
    .tag = "health",
    .shown = &status_record,
    .operation = "read_status",
    .summary = "Read the condition of the daemon and its store",
};

// What the machine looks like belongs to no organization, so a confined token sees none of it.
awaitable<Response> read_status(Context& context) {
    if (is_confined(context.token)) co_return permission_denied();
    const auto& health = context.environment.health;
    const auto condition = health.condition ? health.condition() : Condition();

    const auto redis = co_await store::read_redis_info(context.store.redis);
    if (!redis) co_return problem(redis.error());
    const auto hazards = co_await store::find_hazards(context.store.redis);
    if (!hazards) co_return problem(hazards.error());
    const auto running = co_await context.store.sessions.list({.is_running = true}, "", 1);
    if (!running) co_return problem(running.error());
    const auto overdue = co_await context.store.deadlines.overdue(context.now);
    if (!overdue) co_return problem(overdue.error());

    const auto expiration = condition.certificate_expiration;
    co_return reply(
        http::status::ok,
        {
            {"time", show_datetime(context.now)},
            {"version", condition.version},
            {"started_at", show_datetime(condition.started_at)},
            {"ready", health.is_ready && health.is_ready()},
            {"workers", condition.workers},
            {"listens", {{"auth", condition.auth}, {"acct", condition.acct}, {"api", condition.api}}},
            {"settings",
             {{"file", condition.settings_file}, {"mistake", null_if_empty(condition.settings_mistake)}}},
            {"redis", show(*redis, condition.redis)},
            {"hazards", *hazards},
            {"sessions", {{"running", running->count.value_or(0)}, {"overdue_users", *overdue}}},
            {"journal", show(health.journal ? health.journal() : std::nullopt)},
            {"disk", show(condition.state_directory)},
            {"certificate_expiration", expiration ? json(show_datetime(*expiration)) : json(nullptr)},
    });
}

}  // namespace hourglass::api
