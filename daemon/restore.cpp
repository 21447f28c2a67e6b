#include "daemon/restore.hpp"

#include "daemon/backup_head.hpp"
#include "daemon/first_token.hpp"
#include "daemon/offline_store.hpp"
#include "daemon/owner.hpp"
#include "daemon/sentences.hpp"
#include "store/audit.hpp"
#include "store/schema.hpp"
#include "store/store_copy.hpp"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <stdexcept>
#include <sys/file.h>
#include <system_error>
#include <unistd.h>

namespace hourglass::daemon {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t read_octets = 64 * 1024;
constexpr std::chrono::seconds tell_interval{5};
constexpr std::chrono::seconds connect_limit{10};
// One key may be a list of all users, which takes Redis more than a moment to write.
constexpr std::chrono::minutes key_limit{10};
constexpr std::size_t findings_told_max = 20;

// What Redis reads at a start in this directory: an RDB file serves as the beginning of its append-only file.
constexpr const char* rdb_name = "appendonly.aof";
constexpr std::string_view rdb_magic = "REDIS";

[[noreturn]] void fail(const std::string& what) {
    throw std::runtime_error(what + ": " + std::generic_category().message(errno) + ".");
}

[[noreturn]] void fail(const std::string& what, error_code failure) {
    throw std::runtime_error(what + ": " + failure.message() +
                             ". Nothing is served from a part of a backup; restore it again.");
}

class Input {
public:
    explicit Input(int descriptor) : descriptor_(descriptor) {}

    std::string_view read_some() {
        if (!unread_.empty()) return std::exchange(unread_, {});
        while (true) {
            const auto octets = ::read(descriptor_, buffer_.data(), buffer_.size());
            if (octets >= 0) return {buffer_.data(), static_cast<std::size_t>(octets)};
            if (errno != EINTR) fail("The backup cannot be read");
        }
    }

    std::string read_line() {
        std::string line;
        while (line.size() <= backup_head_octets_max) {
            const auto piece = read_some();
            const auto end = piece.find('\n');
            line += piece.substr(0, end);
            if (end != piece.npos) unread_ = piece.substr(end + 1);
            if (end != piece.npos || piece.empty()) break;
        }
        return line;
    }

private:
    int descriptor_;
    std::array<char, read_octets> buffer_{};
    std::string_view unread_;
};

// Now and then, so that whoever waits sees that something is done.
class Pace {
public:
    bool is_due() {
        if (Clock::now() - told_at_ < tell_interval) return false;
        told_at_ = Clock::now();
        return true;
    }

private:
    Clock::time_point told_at_ = Clock::now();
};

// Taken away however the restore ends.
class Workplace {
public:
    explicit Workplace(std::filesystem::path directory) : directory_(std::move(directory)) {
        wait_for_predecessor();
        std::filesystem::remove_all(directory_);
        std::filesystem::create_directory(directory_);
        std::filesystem::permissions(directory_, std::filesystem::perms::owner_all);
    }
    ~Workplace() {
        std::error_code ignored;
        std::filesystem::remove_all(directory_, ignored);
    }
    Workplace(const Workplace&) = delete;
    Workplace& operator=(const Workplace&) = delete;

    const std::filesystem::path& directory() const { return directory_; }

private:
    // The redis-server of a restore that was killed holds this as long as it lives (redis_process.hpp).
    void wait_for_predecessor() const {
        const File lock(::open((directory_ / "lock").c_str(), O_RDWR | O_CLOEXEC));
        if (lock.get() >= 0 && ::flock(lock.get(), LOCK_EX) != 0) fail(directory_.string());
    }

    std::filesystem::path directory_;
};

class Restore {
public:
    Restore(const Configuration& configuration, int backup, Log& log)
        : input_(backup),
          head_(parse_backup_head(input_.read_line())),
          log_(log),
          offline_(configuration, log),
          workplace_(offline_.directory() / "copy"),
          source_(offline_.loop(), workplace_.directory(), log) {}

    std::string run() {
        offline_.run([this](store::Store& store) { return fill(store); });
        if (findings_ > 0) {
            throw std::runtime_error("The backup is restored as it was, and the audit finds " +
                                     std::to_string(findings_) +
                                     " violations in it: \"hourglass audit\" tells them all.");
        }
        return "Restored the backup of " + head_.taken_at + ": " + std::to_string(users_) + " users, " +
               std::to_string(keys_) + " keys. The audit finds nothing wrong; hourglassd can be started.\n";
    }

private:
    void receive();
    awaitable<void> fill(store::Store& store);
    awaitable<void> refuse_occupied(store::RedisConnection& target);
    awaitable<void> copy();
    awaitable<void> copy(store::RedisConnection& source, store::RedisConnection& target);
    awaitable<void> audit(store::Store& store);
    void install_secrets() const;

