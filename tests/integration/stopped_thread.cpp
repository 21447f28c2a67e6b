#include "tests/integration/stopped_thread.hpp"

#include "tests/integration/process.hpp"

#include <filesystem>
#include <stdexcept>
#include <sys/ptrace.h>
#include <sys/wait.h>

namespace hourglass::test {

namespace {

pid_t find_thread(pid_t process, const std::string& name) {
    for (const auto& entry :
         std::filesystem::directory_iterator("/proc/" + std::to_string(process) + "/task")) {
        if (read_file(entry.path() / "comm") == name + "\n") return std::stoi(entry.path().filename());
    }
    throw std::runtime_error("there is no thread " + name);
}

}  // namespace

StoppedThread::StoppedThread(pid_t process, const std::string& name) : thread_(find_thread(process, name)) {
    const bool is_stopped = ptrace(PTRACE_SEIZE, thread_, nullptr, nullptr) == 0 &&
                            ptrace(PTRACE_INTERRUPT, thread_, nullptr, nullptr) == 0 &&
                            waitpid(thread_, nullptr, __WALL) == thread_;
    if (!is_stopped) throw std::system_error(errno, std::system_category(), "ptrace " + name);
}

StoppedThread::~StoppedThread() {
    // One that was killed meanwhile is ours to bury: before that its process cannot end.
    if (ptrace(PTRACE_DETACH, thread_, nullptr, nullptr) != 0) waitpid(thread_, nullptr, __WALL);
}

}  // namespace hourglass::test
