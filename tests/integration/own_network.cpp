#include "tests/integration/own_network.hpp"

#include "tests/integration/process.hpp"

#include <cerrno>
#include <fcntl.h>
#include <fstream>
#include <sched.h>
#include <system_error>
#include <unistd.h>

namespace hourglass::test {
namespace {

constexpr auto four_digits = "9000 9900";

std::system_error failed(const char* what) {
    return {errno, std::system_category(), what};
}

}  // namespace

OwnNetwork::OwnNetwork() : outside_(open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC)) {
    if (outside_ < 0) throw failed("open /proc/thread-self/ns/net");
    if (unshare(CLONE_NEWNET) != 0) {
        const auto failure = failed("unshare");
        close(outside_);
        throw failure;
    }
    std::ofstream("/proc/sys/net/ipv4/ip_local_port_range") << four_digits;
    run({"ip", "link", "set", "lo", "up"});
}

OwnNetwork::~OwnNetwork() {
    setns(outside_, CLONE_NEWNET);
    close(outside_);
}

}  // namespace hourglass::test
