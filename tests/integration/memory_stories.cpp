// Users from memory, as administrators and NASes meet it: the next login obeys what was just written, however
// many others log in meanwhile, and nothing else about a login is different.
#include "tests/integration/clients.hpp"
#include "tests/integration/http_wire.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <csignal>
#include <thread>

using namespace hourglass::test;
namespace nas = hourglass::nas;

namespace {

constexpr int rounds = 30;  // of ten writes each
constexpr int others = 50;

struct Obedience {
    Json written;
    std::string user;  // who logs in then
    bool is_let_in{};
};

// All of them together leave the user as he was.
const std::vector<Obedience>& writes() {
    static const std::vector<Obedience> all{
        {{{"is_active", false}},                   "ann", false},
        {{{"is_active", true}},                    "ann", true },
        {{{"password", "other"}},                  "ann", false},
        {{{"password", "hello"}},                  "ann", true },
        {{{"user_time", 0}},                       "ann", false},
        {{{"user_time", 3600}},                    "ann", true },
        {{{"username", "anna"}},                   "ann", false},
        {{{"username", "ann"}},                    "ann", true },
        {{{"expiration", "2001-01-01T00:00:00Z"}}, "ann", false},
        {{{"expiration", nullptr}},                "ann", true },
    };
    return all;
}

bool is_accept(const std::optional<nas::Octets>& answer) {
    return answer && nas::code_of(*answer) == static_cast<std::uint8_t>(nas::Code::access_accept);
}

bool is_let_in(Nas& nas, const std::string& user, const std::string& password = "hello") {
    const auto answer = nas.ask(nas.login(user, password), answer_time_limit);
    BOOST_REQUIRE(answer);
    return is_accept(answer);
}

// Several times, for each worker may serve her.
std::int64_t add_remembered_ann(const Administrator& administrator, Nas& nas) {
    const auto ann = administrator.add_user("ann", {
                                                       {"user_time", 3600}
    });
    for (int login = 0; login < 3; ++login)
        BOOST_TEST(is_let_in(nas, "ann"));
    return ann;
}

// One connection, so that a write and the login after it are as close as can be.
class Writer {
public:
    explicit Writer(const Daemon& daemon) : client_(daemon.ports().api), token_(daemon.token()) {}

    int patch(std::int64_t user, const Json& fields) {
        const HeaderFields headers{
            {"Host",          "api.test"        },
            {"Authorization", "Bearer " + token_},
            {"Content-Type",  "application/json"}
        };
        const auto path = "/api/v1/user_token/" + std::to_string(user) + "/";
        const auto reply = client_.ask(to_http("PATCH", path, headers, fields.dump()));
        return reply ? reply->status : 0;
    }

private:
    HttpClient client_;
    std::string token_;
};

// Logs many users in, one after another, for as long as it lives.
class Crowd {
public:
    explicit Crowd(const Daemon& daemon) : thread_([this, port = daemon.ports().auth] { run(port); }) {}
    ~Crowd() { end(); }
    Crowd(const Crowd&) = delete;
    Crowd& operator=(const Crowd&) = delete;

    // How many were not let in.
    int end() {
        is_ending_ = true;
        if (thread_.joinable()) thread_.join();
        return refused_;
    }
    int logins() const { return logins_; }

private:
    void run(std::uint16_t port) {
        Nas nas(port, "127.0.0.1");
        for (int i = 0; !is_ending_; ++i, ++logins_) {
            const auto answer =
                nas.ask(nas.login("other" + std::to_string(i % others), "hello"), answer_time_limit);
            if (!is_accept(answer)) ++refused_;
        }
    }

    std::atomic<bool> is_ending_{false};
    std::atomic<int> logins_{0};
    std::atomic<int> refused_{0};
    std::thread thread_;  // last: it uses the others
};

}  // namespace

BOOST_AUTO_TEST_SUITE(memory)

