// Datagrams that no NAS sends: random ones, and good ones changed. The daemon must live on and must answer
// none of them, unless the change left it authentic.
#include "tests/integration/clients.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <random>
#include <vector>

using namespace hourglass::test;
namespace nas = hourglass::nas;

namespace {

constexpr int datagrams = 100'000;
constexpr int burst = 64;  // then we wait until the daemon has seen them all
constexpr unsigned seed = 20'250'102;
constexpr std::size_t random_octets_max = 300;

using Random = std::mt19937;

std::size_t below(std::size_t limit, Random& random) {
    return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random);
}

std::uint8_t octet(Random& random) {
    return static_cast<std::uint8_t>(below(256, random));
}

nas::Octets noise(Random& random) {
    nas::Octets packet(below(random_octets_max, random));
    for (auto& value : packet)
        value = octet(random);
    return packet;
}

// One to four changes: a bit, an octet, a length, something cut off, put in or taken out.
nas::Octets mutated(nas::Octets packet, Random& random) {
    for (auto changes = below(4, random) + 1; changes > 0 && packet.size() > 4; --changes) {
        const auto at = below(packet.size(), random);
        const auto position = packet.begin() + static_cast<std::ptrdiff_t>(at);
        switch (below(7, random)) {
            case 0:
                packet[at] ^= static_cast<std::uint8_t>(1U << below(8, random));
                break;
            case 1:
                packet[at] = octet(random);
                break;
            case 2:
                packet[3] = octet(random);
                break;
            case 3:
                packet.resize(at);
                break;
            case 4:
                packet.insert(position, octet(random));
                break;
            case 5:
                packet.erase(position);
                break;
            default:
                packet[0] = static_cast<std::uint8_t>(below(16, random));
                break;
        }
    }
    return packet;
}

// A NAS that sends rubbish in between, and remembers what of it was authentic: only that may be answered.
class Attacker {
public:
    explicit Attacker(std::uint16_t port) : nas_(port, "127.0.0.1") {}

    Nas& base() { return nas_; }

    void send(const nas::Octets& packet) {
        nas_.send(packet);
        if (nas::is_authentic(packet, nas_.secret()))
            authentic_[nas::identifier_of(packet)].push_back(packet);
    }

    // Status-Server is received after all that was sent before it. False if the daemon is gone.
    bool settle() {
        auto request = nas_.status_server();
        send(request);
        while (const auto answer = nas_.receive(answer_time_limit)) {
            if (!is_warranted(*answer)) ++unwarranted_;
            if (nas::answers(*answer, request, nas_.secret())) return true;
        }
        return false;
    }

    int unwarranted() const { return unwarranted_; }

private:
    bool is_warranted(const nas::Octets& answer) const {
        if (answer.size() < nas::header_octets) return false;
        return std::ranges::any_of(authentic_[nas::identifier_of(answer)], [&](const auto& request) {
            return nas::answers(answer, request, nas_.secret());
        });
    }

    Nas nas_;
    std::array<std::vector<nas::Octets>, 256> authentic_;  // by identifier
    int unwarranted_{};
};

template <class MakeBase>
void attack(std::uint16_t port, MakeBase make_base) {
    BOOST_TEST_MESSAGE("seed " << seed);
    Random random(seed);
    Attacker attacker(port);
    for (int sent = 0; sent < datagrams; ++sent) {
        attacker.send(below(4, random) == 0 ? noise(random)
                                            : mutated(make_base(attacker.base(), sent), random));
        if (sent % burst == 0) BOOST_TEST_REQUIRE(attacker.settle(), "after datagram " << sent);
    }
    BOOST_TEST(attacker.settle());
    BOOST_TEST(attacker.unwarranted() == 0);
}

DaemonSettings strict() {
    return {.client_flags = "require_message_authenticator = true"};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(hostile)

BOOST_AUTO_TEST_CASE(the_authentication_port_survives_and_keeps_silent) {
    const Daemon daemon(strict());
    Administrator(daemon).add_user("ann", {
                                              {"user_time", 60}
    });
    attack(daemon.ports().auth, [](Nas& base, int n) {
        return n % 3 == 0 ? base.status_server() : base.login("ann", n % 2 == 0 ? "hello" : "wrong");
    });
    BOOST_TEST(
        radclient(daemon, "auth", "User-Name=ann,User-Password=hello,Message-Authenticator=0x00").packet ==
        "Access-Accept");
}

BOOST_AUTO_TEST_CASE(the_accounting_port_survives_keeps_silent_and_charges_nothing) {
    const Daemon daemon(strict());
    const Administrator administrator(daemon);
    const auto ann = administrator.add_user("ann", {
                                                       {"user_time", 3600}
    });
    attack(daemon.ports().acct, [](Nas& base, int n) {
        return n % 3 == 0 ? base.status_server()
                          : base.report(nas::AcctStatus::interim_update, "ann", "s1", 1);
    });
    // The few that the changes left authentic say one second, and of one session.
    const auto ledger = administrator.ask("GET", "/user_token/" + std::to_string(ann) + "/ledger/").body;
    BOOST_TEST(ledger.at("consumed") <= 1);
}

BOOST_AUTO_TEST_SUITE_END()
