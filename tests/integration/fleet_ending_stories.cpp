// Two devices on one balance, at NASes that obey, do not, or cannot be reached, in real time over real UDP:
// the balance ends for both together, whatever its NASes make of it, and what they overrun is recorded.
#include "tests/integration/fleet.hpp"

#include <boost/test/unit_test.hpp>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <set>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

using namespace hourglass::test;

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds poll_interval{1};
constexpr std::chrono::seconds outcome_time_limit{60};

// Two NASes of their own, and how they take a Disconnect-Request.
struct Group {
    std::string name;  // begins the name of its one user
    std::string network;
    std::string reaction;
    int balance;
    std::string outcome;  // that the API shows in the end
    bool is_listening = true;
};

const std::vector<Group> groups{
    {"obedient", "127.77.81.0/24", "honour", 60, "confirmed"},
    {"deceptive", "127.77.82.0/24", "ack_only", 8, "acknowledged"},
    {"refusing", "127.77.83.0/24", "nak", 8, "refused"},
    {"silent", "127.77.84.0/24", "ignore", 8, "unreachable"},
    {"unreachable", "127.77.85.0/24", "honour", 8, "unreachable", false},
};

// Nobody listens there at any address of a group, as far as the kernel can tell.
std::string free_port() {
    const int one = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    sockaddr_in name{};
    name.sin_family = AF_INET;
    socklen_t length = sizeof name;
    auto* const any = reinterpret_cast<sockaddr*>(&name);
    const bool is_bound = bind(one, any, length) == 0 && getsockname(one, any, &length) == 0;
    close(one);
    if (!is_bound) throw std::runtime_error("no UDP port is free");
    return std::to_string(ntohs(name.sin_port));
}

std::string clients(const std::string& coa_port) {
    std::string settings;
    for (const auto& group : groups) {
        settings += "[[radius.client]]\nname = \"" + group.name + "\"\naddress = \"" + group.network +
                    "\"\nsecret = \"" + nas_secret + "\"\ncoa_port = " + coa_port + "\n";
    }
    return settings;
}

struct Stay {
    std::string session;
    std::string outcome;  // empty: no end was asked for
    std::int64_t seconds{};
    std::int64_t charged{};
    std::int64_t uncovered{};
    bool is_over{};
};

// What became of the group's two devices.
class Watch {
public:
    Watch(const Administrator& administrator, const Group& group)
        : administrator_(administrator), group_(group) {}

    void find_user() {
        const auto page = administrator_.ask("GET", "/user_token/?search=" + group_.name).body;
        BOOST_TEST_REQUIRE(page.at("count") == 1, group_.name);
        user_ = page.at("results")[0].at("id").get<std::int64_t>();
    }
    std::vector<Stay> stays() const {
        const auto page = administrator_.ask("GET", "/aaa_accounting/?user=" + std::to_string(user_)).body;
        std::vector<Stay> stays;
        for (const auto& each : page.at("results")) {
            const auto& disconnect = each.at("disconnect");
            stays.push_back({each.at("session_id"),
                             disconnect.is_null() ? "" : disconnect.at("outcome").get<std::string>(),
                             each.at("session_duration").get<std::int64_t>(),
                             each.at("charged").get<std::int64_t>(), each.at("uncovered").get<std::int64_t>(),
                             each.at("session_status") == "completed"});
        }
        return stays;
    }
    // Whether both had the outcome by now: what fails is tried again, so it does not stay.
    bool has_seen_outcome() {
        for (const auto& stay : stays())
            if (stay.outcome == group_.outcome) seen_.insert(stay.session);
        return seen_.size() == 2;
    }
    std::int64_t time_left() const { return administrator_.time_left(user_); }
    Json ledger() const {
        return administrator_.ask("GET", "/user_token/" + std::to_string(user_) + "/ledger/").body;
    }
    const Group& group() const { return group_; }

private:
    const Administrator& administrator_;
    const Group& group_;
    std::int64_t user_{};
    std::set<std::string> seen_;  // sessions
};

std::size_t count_seen(std::vector<Watch>& watches) {
    return static_cast<std::size_t>(std::ranges::count_if(watches, &Watch::has_seen_outcome));
}

void expect_end_in_time(const Watch& watch) {
    for (const auto& stay : watch.stays()) {
        BOOST_TEST(stay.is_over);
        BOOST_TEST(stay.seconds >= watch.group().balance / 2 - 1);
        BOOST_TEST(stay.seconds <= watch.group().balance / 2 + 1);
    }
}

void expect_recorded_overrun(const Watch& watch) {
    for (const auto& stay : watch.stays()) {
        BOOST_TEST(!stay.is_over);
        BOOST_TEST(stay.uncovered > 0);
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(fleet_ending)

BOOST_AUTO_TEST_CASE(two_devices_on_one_balance_end_together_and_an_overrun_is_recorded) {
    const auto coa_port = free_port();
    const auto elsewhere = free_port();
    const Daemon daemon({.more = clients(coa_port)});
    const Administrator administrator(daemon);
    std::vector<std::unique_ptr<Fleet>> fleets;
    std::vector<Watch> watches;
    for (const auto& group : groups) {
        fleets.push_back(std::make_unique<Fleet>(
            daemon,
            Arguments{
                "--users",         "1",           "--devices",        "2",
                "--nases",         "2",           "--network",        group.network,
                "--prefix",        group.name,    "--balance",        std::to_string(group.balance) + "s",
                "--for",           "75s",         "--stay",           "600s",
                "--pause",         "600s",        "--interim",        "1",
                "--loss",          "0",           "--ignore-timeout", "100",
                "--on-disconnect", group.reaction},
            group.is_listening ? coa_port : elsewhere));
        watches.emplace_back(administrator, group);
    }
    std::this_thread::sleep_for(std::chrono::seconds(5));
    for (auto& watch : watches)
        watch.find_user();

    const auto deadline = Clock::now() + outcome_time_limit;
    while (count_seen(watches) < watches.size() && Clock::now() < deadline)
        std::this_thread::sleep_for(poll_interval);
    for (auto& watch : watches) {
        BOOST_TEST_CONTEXT(watch.group().name) {
            BOOST_TEST(watch.has_seen_outcome());
            BOOST_TEST(watch.time_left() == 0);
            const auto ledger = watch.ledger();
            BOOST_TEST(ledger.at("consumed") == watch.group().balance);
            BOOST_TEST(ledger.at("results").size() == 3U);  // the balance, and each session
            if (watch.group().outcome == "confirmed")
                expect_end_in_time(watch);
            else
                expect_recorded_overrun(watch);
        }
    }
    for (auto& fleet : fleets)
        expect_conserved(*fleet);
}

BOOST_AUTO_TEST_SUITE_END()
