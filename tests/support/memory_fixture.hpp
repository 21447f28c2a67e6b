// A store that writes, and one that remembers as a RADIUS worker does, on a Redis of their own.
#pragma once

#include "tests/support/session_fixture.hpp"

#include <hiredis/hiredis.h>

namespace hourglass::test {

inline constexpr std::size_t users_remembered = 1000;

// `store` writes, `worker` remembers.
struct MemoryFixture : SessionFixture {
    explicit MemoryFixture(std::vector<std::string> redis_arguments = {})
        : SessionFixture(std::move(redis_arguments)) {
        worker.connect();
        wait_until_sure();
    }
    ~MemoryFixture() {
        worker.disconnect();
        loop.restart();
        loop.poll();
    }
    MemoryFixture(const MemoryFixture&) = delete;
    MemoryFixture& operator=(const MemoryFixture&) = delete;

    awaitable<bool> become(bool is_sure) {
        const auto deadline = std::chrono::steady_clock::now() + ready_limit;
        boost::asio::steady_timer pause(loop);
        while (worker.remembered_users.is_sure() != is_sure && std::chrono::steady_clock::now() < deadline) {
            pause.expires_after(std::chrono::milliseconds(1));
            co_await pause.async_wait(boost::asio::use_awaitable);
        }
        co_return worker.remembered_users.is_sure() == is_sure;
    }
    void wait_until_sure() { BOOST_REQUIRE(run(become(true))); }

    // As the server does when a login has arrived.
    const store::LoginUser* recall(const store::SoughtUser& sought) {
        const auto* const user = recall_record(sought);
        return user && user->has_account ? user : nullptr;
    }
    const store::LoginUser* recall(std::string name) { return recall(store::SoughtUser{std::move(name)}); }
    // Who may lack his account.
    const store::LoginUser* recall_record(const store::SoughtUser& sought) {
        worker.users.hear_changes();
        return worker.users.recall_login(sought);
    }
    const store::LoginUser* recall_record(std::string name) {
        return recall_record(store::SoughtUser{std::move(name)});
    }
    void complete(std::string name) { run(completing(std::move(name))); }
    awaitable<bool> completing(std::string name) {
        co_await worker.users.complete_login({std::move(name)});
        co_return true;
    }
    store::LoginUser log_in(std::string name) { return must(worker.users.find_login(std::move(name))); }
    void remember(const std::string& name) {
        log_in(name);
        BOOST_REQUIRE(recall(name));
    }
    void change(store::UserId id, std::string field, std::string value) {
        must(store.users.change(id,
                                {
                                    {std::move(field), std::move(value)}
        },
                                {}, "test", now));
    }
    // How often Redis was given that command.
    std::int64_t calls_of(const std::string& command) {
        const auto stats = std::string(redis({"INFO", "commandstats"}).text());
        const auto at = stats.find("cmdstat_" + command + ":calls=");
        return at == std::string::npos ? 0 : std::stoll(stats.substr(stats.find('=', at) + 1));
    }
    void add_credit(store::UserId id, store::Seconds seconds) {
        store::NewCredit credit;
        credit.user = id;
        credit.seconds = seconds;
        credit.now = now;
        must(store.credits.add(std::move(credit)));
    }
    void set_balance(store::UserId id, store::Balance balance) {
        must(store.users.change(id, {}, balance, "test", now));
    }

    store::Store worker{loop, store::RedisAddress::parse(server.address()), secrets, log, users_remembered};
};

// A client that does not need the loop.
class Blocking {
public:
    explicit Blocking(const std::string& address)
        : context_(redisConnectUnix(address.substr(std::string("unix://").size()).c_str())) {
        if (!context_ || context_->err != 0) throw std::runtime_error("no Redis");
    }
    ~Blocking() { redisFree(context_); }
    Blocking(const Blocking&) = delete;
    Blocking& operator=(const Blocking&) = delete;

    void command(const char* text) { freeReplyObject(redisCommand(context_, text)); }

private:
    redisContext* context_;
};

}  // namespace hourglass::test
