#include "daemon/journal_replay.hpp"

#include "store/keys.hpp"
#include "store/pause.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <set>

namespace hourglass::daemon {

namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;

constexpr std::chrono::milliseconds look_interval = 100ms;
constexpr std::chrono::milliseconds retry_interval = 200ms;
constexpr std::chrono::milliseconds disk_retry_interval = 5s;
// Renewed with each group of reports. Should the daemon end, others go by what Redis knows after this time.
constexpr std::chrono::milliseconds announcement_lifetime = 5s;

constexpr auto outcome = asio::as_tuple(asio::use_awaitable);

using Entries = std::vector<store::JournalEntry>;

// Of one user at one NAS only one, for those are told in order; a restart of a NAS stands alone.
Entries take_independent(Entries& entries, std::size_t& next) {
    Entries taken;
    std::set<std::pair<std::string, std::string>> users;
    const auto is_first_of = [&](const store::AccountingRecord& record) {
        const bool is_new_name = users.emplace(record.nas, record.username).second;
        if (record.user == 0) return is_new_name;
        return users.emplace(record.nas, "user " + std::to_string(record.user)).second && is_new_name;
    };
    for (; next < entries.size() && taken.size() < JournalReplay::reports_at_once_max; ++next) {
        const auto* const record = std::get_if<store::AccountingRecord>(&entries[next]);
        if (!record && !taken.empty()) break;
        if (record && !is_first_of(*record)) break;
        taken.push_back(std::move(entries[next]));
        if (!record) {
            ++next;
            break;
        }
    }
    return taken;
}

}  // namespace

awaitable<void> JournalReplay::run() {
    while (!is_stopping_) {
        const bool is_ready = co_await store_.redis.wait_until_ready(look_interval);
        if (!is_ready) continue;
        const bool has_work = journal_.state().octets > 0;
        if (!has_work || !co_await replay_oldest()) co_await pause(look_interval);
    }
}

// False: it is not done, or there was nothing to do.
awaitable<bool> JournalReplay::replay_oldest() {
    if (!co_await announce()) co_return false;
    auto segment = co_await journal_.oldest();
    if (!segment) co_await pause(disk_retry_interval);
    if (!segment || !*segment) co_return false;

    const auto reports = std::to_string((*segment)->entries.size());
    for (std::size_t next = 0; next < (*segment)->entries.size();) {
        const bool is_done = co_await replay_together(take_independent((*segment)->entries, next));
        if (!is_done) {
            co_await journal_.give_up_replay();
            co_return false;
        }
    }
    const auto removed = co_await journal_.remove((*segment)->number, (*segment)->is_damaged);
    if (!removed) {
        co_await journal_.give_up_replay();
        co_await pause(disk_retry_interval);
        co_return false;
    }
    if (journal_.state().octets == 0)
        store_.redis.send(store::Pipeline().add({"DEL", store::keys::journal_replay}));
    log_.notice("Usage from the journal is in Redis", {
                                                          {"reports", reports}
    });
    co_return true;
}

// True: all of it is in Redis, or set aside.
awaitable<bool> JournalReplay::replay_together(Entries entries) {
    for (int tries = 0; tries < tries_max && !is_stopping_; ++tries) {
        if (tries > 0) co_await pause(retry_interval);
        entries = co_await apply_all(std::move(entries));
        if (entries.empty()) co_return true;
        if (!co_await announce()) co_return false;
    }
    if (is_stopping_) co_return false;
    co_return co_await set_aside(std::move(entries));
}

// Those that Redis did not confirm.
awaitable<Entries> JournalReplay::apply_all(Entries entries) {
    Entries refused;
    std::size_t missing = entries.size();
    std::exception_ptr bug;
    asio::steady_timer all_done(loop_, asio::steady_timer::time_point::max());
    for (auto& entry : entries) {
        asio::co_spawn(loop_, apply(std::move(entry), refused), [&](const std::exception_ptr& failure) {
            if (failure) bug = failure;
            if (--missing == 0) all_done.cancel();
        });
    }
    while (missing > 0)
        co_await all_done.async_wait(outcome);
    if (bug) std::rethrow_exception(bug);
    co_return refused;
}

awaitable<void> JournalReplay::apply(store::JournalEntry entry, Entries& refused) {
    bool is_applied = false;
    if (const auto* const record = std::get_if<store::AccountingRecord>(&entry)) {
        const auto applied = co_await store_.ledger.apply(*record);
        is_applied = applied.has_value();
    } else {
        const auto closed = co_await store_.ledger.close_sessions_of(std::get<store::NasRestart>(entry));
        is_applied = closed.has_value();
    }
    if (!is_applied) refused.push_back(std::move(entry));
}

awaitable<bool> JournalReplay::set_aside(Entries entries) {
    for (auto& entry : entries) {
        const auto* const record = std::get_if<store::AccountingRecord>(&entry);
        const auto user = record ? record->username : std::string();
        const auto session = record ? record->session_id : std::string();
        log_.error("Redis refuses a report of the journal, which is set aside for you to look at",
                   {
                       {"nas",     nas_of(entry)},
                       {"user",    user         },
                       {"session", session      }
        });
        const auto kept = co_await journal_.set_aside(std::move(entry));
        if (!kept) co_return false;
    }
    co_return true;
}

awaitable<bool> JournalReplay::announce() {
    const auto lifetime = std::to_string(announcement_lifetime.count());
    auto write = store::Pipeline().add({"SET", store::keys::journal_replay, "1", "PX", lifetime});
    const auto written = co_await store_.redis.execute(std::move(write));
    co_return written.has_value();
}

}  // namespace hourglass::daemon
