// Other programs, as the stories run them: to their end with all their output, or in the background.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace hourglass::test {

using Arguments = std::vector<std::string>;  // the program first, looked for in PATH

struct Finished {
    int exit_status{};  // 128 + signal if one ended it
    std::string output;
    std::string errors;
};

// Programs see PATH, LANG and these NAME=VALUE pairs, and of our environment only what steers sanitizers.
struct RunOptions {
    std::string input{};
    std::vector<std::string> environment{};
    std::chrono::seconds time_limit{60};
};

// Throws std::runtime_error if the program does not end within its time limit; it is killed then.
Finished run(const Arguments& arguments, const RunOptions& options = {});

// What a program in the background gets beyond its output.
struct Inheritance {
    std::vector<std::string> environment{};  // NAME=VALUE
    std::vector<int> descriptors{};          // above 2 + their count; they become 3, 4 and so on
};

// A program in the background, its output appended to `log`. It is killed with its owner.
class BackgroundProcess {
public:
    BackgroundProcess(const Arguments& arguments, const std::filesystem::path& log,
                      const Inheritance& inheritance = {});
    ~BackgroundProcess();
    BackgroundProcess(const BackgroundProcess&) = delete;
    BackgroundProcess& operator=(const BackgroundProcess&) = delete;

    pid_t pid() const { return pid_; }
    void send(int signal) const;
    // The exit status, 128 + signal if one ended it; nullopt if it still runs at the time limit.
    std::optional<int> wait(std::chrono::milliseconds time_limit);

private:
    pid_t pid_;
    std::optional<int> exit_status_;
};

bool is_running(pid_t pid);
std::vector<pid_t> children_of(pid_t pid);
std::string read_file(const std::filesystem::path& path);

}  // namespace hourglass::test