    Input input_;
    BackupHead head_;
    Log& log_;
    OfflineStore offline_;
    Workplace workplace_;
    TemporaryRedis source_;
    std::uint64_t users_ = 0;
    std::uint64_t keys_ = 0;
    std::uint64_t findings_ = 0;
};

// Blocks: there is nobody else to serve.
void Restore::receive() {
    const auto path = workplace_.directory() / rdb_name;
    const File file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (file.get() < 0) fail(path.string());
    std::uint64_t received = 0;
    for (auto piece = input_.read_some(); !piece.empty(); piece = input_.read_some()) {
        if (received == 0 && !piece.starts_with(rdb_magic))
            throw std::runtime_error("Behind its head the backup holds no data of Redis.");
        received += piece.size();
        while (!piece.empty()) {
            const auto written = ::write(file.get(), piece.data(), piece.size());
            if (written < 0 && errno != EINTR) fail(path.string());
            if (written > 0) piece.remove_prefix(static_cast<std::size_t>(written));
        }
    }
    const auto octets = std::to_string(received);
    log_.notice("The backup was received",
                {
                    {"octets",   octets        },
                    {"taken_at", head_.taken_at},
                    {"version",  head_.version }
    });
}

awaitable<void> Restore::fill(store::Store& store) {
    co_await refuse_occupied(store.redis);
    receive();
    // It reads all of the backup first: what is damaged is found before anything is written.
    co_await source_.run([this] { return copy(); });

    const auto migrated = co_await store::migrate(store.redis, false);
    if (!migrated) fail("The data could not be brought to this version", migrated.error());
    co_await audit(store);
    install_secrets();
    const auto finished = co_await store::finish_restore(store.redis);
    if (!finished) fail("The restore could not be finished", finished.error());
}

awaitable<void> Restore::copy() {
    const store::RedisConnection::Limits patient{.timeout = key_limit};
    auto source_address = source_.address();
    source_address.database = head_.database;
    store::RedisConnection source(offline_.loop(), source_address, log_, patient);
    store::RedisConnection target(offline_.loop(), offline_.redis_address(), log_, patient);
    source.start();
    target.start();
    const bool are_ready =
        co_await source.wait_until_ready(connect_limit) && co_await target.wait_until_ready(connect_limit);
    if (!are_ready) throw std::runtime_error("Redis cannot be reached.");
    co_await copy(source, target);
    source.stop();
    target.stop();
}

awaitable<void> Restore::refuse_occupied(store::RedisConnection& target) {
    const auto occupants = co_await store::find_occupants(target);
    if (!occupants) fail("The store could not be looked at", occupants.error());
    if (occupants->empty()) co_return;
    throw std::runtime_error(
        "The store at " + offline_.redis_address().describe() + " is not empty: it has " +
        joined(*occupants, ", ") +
        ". A backup is restored into an empty one only, so that nothing is mixed or lost.");
}

awaitable<void> Restore::copy(store::RedisConnection& source, store::RedisConnection& target) {
    const auto cleared = co_await store::clear_for_restore(target);
    if (!cleared) fail("The store could not be prepared", cleared.error());
    Pace pace;
    const auto copied = co_await store::copy_all(source, target, [&](std::uint64_t keys) {
        const auto so_far = std::to_string(keys);
        if (pace.is_due())
            log_.notice("Keys are copied", {
                                               {"keys", so_far}
            });
    });
    if (!copied) fail("The data could not be copied", copied.error());
    keys_ = *copied;
}

awaitable<void> Restore::audit(store::Store& store) {
    store::Audit audit(store.redis, store.rules, {}, {});
    Pace pace;
    for (bool is_complete = false; !is_complete;) {
        const auto now = std::chrono::floor<store::Seconds>(std::chrono::system_clock::now());
        const auto step = co_await audit.step(now);
        if (!step) fail("The audit could not be finished", step.error());
        is_complete = step->is_complete;
        users_ += step->checked;
        for (const auto& finding : step->findings) {
            if (++findings_ > findings_told_max) continue;
            log_.error("The audit finds something wrong in the backup",
                       {
                           {"user",   finding.username          },
                           {"detail", finding.violation.sentence}
            });
        }
        const auto so_far = std::to_string(users_);
        if (pace.is_due())
            log_.notice("Users are audited", {
                                                 {"users", so_far}
            });
    }
}

void Restore::install_secrets() const {
    replace_file(offline_.directory() / "secret.key", head_.secret_key + "\n");
    if (!head_.first_token.empty()) replace_file(offline_.directory() / first_token_file, head_.first_token);
}

}  // namespace

std::string restore(const Configuration& configuration, int backup, Log& log) {
    become_owner_of(configuration.settings.daemon_state_dir);
    return Restore(configuration, backup, log).run();
}

}  // namespace hourglass::daemon
