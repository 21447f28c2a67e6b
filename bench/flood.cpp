// Sends Access-Requests to a daemon on this machine at an even rate from an address that it does not know,
// and reads no answers. Prints, as JSON, how many it sent.
#include "bench/program.hpp"
#include "bench/radius_socket.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <chrono>
#include <ctime>
#include <deque>
#include <iostream>
#include <span>
#include <sys/prctl.h>
#include <sys/socket.h>

namespace {

using namespace hourglass;
using namespace hourglass::bench;
using Clock = std::chrono::steady_clock;

constexpr std::size_t burst_max = 64;
constexpr std::chrono::microseconds pause{500};

struct Options {
    std::uint16_t port = 1812;
    std::string source = "127.0.0.66";
    double rate = 50'000;
    double seconds = 5;
    std::size_t sockets = 8;
};

nas::Octets some_login(std::uint8_t identifier) {
    const nas::Secret secret("not ours");
    return nas::Request(nas::Code::access_request, identifier, {})
        .add(nas::Attribute::user_name, std::string_view("bench0000000"))
        .add_password("bench0000000", secret)
        .sign(secret);
}

// What the kernel does not take is not sent.
std::uint64_t send_burst(int socket, std::span<nas::Octets> packets) {
    std::array<mmsghdr, burst_max> messages{};
    std::array<iovec, burst_max> parts{};
    for (std::size_t i = 0; i < packets.size(); ++i) {
        parts[i] = {.iov_base = packets[i].data(), .iov_len = packets[i].size()};
        messages[i].msg_hdr.msg_iov = &parts[i];
        messages[i].msg_hdr.msg_iovlen = 1;
    }
    const int sent = sendmmsg(socket, messages.data(), static_cast<unsigned>(packets.size()), MSG_DONTWAIT);
    return static_cast<std::uint64_t>(std::max(sent, 0));
}

int run(const Options& options) {
    prctl(PR_SET_TIMERSLACK, 1UL);
    std::vector<nas::Octets> packets;
    for (std::size_t i = 0; i < burst_max; ++i)
        packets.push_back(some_login(static_cast<std::uint8_t>(i)));
    std::deque<RadiusSocket> sockets;
    for (std::size_t i = 0; i < options.sockets; ++i)
        sockets.emplace_back(options.port, options.source);

    const auto begun = Clock::now();
    const auto elapsed = [begun] { return std::chrono::duration<double>(Clock::now() - begun).count(); };
    std::uint64_t due = 0;
    std::uint64_t sent = 0;
    for (std::size_t turn = 0; elapsed() < options.seconds; ++turn) {
        const auto now_due = static_cast<std::uint64_t>(elapsed() * options.rate);
        const auto count = std::min<std::uint64_t>(now_due - due, burst_max);
        due += count;
        sent += send_burst(sockets[turn % sockets.size()].handle(), std::span(packets).first(count));
        if (count == burst_max) continue;
        const timespec rest{.tv_sec = 0, .tv_nsec = std::chrono::nanoseconds(pause).count()};
        nanosleep(&rest, nullptr);
    }
    std::cout << nlohmann::json{{"sent", sent}, {"per_second", static_cast<double>(sent) / elapsed()}}.dump(2)
              << '\n';
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App line{"Floods a daemon on this machine from an address that it does not know."};
    Options options;
    line.add_option("--port", options.port, "UDP port on 127.0.0.1");
    line.add_option("--source", options.source, "Address to send from");
    line.add_option("--rate", options.rate, "Datagrams a second")->check(CLI::PositiveNumber);
    line.add_option("--seconds", options.seconds, "How long")->check(CLI::PositiveNumber);
    line.add_option("--sockets", options.sockets, "Source ports")->check(CLI::Range(1, 256));
    return hourglass::bench::run_program("flood", line, argc, argv, [&] { return run(options); });
}
