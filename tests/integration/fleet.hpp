// hourglass simulate as a child of a story: a fleet of NASes against the story's daemon, and what it found.
#pragma once

#include "tests/integration/clients.hpp"

namespace hourglass::test {

class Fleet {
public:
    static constexpr std::chrono::seconds run_time_limit{120};

    // Begins at once. Its NASes take Disconnect-Requests at `coa_port`; by default at a number that nobody
    // uses at their addresses, and that the daemon was not told.
    Fleet(const Daemon& daemon, const Arguments& more, std::string coa_port = {});

    const std::string& coa_port() const { return coa_port_; }
    // Its exit status.
    int wait() { return process_.wait(run_time_limit).value_or(-1); }
    bool is_running() { return !process_.wait(std::chrono::milliseconds(0)); }
    std::string output() const { return read_file(log()); }
    Json result() const;

private:
    std::filesystem::path log() const { return directory_ / "log"; }
    Arguments arguments(const Daemon& daemon, const Arguments& more) const;

    TemporaryDirectory directory_;
    std::string coa_port_;
    BackgroundProcess process_;
};

// Its run ends well, and sessions were charged in it.
void expect_conserved(Fleet& fleet);

}  // namespace hourglass::test
