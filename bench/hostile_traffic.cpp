// Sends a running daemon what no NAS sends, by the hundred thousand, and a good request after each few:
// prints, as JSON, whether it kept silent to all that was not authentic, how long the good ones waited, and
// what became of its memory.
#include "bench/mutator.hpp"
#include "bench/program.hpp"
#include "bench/radius_socket.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <deque>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <unistd.h>

namespace {

using namespace hourglass;
using namespace hourglass::bench;
using Clock = std::chrono::steady_clock;

constexpr int burst = 64;                         // then a good request
constexpr std::size_t remembered_requests = 256;  // of one identifier
constexpr int send_attempts = 10;
constexpr std::chrono::seconds answer_time_limit{1};  // of one attempt
constexpr int warm_up_share = 5;                      // after a fifth memory must not grow any more

struct Options {
    std::uint16_t auth = 1812;
    std::uint16_t acct = 1813;
    std::string secret = "testing123";
    std::string user;
    std::string password;
    std::vector<std::string> packets;  // files, or folders of files
    std::uint64_t count = 1'000'000;
    std::uint64_t seed = 1;
    bool never_sign = false;
    int pid = 0;  // of the daemon
    double answer_limit_ms = 50;
    double growth_limit_mib = 16;
};

// A port of the daemon, and what was sent there that may be answered.
class Target {
public:
    Target(std::uint16_t port, const nas::Secret& secret) : socket_(port), secret_(secret) {}

    void send(nas::View packet) {
        socket_.send(packet);
        if (!nas::is_authentic(packet, secret_)) return;
        auto& requests = authentic_[nas::identifier_of(packet)];
        requests.emplace_back(packet.begin(), packet.end());
        if (requests.size() > remembered_requests) requests.pop_front();
        ++authentic_sent_;
    }

    // False if no answer came to any of the attempts.
    bool ask(const nas::Octets& request) {
        for (int attempt = 0; attempt < send_attempts; ++attempt) {
            send(request);
            const auto deadline = Clock::now() + answer_time_limit;
            while (const auto answer = socket_.receive(deadline - Clock::now())) {
                if (!is_warranted(*answer)) ++unwarranted_;
                if (nas::answers(*answer, request, secret_)) return true;
            }
        }
        return false;
    }

    std::uint64_t unwarranted() const { return unwarranted_; }
    std::uint64_t authentic_sent() const { return authentic_sent_; }

private:
    bool is_warranted(nas::View answer) const {
        if (answer.size() < nas::header_octets) return false;
        return std::ranges::any_of(authentic_[nas::identifier_of(answer)], [&](const auto& request) {
            return nas::answers(answer, request, secret_);
        });
    }

    RadiusSocket socket_;
    const nas::Secret& secret_;
    std::array<std::deque<nas::Octets>, 256> authentic_;  // by identifier
    std::uint64_t unwarranted_{};
    std::uint64_t authentic_sent_{};
};

// The second number of /proc/PID/statm is the resident pages (proc(5)).
double resident_mib(int pid) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/statm");
    double all_pages{};
    double resident_pages{};
    file >> all_pages >> resident_pages;
    return resident_pages * static_cast<double>(sysconf(_SC_PAGESIZE)) / (1 << 20);
}

// What a good NAS says of the user.
class GoodNas {
public:
    GoodNas(const Options& options, const nas::Secret& secret) : options_(options), secret_(secret) {}

    nas::Octets login() {
        return request(nas::Code::access_request)
            .add(nas::Attribute::user_name, options_.user)
            .add_password(options_.password, secret_)
            .sign(secret_);
    }
    nas::Octets chap_login() {
        return request(nas::Code::access_request)
            .add(nas::Attribute::user_name, options_.user)
            .add_chap_password(options_.password, secret_)
            .sign(secret_);
    }
    nas::Octets report(nas::AcctStatus status) {
        return nas::Request(nas::Code::accounting_request, identifier_++, {})
            .add(nas::Attribute::acct_status_type, static_cast<std::uint32_t>(status))
            .add(nas::Attribute::user_name, options_.user)
            .add(nas::Attribute::acct_session_id, std::string_view("hostile"))
            .add(nas::Attribute::acct_session_time, std::uint32_t{1})
            .sign(secret_);
    }
    nas::Octets status_server() { return request(nas::Code::status_server).sign(secret_); }

    std::vector<nas::Octets> all() {
        using enum nas::AcctStatus;
        return {login(),      chap_login(),          report(start),  report(interim_update),
                report(stop), report(accounting_on), status_server()};
    }

private:
    nas::Request request(nas::Code code) {
        nas::Authenticator authenticator;
        for (auto& octet : authenticator)
            octet = static_cast<std::uint8_t>(random_());
        return {code, identifier_++, authenticator};
    }

    const Options& options_;
    const nas::Secret& secret_;
    std::uint8_t identifier_{};
    std::mt19937 random_{1};
};

