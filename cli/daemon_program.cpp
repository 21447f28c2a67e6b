#include "cli/daemon_program.hpp"

#include "cli/failure.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <spawn.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace hourglass::cli {

namespace {

constexpr const char* program_name = "hourglassd";

std::string find_program() {
    std::error_code failure;
    const auto directory = std::filesystem::read_symlink("/proc/self/exe", failure).parent_path();
    for (const auto& place : {directory / program_name, directory / "../sbin" / program_name}) {
        if (::access(place.c_str(), X_OK) == 0) return place;
    }
    return program_name;
}

[[noreturn]] void fail(int error) {
    throw Failure(ExitStatus::refused,
                  "hourglassd cannot be started: " + std::generic_category().message(error) + ".");
}

}  // namespace

DaemonProgram::DaemonProgram(const std::vector<std::string>& arguments) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) fail(errno);
    input_ = ends[1];
    std::signal(SIGPIPE, SIG_IGN);

    const auto program = find_program();
    std::vector<std::string> words{program};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> argv;
    for (auto& word : words)
        argv.push_back(word.data());
    argv.push_back(nullptr);

    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, ends[0], STDIN_FILENO);
    const int error = ::posix_spawnp(&process_, program.c_str(), &actions, nullptr, argv.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(ends[0]);
    if (error != 0) {
        ::close(input_);
        fail(error);
    }
}

DaemonProgram::~DaemonProgram() {
    if (process_ <= 0) return;
    ::kill(process_, SIGTERM);
    wait();
}

void DaemonProgram::write(std::string_view octets) {
    while (!octets.empty()) {
        const auto written = ::write(input_, octets.data(), octets.size());
        if (written < 0 && errno != EINTR) return;
        if (written > 0) octets.remove_prefix(static_cast<std::size_t>(written));
    }
}

int DaemonProgram::wait() {
    ::close(std::exchange(input_, -1));
    int status = 0;
    while (::waitpid(process_, &status, 0) < 0 && errno == EINTR) {
    }
    process_ = -1;
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace hourglass::cli