BOOST_AUTO_TEST_CASE(what_was_just_written_is_in_force_at_the_next_login_beside_any_number_of_others) {
    const Daemon daemon;
    const Administrator administrator(daemon);
    const auto ann = administrator.add_user("ann", {
                                                       {"user_time", 3600}
    });
    for (int i = 0; i < others; ++i)
        administrator.add_user("other" + std::to_string(i), {
                                                                {"user_time", 3600}
        });
    Crowd crowd(daemon);
    Nas nas(daemon.ports().auth, "127.0.0.1");
    Writer writer(daemon);
    int disobeyed = 0;
    for (int round = 0; round < rounds; ++round) {
        for (const auto& write : writes()) {
            BOOST_REQUIRE(writer.patch(ann, write.written) == 200);
            if (is_let_in(nas, write.user) != write.is_let_in) ++disobeyed;
            if (write.is_let_in) is_let_in(nas, write.user);  // and is remembered, before the next write
        }
    }
    BOOST_TEST(disobeyed == 0);
    BOOST_TEST(crowd.end() == 0);
    BOOST_TEST(crowd.logins() > 0);
    BOOST_TEST(metric(daemon, "hourglass_user_memory_found_total") > 0);
    BOOST_TEST(metric(daemon, "hourglass_user_memory_changed_total") >= rounds);
}

BOOST_AUTO_TEST_CASE(a_removed_user_is_not_let_in_though_he_was_remembered) {
    const Daemon daemon;
    const Administrator administrator(daemon);
    Nas nas(daemon.ports().auth, "127.0.0.1");
    for (int round = 0; round < 20; ++round) {
        const auto ann = add_remembered_ann(administrator, nas);
        BOOST_TEST(administrator.ask("DELETE", "/user_token/" + std::to_string(ann) + "/").status == 204);
        BOOST_TEST(!is_let_in(nas, "ann"));
    }
}

BOOST_AUTO_TEST_CASE(what_another_daemon_writes_is_in_force_soon) {
    const Daemon daemon;
    Daemon other;
    other.stop();
    other.share_redis_of(daemon);
    other.start();
    const Administrator administrator(daemon);
    Nas nas(daemon.ports().auth, "127.0.0.1");
    const auto ann = add_remembered_ann(administrator, nas);
    const auto written = Administrator(other).ask_with_token(daemon.token(), "PATCH",
                                                             "/user_token/" + std::to_string(ann) + "/",
                                                             {
                                                                 {"is_active", false}
    });
    BOOST_REQUIRE(written.status == 200);
    BOOST_TEST(!is_let_in(nas, "ann"));
}

BOOST_AUTO_TEST_CASE(when_redis_was_away_nobody_is_remembered_from_before) {
    Daemon daemon;
    const Administrator administrator(daemon);
    Nas nas(daemon.ports().auth, "127.0.0.1");
    const auto ann = add_remembered_ann(administrator, nas);
    ::kill(daemon.redis_pid(), SIGKILL);
    Writer writer(daemon);
    const auto deadline = std::chrono::steady_clock::now() + start_time_limit;
    int status = 0;
    while (status != 200 && std::chrono::steady_clock::now() < deadline)
        status = writer.patch(ann, {
                                       {"is_active", false}
        });
    BOOST_TEST(status == 200);
    BOOST_TEST(!is_let_in(nas, "ann"));
}

BOOST_AUTO_TEST_CASE(every_login_is_noted_before_the_daemon_has_ended) {
    Daemon daemon;
    const auto ann = Administrator(daemon).add_user("ann", {
                                                               {"user_time", 3600}
    });
    Nas nas(daemon.ports().auth, "127.0.0.1");
    for (int login = 0; login < 500; ++login)
        BOOST_REQUIRE(is_let_in(nas, "ann"));
    BOOST_TEST(daemon.stop().value() == 0);
    daemon.start();
    const auto user = Administrator(daemon).ask("GET", "/user_token/" + std::to_string(ann) + "/").body;
    BOOST_TEST(user["last_login"].is_string());
    BOOST_TEST(user["first_login"].get<std::string>() <= user["last_login"].get<std::string>());
}

BOOST_AUTO_TEST_SUITE_END()
