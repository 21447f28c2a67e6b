// Loads a RADIUS server on this machine and prints, as JSON, what it answered, how fast, and what CPU the
// watched processes took for it.
#include "bench/exchange.hpp"
#include "bench/program.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <fstream>
#include <iostream>
#include <limits>
#include <map>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace {

using namespace hourglass::bench;

struct Options {
    Mode mode = Mode::pap;
    std::uint16_t auth_port = 1812;
    std::uint16_t acct_port = 1813;
    std::string secret = "testing123";
    std::uint32_t users = 1000;
    std::uint32_t sessions = 256;
    std::size_t sockets = 8;
    std::size_t window = 128;
    double rate = 0;
    double lag_max_s = 0;
    std::uint64_t count = std::numeric_limits<std::uint64_t>::max();
    double warmup_s = 0.5;
    double duration_s = 3;
    double timeout_s = 1;
    unsigned retries = 3;
    std::uint64_t seed = 1;
    std::vector<std::string> watch;  // NAME=PID
};

Clock::duration seconds_of(double seconds) {
    return std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
}

// utime and stime of /proc/PID/stat (proc(5)), in seconds; 0 for a process that is gone.
double cpu_seconds_of(const std::string& pid) {
    std::ifstream file("/proc/" + pid + "/stat");
    std::string line;
    std::getline(file, line);
    const auto name_end = line.rfind(')');
    if (name_end == std::string::npos) return 0;
    std::istringstream fields(line.substr(name_end + 1));
    std::string skipped;
    for (int field = 3; field < 14; ++field)
        fields >> skipped;
    double user_ticks{};
    double system_ticks{};
    fields >> user_ticks >> system_ticks;
    return (user_ticks + system_ticks) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

// What all processors have been busy with since the machine began (proc(5)), in seconds.
double busy_seconds() {
    std::ifstream file("/proc/stat");
    std::string word;
    file >> word;
    std::array<double, 8> ticks{};  // user, nice, system, idle, iowait, irq, softirq, steal
    for (auto& count : ticks)
        file >> count;
    const auto busy = ticks[0] + ticks[1] + ticks[2] + ticks[5] + ticks[6] + ticks[7];
    return busy / static_cast<double>(sysconf(_SC_CLK_TCK));
}

// CPU of the watched processes, and of all others, between two moments.
class CpuWatch {
public:
    explicit CpuWatch(const std::vector<std::string>& watched) {
        pids_["load_generator"] = std::to_string(getpid());
        for (const auto& pair : watched) {
            const auto equals = pair.find('=');
            if (equals == std::string::npos) throw CLI::ValidationError("--watch", "say NAME=PID");
            pids_[pair.substr(0, equals)] = pair.substr(equals + 1);
        }
    }

    // Called at both edges of the measured time.
    void note() {
        for (const auto& [name, pid] : pids_)
            seconds_[name] = cpu_seconds_of(pid) - seconds_[name];
        busy_ = busy_seconds() - busy_;
    }

    nlohmann::json microseconds_a_request(std::uint64_t requests) const {
        auto json = nlohmann::json::object();
        for (const auto& [name, seconds] : seconds_) {
            json[name] = requests == 0 ? 0 : seconds * 1e6 / static_cast<double>(requests);
        }
        return json;
    }

    // Of processors, how many were busy with something else.
    double cores_of_others(double elapsed_s) const {
        auto rest = busy_;
        for (const auto& [name, seconds] : seconds_)
            rest -= seconds;
        return std::max(rest, 0.0) / elapsed_s;
    }

private:
    std::map<std::string, std::string> pids_;
    std::map<std::string, double> seconds_;
    double busy_ = 0;
};

std::uint32_t percentile(const std::vector<std::uint32_t>& sorted, double share) {
    if (sorted.empty()) return 0;
    const auto rank = static_cast<std::size_t>(share * static_cast<double>(sorted.size()));
    return sorted[std::min(rank, sorted.size() - 1)];
}

nlohmann::json report(Outcome outcome, const CpuWatch& cpu) {
    std::ranges::sort(outcome.latencies);
    const auto elapsed = std::chrono::duration<double>(outcome.elapsed).count();
    return {
        {"requests_per_second", static_cast<double>(outcome.answered) / elapsed},
        {"sent_per_second", static_cast<double>(outcome.sent) / elapsed},
        {"answered", outcome.answered},
        {"repeated", outcome.repeated},
        {"lost", outcome.lost},
        {"late", outcome.late},
        {"wrong", outcome.wrong},
        {"latency_p50_us", percentile(outcome.latencies, 0.50)},
        {"latency_p99_us", percentile(outcome.latencies, 0.99)},
        {"cpu_us_per_request", cpu.microseconds_a_request(outcome.answered)},
        {"others_cores", cpu.cores_of_others(elapsed)}
    };
}

void add_options(CLI::App& line, Options& options) {
    const std::map<std::string, Mode> modes{
        {"pap",     Mode::pap    },
        {"chap",    Mode::chap   },
        {"mschap",  Mode::ms_chap},
        {"start",   Mode::start  },
        {"interim", Mode::interim},
        {"session", Mode::session},
        {"echo",    Mode::echo   }
    };
    line.add_option("--mode", options.mode,
                    "Logins (pap, chap, mschap), start (one session of each user), interim, session, echo")
        ->transform(CLI::CheckedTransformer(modes));
    line.add_option("--auth-port", options.auth_port, "UDP port for logins, and of an echo, on 127.0.0.1");
    line.add_option("--acct-port", options.acct_port, "UDP port for accounting");
    line.add_option("--secret", options.secret, "Shared secret");
    line.add_option("--users", options.users, "Users bench0000000 and on; the password is the name")
        ->check(CLI::PositiveNumber);
    line.add_option("--sessions", options.sessions, "Mode session: so many at once")
        ->check(CLI::PositiveNumber);
    line.add_option("--sockets", options.sockets, "Source ports for each port of the server")
        ->check(CLI::Range(1, 2048));
    line.add_option("--window", options.window, "Closed loop: requests outstanding")
        ->check(CLI::PositiveNumber);
    line.add_option("--rate", options.rate, "Open loop: requests a second");
    line.add_option("--lag-max", options.lag_max_s,
                    "Open loop: seconds after which a request that was due is left out; 0: never");
    line.add_option("--count", options.count, "Ends after so many requests");
    line.add_option("--warmup", options.warmup_s, "Seconds before the measured time");
    line.add_option("--duration", options.duration_s, "Seconds of measured time")->check(CLI::PositiveNumber);
    line.add_option("--timeout", options.timeout_s, "Seconds until a repeat")->check(CLI::PositiveNumber);
    line.add_option("--retries", options.retries, "Repeats until a request is lost");
    line.add_option("--seed", options.seed, "Of what is random");
    line.add_option("--watch", options.watch, "NAME=PID: a process whose CPU time counts")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

void allow_many_sockets() {
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

int run(const Options& options) {
    prctl(PR_SET_TIMERSLACK, 1UL);
    allow_many_sockets();
    const auto workload = make_workload({.mode = options.mode,
                                         .secret = options.secret,
                                         .users = options.users,
                                         .sessions = options.sessions,
                                         .run_id = static_cast<std::uint32_t>(getpid()),
                                         .seed = options.seed});
    Exchange exchange(
        {
            .ports = {options.auth_port, options.acct_port},
            .sockets = options.sockets,
            .window = options.window,
            .rate = options.rate,
            .lag_max = seconds_of(options.lag_max_s),
            .requests_max = options.count,
            .warmup = seconds_of(options.warmup_s),
            .duration = seconds_of(options.duration_s),
            .timeout = seconds_of(options.timeout_s),
            .retries = options.retries
    },
        *workload);
    CpuWatch cpu(options.watch);
    const auto outcome = exchange.run([&cpu] { cpu.note(); });
    std::cout << report(outcome, cpu).dump(2) << '\n';
    return outcome.answered > 0 && outcome.lost == 0 && outcome.wrong == 0 ? 0 : 2;
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App line{"Loads a RADIUS server on this machine. Exit status 2 if anything was lost or wrong."};
    Options options;
    add_options(line, options);
    return hourglass::bench::run_program("load_generator", line, argc, argv, [&] { return run(options); });
}
