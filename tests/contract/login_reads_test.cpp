// What a login asks of Redis: nothing where all of the user is remembered, his account where only that has
// changed, and everything where he is refused, which then costs what it costs for nobody.
#include "nas/packet.hpp"
#include "radius/request_handler.hpp"
#include "tests/support/memory_fixture.hpp"

namespace hourglass::test {
namespace {

using namespace std::chrono_literals;
using boost::asio::ip::address_v4;
using store::AccountingStatus;

constexpr const char* shared_secret = "testing123";
constexpr store::Seconds balance_at_first{10'000};

std::shared_ptr<const radius::Snapshot> snapshot() {
    radius::Client lab;
    lab.name = "lab";
    lab.network = address_v4::loopback();
    lab.prefix_length = 8;
    lab.secret = shared_secret;
    store::Profile one_device;
    one_device.name = "one_device";
    one_device.simultaneous_use = 1;
    store::Profile slices;
    slices.name = "slices";
    slices.concurrency = store::Concurrency::reserve;
    radius::Policy policy;
    policy.reject_delay = 0ms;
    radius::Directory directory({one_device, slices}, {});
    return std::make_shared<const radius::Snapshot>(
        radius::Snapshot{radius::Clients({std::move(lab)}), policy, {}, std::move(directory)});
}

// What a login has cost, and what came of it.
struct LoginReads {
    std::int64_t records{};   // read
    std::int64_t accounts{};  // read
    std::int64_t claims{};    // of names, read
    bool is_let_in{};

    bool operator==(const LoginReads&) const = default;
    friend std::ostream& operator<<(std::ostream& out, const LoginReads& reads) {
        return out << reads.records << " records, " << reads.accounts << " accounts, " << reads.claims
                   << " claims, " << (reads.is_let_in ? "let in" : "refused");
    }
};

constexpr LoginReads from_memory{0, 0, 0, true};
constexpr LoginReads by_the_account{0, 1, 0, true};
constexpr LoginReads refused_like_nobody{1, 1, 1, false};

// The worker serves logins.
struct LoginReadsFixture : MemoryFixture {
    LoginReads ask(const std::string& name, const std::string& password = "secret") {
        const auto records = calls_of("hmget");
        const auto accounts = calls_of("hgetall");
        const auto claims = calls_of("get");
        const auto accepts = counters.access_accepts.get();
        const auto answers = accepts + counters.access_rejects.get();
        serve(request(name, password));
        BOOST_TEST(counters.access_accepts.get() + counters.access_rejects.get() == answers + 1);
        const bool is_let_in = counters.access_accepts.get() == accepts + 1;
        return {calls_of("hmget") - records, calls_of("hgetall") - accounts, calls_of("get") - claims,
                is_let_in};
    }

    nas::Octets request(const std::string& name, const std::string& password) {
        const nas::Authenticator authenticator{++requests};
        const nas::Secret secret(shared_secret);
        return nas::Request(nas::Code::access_request, requests, authenticator)
            .add(nas::Attribute::user_name, name)
            .add_password(password, secret)
            .sign(secret);
    }

    void serve(const nas::Octets& octets) {
        worker.users.hear_changes();
        const radius::Datagram datagram{
            .bytes = octets,
            .peer = {address_v4::loopback(), 9},
            .local = address_v4::loopback(),
            .received_at = std::chrono::system_clock::now()
        };
        if (auto rest = handler.serve(datagram, listener)) run(to_the_end(*std::move(rest)));
    }
    static awaitable<bool> to_the_end(awaitable<void> rest) {
        co_await std::move(rest);
        co_return true;
    }

    // A user who is remembered before his session reports.
    void make_online(const std::string& name, std::chrono::seconds used, const std::string& profile = "[]") {
        change(make_user(name, balance_at_first).id, "profile", profile);
        ask(name);
        report_use(name, used);
    }
    void report_use(const std::string& name, std::chrono::seconds used) {
        apply(name, "s1", AccountingStatus::interim, used, used);
        redis({"PING"});
    }
    std::uint64_t accounts_read_alone() const { return worker.remembered_users.memory().counts().completed; }

    radius::Counters counters;
    radius::RequestHandler handler{loop,     worker, nullptr, snapshot(), [](const radius::LearnedFact&) {},
                                   counters, log};
    radius::Listener listener{
        {address_v4::loopback(), 0},
        loop, counters, radius::Port::authentication, 0
    };
    std::uint8_t requests = 0;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(login_reads, LoginReadsFixture)

BOOST_AUTO_TEST_CASE(after_a_report_of_his_session_only_the_account_of_a_user_is_read) {
    make_online("alice", 10s);
    BOOST_TEST(ask("alice") == by_the_account);
    BOOST_TEST(ask("alice") == from_memory);
    report_use("alice", 20s);
    BOOST_TEST(ask("alice") == by_the_account);
}

BOOST_AUTO_TEST_CASE(a_wrong_password_costs_what_it_costs_for_nobody_whatever_is_remembered) {
    make_online("alice", 10s);
    BOOST_TEST(ask("alice", "wrong") == refused_like_nobody);
    BOOST_TEST(ask("alice", "wrong") == refused_like_nobody);  // now all of him is remembered
    BOOST_TEST(ask("nobody") == refused_like_nobody);
    BOOST_TEST(ask("nobody") == refused_like_nobody);
}

BOOST_AUTO_TEST_CASE(a_first_login_costs_what_it_costs_for_nobody) {
    make_user("alice", balance_at_first);
    BOOST_TEST(ask("alice", "wrong") == refused_like_nobody);
    BOOST_TEST(ask("nobody") == refused_like_nobody);
}

BOOST_AUTO_TEST_CASE(who_was_nobody_and_is_made_by_another_daemon_comes_in_at_once) {
    ask("alice");
    ask("alice");
    make_user("alice", balance_at_first);
    BOOST_TEST(ask("alice").is_let_in);
    BOOST_TEST(ask("alice") == from_memory);
}

BOOST_AUTO_TEST_CASE(who_has_used_up_his_time_is_refused_by_the_whole_of_what_redis_says) {
    make_online("alice", balance_at_first);
    BOOST_TEST(ask("alice") == (LoginReads{1, 2, 1, false}));
    BOOST_TEST(ask("alice") == refused_like_nobody);
    add_credit(1, balance_at_first);
    BOOST_TEST(ask("alice") == by_the_account);
}

BOOST_AUTO_TEST_CASE(who_needs_a_place_or_a_slice_takes_the_whole_road_at_once) {
    make_online("ann", 10s, R"(["one_device"])");
    make_online("ben", 10s, R"(["slices"])");
    for (const auto* const name : {"ann", "ben"})
        ask(name);
    BOOST_TEST(accounts_read_alone() == 0U);
}

BOOST_AUTO_TEST_CASE(a_password_that_was_changed_with_the_account_is_in_force) {
    make_online("alice", 10s);
    change(1, "password", "other");
    BOOST_TEST(ask("alice") == refused_like_nobody);
    BOOST_TEST(ask("alice", "other") == from_memory);
}

BOOST_AUTO_TEST_CASE(a_login_does_not_make_workers_forget_the_user) {
    make_user("alice", balance_at_first);
    ask("alice");
    redis({"PING"});
    BOOST_TEST((must(store.users.find(1)).fields.contains("last_login")));
    for (int login = 0; login < 3; ++login) {
        store.users.note_login(1, now + std::chrono::years(10) + std::chrono::seconds(login));
        redis({"PING"});
        BOOST_TEST(ask("alice") == from_memory);
    }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace hourglass::test
