// One thread of another process that stands still, while the others go on: signals stop whole processes, a
// tracer (ptrace(2)) one thread. To be made and ended on the same thread of ours.
#pragma once

#include <string>
#include <sys/types.h>

namespace hourglass::test {

class StoppedThread {
public:
    // Throws std::runtime_error if the process has no thread of that name, or may not be traced.
    StoppedThread(pid_t process, const std::string& name);
    // Lets it go on, if it still exists.
    ~StoppedThread();
    StoppedThread(const StoppedThread&) = delete;
    StoppedThread& operator=(const StoppedThread&) = delete;

private:
    pid_t thread_;
};

}  // namespace hourglass::test
