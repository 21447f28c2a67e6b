// The embedded Redis: there when it is asked for, back when it dies, gone when we are gone.
#include "daemon/embedded_redis.hpp"

#include "tests/support/run.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>

#include <csignal>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace hourglass::daemon {

namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;
namespace fs = std::filesystem;

class Lines : public Log {
public:
    bool is_enabled(LogLevel) const override { return true; }
    void write(LogLevel, std::string_view message, std::initializer_list<LogField>) override {
        lines_.emplace_back(message);
    }
    bool has(std::string_view part) const {
        return std::ranges::any_of(lines_, [&](const auto& line) { return line.find(part) != line.npos; });
    }

private:
    std::vector<std::string> lines_;
};

struct Place {
    Place() {
        std::string name = (fs::temp_directory_path() / "hourglass-XXXXXX").string();
        path = mkdtemp(name.data());
    }
    ~Place() { fs::remove_all(path); }

    void run(awaitable<bool> story) { BOOST_TEST(test::run(loop, std::move(story))); }

    fs::path path;
    Lines log;
    asio::io_context loop{1};
};

awaitable<void> sleep(std::chrono::milliseconds duration) {
    asio::steady_timer timer(co_await asio::this_coro::executor, duration);
    co_await timer.async_wait(asio::use_awaitable);
}

// redis-server may be asked only through its own client here: this test knows nothing of the store.
std::string redis_cli(const fs::path& directory, const std::string& command) {
    const auto line = "redis-cli -s " + redis_socket(directory).string() + " " + command + " 2>&1";
    FILE* const pipe = popen(line.c_str(), "r");
    std::string output;
    for (int octet = fgetc(pipe); octet != EOF; octet = fgetc(pipe))
        output += static_cast<char>(octet);
    pclose(pipe);
    return output;
}

pid_t redis_pid(const fs::path& directory) {
    const auto info = redis_cli(directory, "INFO server");
    const auto at = info.find("process_id:");
    return at == std::string::npos ? 0 : std::stoi(info.substr(at + std::string_view("process_id:").size()));
}

awaitable<void> wait_until_answers(fs::path directory) {
    while (redis_cli(directory, "PING") != "PONG\n")
        co_await sleep(20ms);
}

// In a process of its own, as the daemon is: starts Redis, then is killed without warning.
[[noreturn]] void be_a_daemon_that_is_killed(const fs::path& directory) {
    Lines log;
    asio::io_context loop{1};
    EmbeddedRedis redis(loop, directory, log);
    asio::co_spawn(loop, redis.start(), [&](std::exception_ptr, bool) {
        redis_cli(directory, "SET balance 600");
        ::kill(::getpid(), SIGKILL);
    });
    loop.run();
    _exit(1);
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(embedded_redis, Place)

awaitable<bool> check_its_settings(Place& place) {
    EmbeddedRedis redis(place.loop, place.path / "redis", place.log);
    const bool has_started = co_await redis.start();
    BOOST_TEST(has_started);
    const auto directory = place.path / "redis";
    BOOST_TEST(redis_cli(directory, "CONFIG GET appendfsync") == "appendfsync\nalways\n");
    BOOST_TEST(redis_cli(directory, "CONFIG GET appendonly") == "appendonly\nyes\n");
    BOOST_TEST(redis_cli(directory, "CONFIG GET maxmemory-policy") == "maxmemory-policy\nnoeviction\n");
    BOOST_TEST(redis_cli(directory, "CONFIG GET port") == "port\n0\n");
    BOOST_TEST(redis_cli(directory, "CONFIG GET save") == "save\n\n");
    redis.stop();
    co_await redis.keep_running();
    co_return place.log.has("Redis: User requested shutdown");
}

BOOST_AUTO_TEST_CASE(it_starts_set_up_for_money_and_ends_cleanly) {
    run(check_its_settings(*this));
}

awaitable<bool> kill_it_and_look_again(Place& place) {
    const auto directory = place.path / "redis";
    EmbeddedRedis redis(place.loop, directory, place.log);
    const bool has_started = co_await redis.start();
    BOOST_TEST(has_started);
    bool has_ended = false;
    asio::co_spawn(place.loop, redis.keep_running(), [&](std::exception_ptr) { has_ended = true; });

    redis_cli(directory, "SET balance 600");
    const auto first = redis_pid(directory);
    ::kill(first, SIGKILL);
    co_await sleep(50ms);
    co_await wait_until_answers(directory);
    BOOST_TEST(redis_pid(directory) != first);
    BOOST_TEST(redis_cli(directory, "GET balance") == "600\n");
    BOOST_TEST(place.log.has("ended and is started again"));

    redis.stop();
    while (!has_ended)
        co_await sleep(10ms);
    co_return true;
}

BOOST_AUTO_TEST_CASE(when_it_is_killed_it_comes_back_with_every_confirmed_write) {
    run(kill_it_and_look_again(*this));
}

awaitable<bool> start_after_the_crash(Place& place) {
    const auto directory = place.path / "redis";
    EmbeddedRedis redis(place.loop, directory, place.log);
    const bool has_started = co_await redis.start();
    BOOST_TEST(has_started);
    BOOST_TEST(redis_cli(directory, "GET balance") == "600\n");
    redis.stop();
    co_await redis.keep_running();
    co_return true;
}

// The kernel tells the orphan to end, and its lock keeps us from starting a second one beside it.
BOOST_AUTO_TEST_CASE(the_redis_of_a_killed_daemon_ends_and_the_next_daemon_has_its_data) {
    const auto daemon = ::fork();
    if (daemon == 0) be_a_daemon_that_is_killed(path / "redis");
    ::waitpid(daemon, nullptr, 0);
    run(start_after_the_crash(*this));
}

awaitable<bool> start_in_vain(Place& place) {
    EmbeddedRedis redis(place.loop, place.path / "redis", place.log);
    co_return co_await redis.start();
}

BOOST_AUTO_TEST_CASE(a_redis_that_cannot_start_is_a_sentence_with_its_last_words) {
    fs::create_directories(path / "redis" / "appendonlydir");
    std::ofstream(path / "redis" / "appendonlydir" / "appendonly.aof.manifest") << "nonsense\n";
    BOOST_CHECK_EXCEPTION(run(start_in_vain(*this)), std::runtime_error, [](const auto& failure) {
        return std::string_view(failure.what()).find("before it answered") != std::string_view::npos;
    });
}

BOOST_AUTO_TEST_CASE(a_path_too_long_for_a_unix_socket_is_a_sentence) {
    const auto deep = path / std::string(120, 'x');
    BOOST_CHECK_EXCEPTION(EmbeddedRedis(loop, deep, log), std::runtime_error, [](const auto& failure) {
        return std::string_view(failure.what()).find("choose a shorter daemon.state_dir") !=
               std::string_view::npos;
    });
}

awaitable<bool> stop_while_it_starts(Place& place) {
    EmbeddedRedis redis(place.loop, place.path / "redis", place.log);
    asio::post(place.loop, [&] { redis.stop(); });
    const bool has_started = co_await redis.start();
    BOOST_TEST(!has_started);
    co_await redis.keep_running();
    co_return true;
}

BOOST_AUTO_TEST_CASE(it_can_be_stopped_while_it_starts) {
    run(stop_while_it_starts(*this));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace hourglass::daemon
