#include "daemon/redis_process.hpp"

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <linux/close_range.h>
#include <poll.h>
#include <string_view>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <vector>

namespace hourglass::daemon {

namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds end_limit = 2s;
constexpr int status_not_started = 127;
constexpr mode_t private_file = 0600;

// What makes it keep money: every confirmed write is on disk, nothing is evicted, nobody else can reach it.
// The hash limits keep a user's record, his account and the details of his sessions in Redis' compact
// encoding, which takes a third of the memory and is no slower. The file is not written anew while Redis
// reads it within some seconds, and not compressed, which is most of that work and saves little: passwords
// are sealed. A backup begins at once, makes no file, and leaves nothing behind that each write would be
// copied to.
constexpr auto redis_options = std::to_array<const char*>({
    "--port",
    "0",
    "--unixsocketperm",
    "700",
    "--daemonize",
    "no",
    "--appendonly",
    "yes",
    "--appendfsync",
    "always",
    "--no-appendfsync-on-rewrite",
    "no",
    "--save",
    "",
    "--repl-diskless-sync",
    "yes",
    "--repl-diskless-sync-delay",
    "0",
    "--repl-backlog-ttl",
    "1",
    "--maxmemory-policy",
    "noeviction",
    "--auto-aof-rewrite-min-size",
    "256mb",
    "--rdbcompression",
    "no",
    "--hash-max-listpack-entries",
    "128",
    "--hash-max-listpack-value",
    "512",
});

[[noreturn]] void fail(const std::string& what) {
    throw std::system_error(errno, std::generic_category(), what);
}

File lock_of(const std::filesystem::path& directory) {
    const auto path = directory / "lock";
    File lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, private_file));
    if (lock.get() < 0) fail(path.string());
    if (::flock(lock.get(), LOCK_EX | LOCK_NB) == 0) return lock;
    if (errno != EWOULDBLOCK) fail(path.string());
    return File();
}

// In the child, between fork and exec: only what signal-safety(7) allows.
[[noreturn]] void become_redis(char* const* arguments, pid_t parent, int output, int lock) {
    constexpr std::string_view not_found =
        "redis-server cannot be started; is the package redis-server installed?\n";
    constexpr int lock_descriptor = 3;

    sigset_t no_signals;
    sigemptyset(&no_signals);
    sigprocmask(SIG_SETMASK, &no_signals, nullptr);
    signal(SIGPIPE, SIG_DFL);
    setsid();  // Ctrl-C at the terminal is for the daemon, which ends us when it is done
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent) _exit(status_not_started);

    const int input = open("/dev/null", O_RDONLY);
    if (input >= 0) dup2(input, STDIN_FILENO);
    dup2(output, STDOUT_FILENO);
    dup2(output, STDERR_FILENO);
    if (lock == lock_descriptor) {
        fcntl(lock, F_SETFD, 0);
    } else {
        dup2(lock, lock_descriptor);
    }
    close_range(lock_descriptor + 1, ~0U, 0);
    execvp(arguments[0], arguments);
    const auto written = write(STDERR_FILENO, not_found.data(), not_found.size());
    _exit(written < 0 ? status_not_started + 1 : status_not_started);
}

}  // namespace

std::filesystem::path redis_socket(const std::filesystem::path& directory) {
    return directory / "redis.sock";
}

std::optional<RedisProcess> RedisProcess::try_start(const std::filesystem::path& directory) {
    const auto lock = lock_of(directory);
    if (lock.get() < 0) return std::nullopt;

    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) fail("pipe");
    File output_read(ends[0]);
    const File output_write(ends[1]);

    const auto socket = redis_socket(directory).string();
    const auto place = directory.string();
    std::vector<const char*> arguments{"redis-server", "--dir", place.c_str(), "--unixsocket",
                                       socket.c_str()};
    arguments.insert(arguments.end(), redis_options.begin(), redis_options.end());
    arguments.push_back(nullptr);

    const auto parent = ::getpid();
    const auto pid = ::fork();
    if (pid < 0) fail("fork");
    if (pid == 0) {
        become_redis(const_cast<char* const*>(arguments.data()), parent, output_write.get(), lock.get());
    }

    // glibc 2.36 declares pidfd_open() without extern "C".
    File process(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
    if (process.get() < 0) {
        const auto error = errno;
        ::kill(pid, SIGKILL);
        ::waitpid(pid, nullptr, 0);
        errno = error;
        fail("pidfd_open");
    }
    return RedisProcess(pid, std::move(process), std::move(output_read));
}

RedisProcess::RedisProcess(pid_t pid, File process, File output)
    : pid_(pid), process_(std::move(process)), output_(std::move(output)) {}

RedisProcess::~RedisProcess() {
    const bool was_moved_from = process_.get() < 0;
    if (was_moved_from || is_reaped_) return;
    ask_to_end();
    pollfd ended{process_.get(), POLLIN, 0};
    const auto count = ::poll(&ended, 1, static_cast<int>(end_limit.count()));
    if (count <= 0) kill();
    ::waitpid(pid_, nullptr, 0);
}

void RedisProcess::ask_to_end() const {
    ::kill(pid_, SIGTERM);
}

void RedisProcess::kill() const {
    ::kill(pid_, SIGKILL);
}

std::string RedisProcess::reap() {
    int status = 0;
    ::waitpid(pid_, &status, 0);
    is_reaped_ = true;
    if (WIFSIGNALED(status)) return "signal " + std::to_string(WTERMSIG(status));
    return "status " + std::to_string(WEXITSTATUS(status));
}

}  // namespace hourglass::daemon
