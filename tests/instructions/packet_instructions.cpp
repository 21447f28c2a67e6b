// packet_instructions STEP TIMES: one step of serving a packet, again and again, for a program that counts
// instructions (tests/instruction_counts.py). The packets are those of a NAS of the benchmark.
#include "bench/requests.hpp"
#include "radius/authenticator.hpp"
#include "radius/packet_writer.hpp"

#include <cstdlib>
#include <iostream>
#include <map>

namespace {

using namespace hourglass;

constexpr std::string_view secret = "bench-secret";
constexpr std::uint32_t some_seconds = 3600;

class Steps {
public:
    Steps() {
        const bench::Stay stay{.user = 7, .serial = 1, .seconds = some_seconds, .klass = nas::Octets(32)};
        bench::Requests requests(std::string(secret), 1, 1);
        login_ = requests.login(1, bench::Method::pap, stay);
        report_ = requests.report(1, nas::AcctStatus::interim_update, stay);
    }

    bool decode() const { return radius::decode(login_).has_value(); }

    bool authenticate_login() {
        const auto packet = radius::decode(login_).value();
        const bool is_valid = radius::check_message_authenticator(packet, secret, digests_) ==
                              radius::MessageAuthenticator::valid;
        const auto hidden = packet.find(radius::attr::user_password);
        return is_valid && hidden &&
               radius::reveal_password(*hidden, packet.authenticator(), secret, digests_).has_value();
    }

    bool authenticate_report() {
        return radius::has_request_authenticator(radius::decode(report_).value(), secret, digests_);
    }

    bool encode() {
        const auto request = radius::decode(login_).value();
        radius::PacketWriter writer(radius::Code::access_accept, request.identifier());
        writer.add(radius::attr::session_timeout, some_seconds);
        writer.add(radius::attr::acct_interim_interval, some_seconds);
        writer.add(radius::attr::klass, klass_);
        return writer.sign(request.authenticator(), secret, digests_).has_value();
    }

private:
    radius::Digests digests_;
    std::vector<std::uint8_t> klass_ = std::vector<std::uint8_t>(32);
    nas::Octets login_;
    nas::Octets report_;
};

}  // namespace

int main(int argc, char** argv) {
    const std::map<std::string_view, bool (*)(Steps&)> steps{
        {"decode",              [](Steps& steps) { return steps.decode(); }             },
        {"authenticate_login",  [](Steps& steps) { return steps.authenticate_login(); } },
        {"authenticate_report", [](Steps& steps) { return steps.authenticate_report(); }},
        {"encode",              [](Steps& steps) { return steps.encode(); }             },
    };
    const auto step = argc == 3 ? steps.find(argv[1]) : steps.end();
    if (step == steps.end()) {
        std::cerr << "packet_instructions STEP TIMES\n";
        return EXIT_FAILURE;
    }
    Steps all;
    for (long left = std::atol(argv[2]); left > 0; --left) {
        if (!step->second(all)) return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}
