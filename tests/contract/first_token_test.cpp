// The first administrator's token: made once, and never lost to a crash.
#include "daemon/first_token.hpp"

#include "daemon/state_directory.hpp"
#include "tests/support/redis_server.hpp"
#include "tests/support/run.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace hourglass::daemon {

namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

class Quiet : public Log {
public:
    bool is_enabled(LogLevel) const override { return true; }
    void write(LogLevel, std::string_view message, std::initializer_list<LogField> fields) override {
        said.append(message);
        for (const auto& field : fields)
            said.append(field.value);
    }
    std::string said;
};

struct Start {
    Start() {
        std::string name = (fs::temp_directory_path() / "hourglass-XXXXXX").string();
        state = mkdtemp(name.data());
        store.redis.start();
    }
    ~Start() {
        store.redis.stop();
        loop.run();
        fs::remove_all(state);
    }

    awaitable<bool> leave() {
        co_await store.redis.wait_until_ready(10s);
        co_await leave_first_token(store, state, log);
        co_return true;
    }
    // What a start of the daemon leaves in admin.token.
    std::string token_after_start() {
        test::run(loop, leave());
        return read_file(state / "admin.token");
    }
    bool is_administrator(std::string token) {
        token.pop_back();  // the newline
        const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
        const auto found = test::run(loop, store.tokens.authenticate(token, now));
        return found && found->scopes.admin;
    }

    test::RedisServer server;
    boost::asio::io_context loop{1};
    Quiet log;
    store::SecretBox secrets{store::SecretBox::Key{}};
    store::Store store{loop, store::RedisAddress::parse(server.address()), secrets, log};
    fs::path state;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(first_token, Start)

BOOST_AUTO_TEST_CASE(an_empty_store_gets_one_and_it_works) {
    const auto token = token_after_start();
    BOOST_TEST(is_administrator(token));
    BOOST_TEST(static_cast<unsigned>(fs::status(state / "admin.token").permissions()) == 0600u);
    BOOST_TEST(!fs::exists(state / "admin.token.pending"));
    BOOST_TEST(log.said.find(token.substr(0, 20)) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_second_start_makes_no_other) {
    const auto token = token_after_start();
    BOOST_TEST(token_after_start() == token);
    fs::remove(state / "admin.token");
    BOOST_TEST(token_after_start().empty());
}

BOOST_AUTO_TEST_CASE(a_crash_before_the_file_was_written_costs_nothing) {
    token_after_start();
    fs::remove(state / "admin.token");
    replace_file(state / "admin.token.pending", "");  // where the crash left it
    BOOST_TEST(is_administrator(token_after_start()));
    BOOST_TEST(!fs::exists(state / "admin.token.pending"));
}

BOOST_AUTO_TEST_CASE(a_token_that_cannot_be_kept_is_not_made) {
    const auto good = state;
    state = "/proc/hourglass";
    BOOST_CHECK_THROW(test::run(loop, leave()), std::runtime_error);
    state = good;
    BOOST_TEST(is_administrator(token_after_start()));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace hourglass::daemon
