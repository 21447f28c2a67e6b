// Redis goes away and comes back, and the real daemon with it.
#include "tests/integration/clients.hpp"

#include <boost/test/unit_test.hpp>

#include <functional>
#include <signal.h>
#include <sys/resource.h>
#include <thread>

using namespace hourglass::test;
using namespace std::chrono_literals;
using hourglass::nas::AcctStatus;

namespace {

constexpr std::chrono::milliseconds outage_time_limit{10'000};
constexpr auto with_journal = "[accounting]\njournal = true\n";

DaemonSettings settings(const std::string& more) {
    DaemonSettings settings;
    settings.more = more;
    return settings;
}

// A Redis that is nobody's child, so that it stays away for as long as the story wants.
class RedisElsewhere {
public:
    RedisElsewhere() { start(); }

    std::string address() const { return "unix://" + socket_; }
    void start() {
        process_.emplace(
            Arguments{"redis-server", "--port", "0", "--unixsocket", socket_, "--dir", directory_ / "",
                      "--appendonly", "yes", "--appendfsync", "always", "--save", ""},
            directory_ / "log");
    }
    void kill() {
        process_->send(SIGKILL);
        process_->wait(stop_time_limit);
        process_.reset();
    }

private:
    TemporaryDirectory directory_;
    std::string socket_ = directory_ / "redis.sock";
    std::optional<BackgroundProcess> process_;
};

// The daemon may make no file larger than this, as on a full disk.
void limit_files(const Daemon& daemon, rlim_t octets) {
    const rlimit limit{.rlim_cur = octets, .rlim_max = RLIM_INFINITY};
    BOOST_TEST_REQUIRE(prlimit(daemon.pid(), RLIMIT_FSIZE, &limit, nullptr) == 0);
}

bool is_acknowledged(Nas& nas, AcctStatus status, std::uint32_t seconds,
                     std::chrono::milliseconds time_limit) {
    return nas.ask(nas.report(status, "ann", "s1", seconds), time_limit).has_value();
}

std::int64_t pending(const Daemon& daemon) {
    const auto answer = run({"curl", "-s", daemon.api_url() + "/readyz"});
    return Json::parse(answer.output).at("journal_pending").get<std::int64_t>();
}

bool becomes(const std::function<bool()>& is_so) {
    const auto deadline = std::chrono::steady_clock::now() + outage_time_limit;
    while (!is_so()) {
        if (std::chrono::steady_clock::now() > deadline) return false;
        std::this_thread::sleep_for(20ms);
    }
    return true;
}

// The Session-Timeout of an Access-Accept; nullopt: another answer, or none.
std::optional<std::uint32_t> granted_seconds(Nas& nas, const std::string& user, const std::string& password,
                                             std::chrono::milliseconds time_limit) {
    constexpr std::uint8_t access_accept = 2;
    constexpr std::uint8_t session_timeout = 27;
    const auto answer = nas.ask(nas.login(user, password), time_limit);
    if (!answer || answer->front() != access_accept) return std::nullopt;
    for (std::size_t at = 20; at + 1 < answer->size(); at += (*answer)[at + 1]) {
        if ((*answer)[at] != session_timeout) continue;
        std::uint32_t seconds = 0;
        for (std::size_t i = at + 2; i < at + 6; ++i)
            seconds = seconds << 8 | answer->at(i);
        return seconds;
    }
    return std::nullopt;
}

std::int64_t add_ann(const Daemon& daemon) {
    return Administrator(daemon).add_user("ann", {
                                                     {"user_time", 3600}
    });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(outage)

BOOST_AUTO_TEST_CASE(without_a_journal_there_is_silence_and_then_each_second_once) {
    const Daemon daemon;
    const auto ann = add_ann(daemon);
    Nas nas(daemon.ports().acct, "127.0.0.1");
    BOOST_TEST(is_acknowledged(nas, AcctStatus::start, 0, answer_time_limit));
    kill(daemon.redis_pid(), SIGSTOP);
    BOOST_TEST(!is_acknowledged(nas, AcctStatus::interim_update, 300, 3000ms));
    kill(daemon.redis_pid(), SIGCONT);
    BOOST_TEST(is_acknowledged(nas, AcctStatus::stop, 600, outage_time_limit));
    BOOST_TEST(becomes([&] { return Administrator(daemon).settled_time(ann) == 3000; }));
}

BOOST_AUTO_TEST_CASE(with_a_journal_a_frozen_redis_costs_nobody_anything) {
    const Daemon daemon(settings(with_journal));
    const auto ann = add_ann(daemon);
    Nas nas(daemon.ports().acct, "127.0.0.1");
    BOOST_TEST(is_acknowledged(nas, AcctStatus::start, 0, answer_time_limit));
    kill(daemon.redis_pid(), SIGSTOP);
    BOOST_TEST(is_acknowledged(nas, AcctStatus::interim_update, 300, answer_time_limit));
    BOOST_TEST(is_acknowledged(nas, AcctStatus::stop, 600, answer_time_limit));
    BOOST_TEST(pending(daemon) == 2);
    kill(daemon.redis_pid(), SIGCONT);
    BOOST_TEST(becomes([&] { return pending(daemon) == 0; }));
    BOOST_TEST(becomes([&] { return Administrator(daemon).settled_time(ann) == 3000; }));
}

BOOST_AUTO_TEST_CASE(a_journal_outlives_daemon_and_redis_killed_together) {
    Daemon daemon(settings(with_journal));
    const auto ann = add_ann(daemon);
    Nas nas(daemon.ports().acct, "127.0.0.1");
    for (std::uint32_t round = 1; round <= 3; ++round) {
        const auto redis = daemon.redis_pid();
        kill(redis, SIGSTOP);
        BOOST_TEST(is_acknowledged(nas, AcctStatus::stop, 100 * round, answer_time_limit));
        daemon.kill();
        kill(redis, SIGKILL);
        BOOST_TEST(ends_within(redis, stop_time_limit));
        daemon.start();
        BOOST_TEST(becomes([&] { return pending(daemon) == 0; }));
        BOOST_TEST(Administrator(daemon).settled_time(ann) == 3600 - 100 * round);
    }
}

BOOST_AUTO_TEST_CASE(a_full_disk_is_silence_until_there_is_room) {
    const Daemon daemon(settings(with_journal));
    const auto ann = add_ann(daemon);
    Nas nas(daemon.ports().acct, "127.0.0.1");
    kill(daemon.redis_pid(), SIGSTOP);
    BOOST_TEST(is_acknowledged(nas, AcctStatus::stop, 1, answer_time_limit));
    limit_files(daemon, 64);
    BOOST_TEST(!is_acknowledged(nas, AcctStatus::stop, 600, silence_time));
    BOOST_TEST(pending(daemon) == 1);
    limit_files(daemon, RLIM_INFINITY);
    BOOST_TEST(is_acknowledged(nas, AcctStatus::stop, 600, answer_time_limit));
    kill(daemon.redis_pid(), SIGCONT);
    BOOST_TEST(becomes([&] { return pending(daemon) == 0; }));
    BOOST_TEST(Administrator(daemon).settled_time(ann) == 3000);
}

BOOST_AUTO_TEST_CASE(a_daemon_that_starts_without_redis_takes_usage_all_the_same) {
    RedisElsewhere redis;
    Daemon daemon(settings(with_journal + ("[store]\nredis = \"" + redis.address() + "\"\n")));
    const auto ann = add_ann(daemon);
    Nas nas(daemon.ports().acct, "127.0.0.1");
    redis.kill();
    BOOST_TEST(is_acknowledged(nas, AcctStatus::interim_update, 300, answer_time_limit));
    daemon.kill();
    daemon.launch();
    BOOST_TEST(is_acknowledged(nas, AcctStatus::stop, 600, answer_time_limit));
    redis.start();
    daemon.wait_until_ready();
    BOOST_TEST(becomes([&] { return pending(daemon) == 0; }));
    BOOST_TEST(Administrator(daemon).settled_time(ann) == 3000);
    BOOST_TEST(daemon.stop().value_or(-1) == 0);
}

BOOST_AUTO_TEST_CASE(grace_lets_known_users_in_for_their_budget_and_nobody_else) {
    DaemonSettings settings;
    settings.radius = "grace = \"known_users\"\ngrace_session_s = 60\ngrace_budget_s = 100\n";
    const Daemon daemon(settings);
    add_ann(daemon);
    Administrator(daemon).add_user("bob", {
                                              {"user_time", 3600}
    });
    Nas nas(daemon.ports().auth, "127.0.0.1");
    BOOST_TEST(granted_seconds(nas, "ann", "hello", answer_time_limit).value_or(0) == 3600U);
    kill(daemon.redis_pid(), SIGSTOP);
    // Nobody can change ann in a Redis that is frozen: until that is noticed she is let in as she is
    // remembered.
    BOOST_TEST(becomes([&] { return metric(daemon, "hourglass_user_memory_users") == 0; }));
    BOOST_TEST(granted_seconds(nas, "ann", "hello", answer_time_limit).value_or(0) == 60U);
    BOOST_TEST(!granted_seconds(nas, "ann", "wrong", silence_time));
    BOOST_TEST(!granted_seconds(nas, "bob", "hello", silence_time));
    BOOST_TEST(granted_seconds(nas, "ann", "hello", answer_time_limit).value_or(0) == 40U);
    BOOST_TEST(!granted_seconds(nas, "ann", "hello", silence_time));
    kill(daemon.redis_pid(), SIGCONT);
    BOOST_TEST(granted_seconds(nas, "ann", "hello", outage_time_limit).value_or(0) == 3600U);
    BOOST_TEST(daemon.log().find("hello") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