std::vector<nas::Octets> packets_to_start_from(const Options& options, GoodNas& nas) {
    auto packets = nas.all();
    const auto add = [&](const std::filesystem::path& file) {
        for (auto& packet : read_packets(file))
            packets.push_back(std::move(packet));
    };
    for (const std::filesystem::path path : options.packets) {
        if (!std::filesystem::is_directory(path)) {
            add(path);
            continue;
        }
        for (const auto& entry : std::filesystem::recursive_directory_iterator(path)) {
            if (entry.is_regular_file()) add(entry.path());
        }
    }
    return packets;
}

struct Outcome {
    std::vector<double> waits_ms;  // of good requests
    double resident_before_mib{};
    double resident_after_mib{};
    bool is_alive = true;
};

Outcome attack(const Options& options, const nas::Secret& secret, std::array<Target*, 2> targets) {
    GoodNas nas(options, secret);
    const auto signing = options.never_sign ? Mutator::Signing::never : Mutator::Signing::some;
    Mutator mutator(packets_to_start_from(options, nas), signing, options.seed);
    Outcome outcome;
    for (std::uint64_t sent = 1; sent <= options.count; ++sent) {
        auto& target = *targets[sent / burst % targets.size()];
        target.send(mutator.next(secret));
        if (sent == options.count / warm_up_share) outcome.resident_before_mib = resident_mib(options.pid);
        if (sent % burst != 0 && sent != options.count) continue;

        const auto good = &target == targets[0] ? nas.login() : nas.report(nas::AcctStatus::interim_update);
        const auto begun = Clock::now();
        outcome.is_alive = target.ask(good);
        if (!outcome.is_alive) break;
        outcome.waits_ms.push_back(std::chrono::duration<double, std::milli>(Clock::now() - begun).count());
    }
    outcome.resident_after_mib = resident_mib(options.pid);
    return outcome;
}

double percentile(const std::vector<double>& sorted, double share) {
    if (sorted.empty()) return 0;
    const auto rank = static_cast<std::size_t>(share * static_cast<double>(sorted.size()));
    return sorted[std::min(rank, sorted.size() - 1)];
}

int run(const Options& options) {
    const nas::Secret secret(options.secret);
    Target auth(options.auth, secret);
    Target acct(options.acct, secret);
    auto outcome = attack(options, secret, {&auth, &acct});
    std::ranges::sort(outcome.waits_ms);

    const auto late =
        std::ranges::count_if(outcome.waits_ms, [&](double wait) { return wait > options.answer_limit_ms; });
    const auto unwarranted = auth.unwarranted() + acct.unwarranted();
    const auto growth = outcome.resident_after_mib - outcome.resident_before_mib;
    const nlohmann::json report{
        {"datagrams", options.count},
        {"authentic", auth.authentic_sent() + acct.authentic_sent()},
        {"is_alive", outcome.is_alive},
        {"unwarranted_answers", unwarranted},
        {"good_requests", outcome.waits_ms.size()},
        {"late", late},
        {"wait_p50_ms", percentile(outcome.waits_ms, 0.5)},
        {"wait_p99_ms", percentile(outcome.waits_ms, 0.99)},
        {"wait_max_ms", percentile(outcome.waits_ms, 1)},
        {"resident_mib", outcome.resident_after_mib},
        {"resident_growth_mib", growth},
    };
    std::cout << report.dump(2) << '\n';
    const bool is_good =
        outcome.is_alive && unwarranted == 0 && late == 0 && growth <= options.growth_limit_mib;
    return is_good ? 0 : 2;
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App line{
        "Sends a daemon on this machine what no NAS sends. Exit status 2 if it answered what it must not, "
        "let a good request wait, grew, or died."};
    Options options;
    line.add_option("--auth", options.auth, "UDP port on 127.0.0.1");
    line.add_option("--acct", options.acct, "UDP port on 127.0.0.1");
    line.add_option("--secret", options.secret,
                    "Shared secret; the daemon must require Message-Authenticators");
    line.add_option("--user", options.user, "Who may log in")->required();
    line.add_option("--password", options.password, "His password")->required();
    line.add_option("--packets", options.packets,
                    "Files or folders with packets in hexadecimal to start from");
    line.add_option("--count", options.count, "Datagrams to send");
    line.add_option("--seed", options.seed, "Of what is random");
    line.add_flag("--never-sign", options.never_sign, "Sign none of the changed packets");
    line.add_option("--pid", options.pid, "The daemon, to watch its memory");
    line.add_option("--answer-limit-ms", options.answer_limit_ms, "A good request that waits longer is late");
    line.add_option("--growth-limit-mib", options.growth_limit_mib, "Of memory, after the first fifth");
    return hourglass::bench::run_program("hostile_traffic", line, argc, argv, [&] { return run(options); });
}
