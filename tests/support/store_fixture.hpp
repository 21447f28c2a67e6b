// A store on a Redis of its own, connected and ready.
#pragma once

#include "store/store.hpp"
#include "tests/support/quiet_log.hpp"
#include "tests/support/redis_server.hpp"
#include "tests/support/run.hpp"

#include <boost/test/unit_test.hpp>

namespace hourglass::test {

inline constexpr store::SecretBox::Key test_key{1, 2, 3};
inline constexpr std::chrono::seconds ready_limit{20};
inline constexpr int tries_max = 50;

struct StoreFixture {
    // Further arguments for redis-server.
    explicit StoreFixture(std::vector<std::string> redis_arguments = {})
        : server(std::move(redis_arguments)) {
        connect();
    }
    ~StoreFixture() {
        store.redis.stop();
        loop.restart();
        loop.poll();
    }
    StoreFixture(const StoreFixture&) = delete;
    StoreFixture& operator=(const StoreFixture&) = delete;

    template <class Value>
    Value run(awaitable<Value> task) {
        return test::run(loop, std::move(task));
    }

    // The value, or a failed test that says why not.
    template <class Value>
    Value must(awaitable<result<Value>> task) {
        auto outcome = run(std::move(task));
        if (!outcome) throw std::runtime_error("unexpected: " + outcome.error().message());
        if constexpr (!std::is_void_v<Value>) return *std::move(outcome);
    }

    // As a NAS does: again and again until it is acknowledged. `ask` makes the coroutine.
    auto until_acknowledged(auto ask) {
        for (int attempt = 0; attempt < tries_max; ++attempt) {
            auto answer = run(ask());
            if (answer) return *std::move(answer);
            if (answer.error() != store::Error::unavailable) break;
            wait_until_ready();
        }
        throw std::runtime_error("never acknowledged");
    }

    // For one that is run with others, of a report that must live until then.
    static awaitable<result<store::Applied>> apply_later(store::Ledger& ledger,
                                                         store::AccountingRecord report) {
        co_return co_await ledger.apply(report);
    }
    awaitable<result<store::Applied>> apply_later(store::AccountingRecord report) {
        return apply_later(store.ledger, std::move(report));
    }

    template <class Value>
    std::vector<Value> run_all(std::vector<awaitable<Value>> tasks) {
        return test::run_all(loop, std::move(tasks));
    }

    // The error, or a default error_code if it went well.
    template <class Value>
    error_code error_of(awaitable<result<Value>> task) {
        const auto outcome = run(std::move(task));
        return outcome ? error_code() : outcome.error();
    }

    // `error_code()` counts what went well.
    template <class Value>
    static std::ptrdiff_t count_errors(const std::vector<result<Value>>& outcomes, error_code error) {
        return std::count_if(outcomes.begin(), outcomes.end(), [&](const auto& outcome) {
            return (outcome ? error_code() : outcome.error()) == error;
        });
    }

    void connect() {
        store.redis.start();
        wait_until_ready();
    }
    void wait_until_ready() {
        if (!run(store.redis.wait_until_ready(ready_limit)))
            throw std::runtime_error("Redis does not come up");
    }

    // The whole statement, put together from pages as a client reads them.
    store::Statement statement_of(store::UserId user, std::uint64_t page_entries = 3) {
        store::Statement whole;
        std::optional<store::StatementPosition> position = store::StatementPosition();
        while (position) {
            auto page =
                until_acknowledged([&] { return store.credits.statement(user, *position, page_entries); });
            position = page.next;
            page.entries.insert(page.entries.begin(), std::make_move_iterator(whole.entries.begin()),
                                std::make_move_iterator(whole.entries.end()));
            whole = std::move(page);
        }
        return whole;
    }

    // One command, for what no part of the store would do.
    store::Reply redis(std::initializer_list<std::string_view> command) {
        return must(store.redis.execute(store::Pipeline().add(command)));
    }

    store::User make_user(std::string username, store::Balance balance = {},
                          store::OrganizationId organization = 1) {
        return must(store.users.create(
            {
                {"username",     std::move(username)         },
                {"password",     "secret"                    },
                {"organization", std::to_string(organization)}
        },
            balance, "test", now));
    }

    RedisServer server;
    boost::asio::io_context loop{1};
    QuietLog log;
    store::SecretBox secrets{test_key};
    store::Store store{loop, store::RedisAddress::parse(server.address()), secrets, log};
    store::Time now{std::chrono::seconds(1'700'000'000)};
};

}  // namespace hourglass::test
