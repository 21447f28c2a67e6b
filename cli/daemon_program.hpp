// hourglassd, run as a child that reads from us; what it says goes where we say things.
#pragma once

#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace hourglass::cli {

class DaemonProgram {
public:
    // The one beside this program, or in ../sbin, or in PATH. Throws Failure.
    explicit DaemonProgram(const std::vector<std::string>& arguments);
    // Ends it, if nobody waited for it: it has not been given all.
    ~DaemonProgram();
    DaemonProgram(const DaemonProgram&) = delete;
    DaemonProgram& operator=(const DaemonProgram&) = delete;

    // Nothing happens if it has ended: wait() tells.
    void write(std::string_view octets);
    // That was all. Its exit status, 128 and more if a signal ended it.
    int wait();

private:
    pid_t process_ = -1;
    int input_ = -1;
};

}  // namespace hourglass::cli
