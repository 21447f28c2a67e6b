// One run of the private redis-server: forked, watched through a pidfd, its output read through a pipe.
//
// It must never outlive the daemon unnoticed, nor run twice on the same files. So the kernel sends it SIGTERM
// when the thread that forked it ends (PR_SET_PDEATHSIG), and it inherits a lock on its directory, which is
// free again only when the last process that could still write there is gone.
#pragma once

#include "daemon/state_directory.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <sys/types.h>

namespace hourglass::daemon {

class RedisProcess {
public:
    // nullopt while a redis-server of an earlier daemon still holds the lock of the directory. To be called
    // on the main thread, which lives as long as the daemon. Throws std::system_error.
    static std::optional<RedisProcess> try_start(const std::filesystem::path& directory);

    RedisProcess(RedisProcess&&) = default;
    RedisProcess& operator=(RedisProcess&&) = delete;
    // Ends it, waits, and kills it if it takes longer than end_limit.
    ~RedisProcess();

    pid_t pid() const { return pid_; }
    int process_descriptor() const { return process_.get(); }  // readable once it has ended
    int output_descriptor() const { return output_.get(); }    // its standard output and error

    void ask_to_end() const;  // SIGTERM: it writes what is left, and ends
    void kill() const;
    // After it has ended: "status 1" or "signal 9".
    std::string reap();

private:
    RedisProcess(pid_t pid, File process, File output);

    pid_t pid_;
    bool is_reaped_ = false;
    File process_;
    File output_;
};

std::filesystem::path redis_socket(const std::filesystem::path& directory);

}  // namespace hourglass::daemon
