// Many requests to many NASes over a path that loses, repeats, delays and reorders, from a seed: each ends in
// one outcome that the NAS agrees with, no Identifier is used again while it rests, and nothing stays behind.
#include "radius/dynamic_authorization_exchanges.hpp"
#include "tests/support/fake_nas.hpp"

#include <boost/test/unit_test.hpp>

#include <map>
#include <set>

namespace hourglass::radius::dynamic_authorization {
namespace {

using namespace std::chrono_literals;
using boost::asio::ip::udp;
using Clock = std::chrono::steady_clock;

constexpr std::string_view secret = "testing123";
constexpr int requests = 1500;
constexpr unsigned nases = 6;
constexpr unsigned silent_nas = 0;

struct Path {
    int lost_percent;
    int repeated_percent;
    std::chrono::milliseconds delay_max;
};

class Simulation {
public:
    Simulation(std::uint32_t seed, Path path) : random_(seed), path_(path), exchanges_(seed, limits) {}

    void run() {
        for (int i = 0; i < requests; ++i) {
            const auto nas = static_cast<unsigned>(up_to(nases - 1));
            auto request =
                test::request_for("s" + std::to_string(i), up_to(1) == 0 ? Kind::coa : Kind::disconnect);
            request.disconnect_if_unsupported = up_to(1) == 0;
            const auto ticket =
                exchanges_.begin(std::move(request), {endpoint(nas), std::string(secret)}, now().time);
            BOOST_REQUIRE(nas_of_.emplace(ticket, nas).second);
            proceed();
            if (up_to(9) == 0) let_pass(std::chrono::milliseconds(up_to(200)));
        }
        let_pass(400s);
        BOOST_TEST(outcomes_.size() == static_cast<std::size_t>(requests));
        BOOST_TEST(exchanges_.requests() == 0U);
        BOOST_TEST(exchanges_.nases() == 0U);
        BOOST_TEST(!exchanges_.next_wake_up());
        BOOST_TEST(acknowledged_ > 0);
    }

private:
    static constexpr Limits limits{
        .in_flight_per_nas_min = 100, .in_flight_per_nas_max = 200, .source_ports = 3, .send_interval = 0ms};

    struct Delivery {
        bool is_answer{};
        udp::endpoint nas;
        std::size_t source{};
        test::Octets octets;
    };
    struct Use {
        test::Octets octets;
        Clock::time_point ended_at = Clock::time_point::max();
    };

    static udp::endpoint endpoint(unsigned nas) {
        return {boost::asio::ip::address_v4(0xc0000200U + nas), 3799};
    }

    int up_to(int limit) { return std::uniform_int_distribution(0, limit)(random_); }
    bool happens(int percent) { return up_to(99) < percent; }
    Moment now() const {
        return {time_, std::chrono::sys_seconds(1'795'331'600s +
                                                floor<std::chrono::seconds>(time_.time_since_epoch()))};
    }

    void carry(const Delivery& delivery) {
        for (int copies = happens(path_.repeated_percent) ? 2 : 1; copies > 0; --copies) {
            if (happens(path_.lost_percent)) continue;
            const std::chrono::milliseconds delay(up_to(static_cast<int>(path_.delay_max.count())));
            deliveries_.emplace(time_ + delay, delivery);
        }
    }

    void let_pass(Clock::duration duration) {
        const auto end = time_ + duration;
        for (;;) {
            auto next = exchanges_.next_wake_up().value_or(Clock::time_point::max());
            if (!deliveries_.empty()) next = std::min(next, deliveries_.begin()->first);
            if (next > end) break;
            time_ = std::max(time_, next);
            while (!deliveries_.empty() && deliveries_.begin()->first <= time_) {
                const auto delivery = std::move(deliveries_.begin()->second);
                deliveries_.erase(deliveries_.begin());
                deliver(delivery);
            }
            proceed();
        }
        time_ = end;
    }

    void deliver(const Delivery& delivery) {
        if (delivery.is_answer) {
            static_cast<void>(exchanges_.receive(delivery.octets, delivery.nas, delivery.source, time_));
            return;
        }
        if (delivery.nas == endpoint(silent_nas)) return;
        // The same packet, the same answer, as a NAS that knows repeats would give.
        const auto& octets = delivery.octets;
        const std::array<std::optional<test::Reaction>, 6> reactions{
            test::ack, test::nak(401), test::nak(405), test::nak(503), test::nak(std::nullopt), std::nullopt};
        const auto& reaction = reactions[octets[19] % reactions.size()];
        if (!reaction) return;
        if (reaction->answer == test::Reaction::Answer::ack) acknowledged_by_nas_.insert(session_of(octets));
        carry({true, delivery.nas, delivery.source, test::answer_to(octets, *reaction, secret)});
    }

    static std::string session_of(Bytes octets) {
        return std::string(decode(octets).value().find(attr::acct_session_id).value());
    }

    void proceed() {
        exchanges_.advance(now());
        for (auto& transmission : exchanges_.take_transmissions()) {
            note_identifier(transmission);
            carry({false, transmission.nas, transmission.source, transmission.bytes});
        }
        for (const auto& [ticket, outcome] : exchanges_.take_finished()) {
            BOOST_TEST(outcomes_.insert(ticket).second, "one outcome a request");
            const bool is_silent = nas_of_.at(ticket) == silent_nas;
            const bool was_answered = outcome.result == Outcome::Result::acknowledged ||
                                      outcome.result == Outcome::Result::refused ||
                                      outcome.result == Outcome::Result::session_gone;
            BOOST_TEST(!(is_silent && was_answered));
            if (outcome.result != Outcome::Result::acknowledged) continue;
            ++acknowledged_;
            BOOST_TEST(acknowledged_by_nas_.contains("s" + std::to_string(ticket - 1)));
        }
    }

    // From one source port an Identifier goes to another packet only when the last transmission of the one
    // before has rested.
    void note_identifier(const Exchanges::Transmission& transmission) {
        auto& use = uses_[{transmission.nas, transmission.source, transmission.bytes[1]}];
        if (transmission.is_repeat) {
            BOOST_TEST((use.octets == transmission.bytes));
        } else if (!use.octets.empty()) {
            BOOST_TEST((use.octets != transmission.bytes));
            BOOST_TEST((time_ - use.ended_at >= limits.identifier_rest));
        }
        use = {transmission.bytes, time_};
    }

    std::minstd_rand random_;
    Path path_;
    Exchanges exchanges_;
    Clock::time_point time_{};
    std::multimap<Clock::time_point, Delivery> deliveries_;
    std::map<std::tuple<udp::endpoint, std::size_t, std::uint8_t>, Use> uses_;
    std::map<Exchanges::Ticket, unsigned> nas_of_;
    std::set<Exchanges::Ticket> outcomes_;
    std::set<std::string> acknowledged_by_nas_;
    int acknowledged_ = 0;
};

BOOST_AUTO_TEST_SUITE(radius_dynamic_authorization_simulation)

BOOST_AUTO_TEST_CASE(every_request_has_one_outcome_whatever_the_path_does) {
    const std::array paths{
        Path{0,  0,  1ms   },
        Path{20, 20, 500ms },
        Path{50, 50, 1900ms},
        Path{5,  90, 5s    },
    };
    for (std::uint32_t seed = 1; seed <= 4; ++seed)
        for (const auto& path : paths)
            BOOST_TEST_CONTEXT("seed " << seed << ", lost " << path.lost_percent) {
                Simulation(seed, path).run();
            }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace hourglass::radius::dynamic_authorization
