#include "api/backup.hpp"

#include "api/authorization.hpp"
#include "api/datetime.hpp"
#include "api/problem.hpp"
#include "api/transfer.hpp"
#include "store/keys.hpp"
#include "store/pause.hpp"
#include "store/schema.hpp"

#include <stdexcept>

namespace hourglass::api {
namespace {

constexpr int backup_format = 1;
// What the journal holds was acknowledged and is not in Redis yet. It takes seconds, once Redis is back.
constexpr std::chrono::seconds journal_wait_max{30};
constexpr std::chrono::milliseconds journal_look_interval{100};

struct Backup {
    Log& log;
    std::string head;
    std::unique_ptr<store::Snapshot> snapshot;
    TransferPlace place;
    std::uint64_t octets{};
};

store::JournalState journal_of(const Environment& environment) {
    const auto journal = environment.health.journal ? environment.health.journal() : std::nullopt;
    return journal.value_or(store::JournalState{});
}

// How many reports it had taken when it was found empty; nullopt: it still is not.
awaitable<std::optional<std::uint64_t>> wait_for_empty_journal(const Environment& environment) {
    const auto deadline = std::chrono::steady_clock::now() + journal_wait_max;
    while (true) {
        const auto journal = journal_of(environment);
        if (journal.octets == 0) co_return journal.written;
        if (std::chrono::steady_clock::now() >= deadline) co_return std::nullopt;
        co_await pause(journal_look_interval);
    }
}

Response journal_in_the_way() {
    return problem(http::status::service_unavailable,
                   "The journal holds usage that is not in Redis yet, and a backup would lack it.")
        .with("Retry-After", "10");
}

// Counted beside the snapshot, and so about right.
awaitable<result<json>> make_head(Context& context) {
    auto questions = store::Pipeline().add({"ZCARD", store::keys::users});
    const auto users = co_await context.store.redis.execute(std::move(questions));
    if (!users) co_return users.error();
    const auto schema = co_await store::read_schema(context.store.redis);
    if (!schema) co_return schema.error();
    const auto& health = context.environment.health;
    const auto now = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
    co_return json{
        {"hourglass_backup", backup_format                                 },
        {"version",          HOURGLASS_VERSION                             },
        {"schema",           schema->version                               },
        {"taken_at",         show_datetime(now)                            },
        {"database",         context.store.snapshots.address.database      },
        {"users",            users->integer()                              },
        {"secret_key",       context.store.secrets.key_text()              },
        {"first_token",      health.first_token ? health.first_token() : ""},
    };
}

// Throws when there is no going on: the client sees that the reply is cut short.
awaitable<void> write_backup(std::shared_ptr<Backup> backup, BodyWriter& writer) {
    if (!co_await writer.write(std::move(backup->head))) co_return;
    while (true) {
        auto data = co_await backup->snapshot->next();
        if (!data) throw std::runtime_error("backup: " + data.error().message());
        if (data->empty()) break;
        backup->octets += data->size();
        if (!co_await writer.write(*std::move(data))) co_return;
    }
    const auto octets = std::to_string(backup->octets);
    backup->log.notice("A backup was taken", {
                                                 {"octets", octets}
    });
}

constexpr auto exceptions = std::to_array<Exception>({
    {http::verb::get, http::status::forbidden,
     "The token is confined to organizations, or the client is not on the daemon's machine."},
    {http::verb::get, http::status::service_unavailable,
     "Redis gives no snapshot, or the journal holds usage that is not in Redis yet."        },
});

}  // namespace

const Description backup_description{
    .tag = "backup",
    .about = "Everything that must not be lost, for `hourglass backup`, which encrypts it.",
    .exceptions = exceptions,
    .operation = "read_backup",
    .summary = "Take a backup: a line of JSON, then the data as Redis writes them",
    .media_type = "application/octet-stream",
};

awaitable<Response> read_backup(Context& context) {
    if (is_confined(context.token)) co_return permission_denied();
    if (!is_from_this_machine(context.request)) {
        co_return problem(http::status::forbidden,
                          "A backup holds the key of all passwords, and is only given on the machine of the "
                          "daemon: run \"hourglass backup\" there.");
    }
    auto place = take_place(context.environment);
    if (!place) co_return place.error();
    const auto written_before = co_await wait_for_empty_journal(context.environment);
    if (!written_before) co_return journal_in_the_way();

    auto snapshot = context.store.snapshots.open();
    const auto begun = co_await snapshot->begin();
    if (!begun) co_return problem(store::Error::unavailable);
    // Whatever was acknowledged before the instant is in Redis only if none came to the journal meanwhile.
    if (journal_of(context.environment).written != *written_before) co_return journal_in_the_way();
    const auto head = co_await make_head(context);
    if (!head) co_return problem(head.error());

    const auto backup = std::make_shared<Backup>(Backup{.log = context.environment.log,
                                                        .head = to_text(*head) + "\n",
                                                        .snapshot = std::move(snapshot),
                                                        .place = *std::move(place)});
    Response response;
    response.content_type = "application/octet-stream";
    response.with("Cache-Control", "no-store");
    response.produce = [backup](BodyWriter& writer) { return write_backup(backup, writer); };
    co_return response;
}

}  // namespace hourglass::api
