// Runs one coroutine to its end on a loop, with a time limit: a lost wake-up fails the test instead of
// hanging it.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <exception>
#include <memory>
#include <optional>
#include <stdexcept>
#include <vector>

namespace hourglass::test {

inline constexpr std::chrono::seconds run_limit{60};

template <class Value>
struct Outcome {
    std::optional<Value> value;
    std::exception_ptr error;
    bool is_done = false;
};

template <class Value>
boost::asio::awaitable<void> keep(boost::asio::awaitable<Value> task,
                                  std::shared_ptr<Outcome<Value>> outcome) {
    outcome->value.emplace(co_await std::move(task));
}

template <class Value>
Value run(boost::asio::io_context& loop, boost::asio::awaitable<Value> task) {
    const auto outcome = std::make_shared<Outcome<Value>>();
    loop.restart();
    boost::asio::co_spawn(loop, keep(std::move(task), outcome), [outcome](std::exception_ptr error) {
        outcome->error = error;
        outcome->is_done = true;
    });
    const auto deadline = std::chrono::steady_clock::now() + run_limit;
    while (!outcome->is_done && loop.run_one_until(deadline) > 0) {
    }
    if (!outcome->is_done) throw std::runtime_error("the coroutine did not end in time");
    if (outcome->error) std::rethrow_exception(outcome->error);
    return *std::move(outcome->value);
}

// Several at once, in turns, as requests arrive; their values in the order given.
template <class Value>
std::vector<Value> run_all(boost::asio::io_context& loop, std::vector<boost::asio::awaitable<Value>> tasks) {
    std::vector<std::shared_ptr<Outcome<Value>>> outcomes;
    const auto missing = std::make_shared<std::size_t>(tasks.size());  // a late one may still count
    loop.restart();
    for (auto& task : tasks) {
        outcomes.push_back(std::make_shared<Outcome<Value>>());
        boost::asio::co_spawn(loop, keep(std::move(task), outcomes.back()),
                              [outcome = outcomes.back(), missing](std::exception_ptr error) {
                                  outcome->error = error;
                                  --*missing;
                              });
    }
    const auto deadline = std::chrono::steady_clock::now() + run_limit;
    while (*missing > 0 && loop.run_one_until(deadline) > 0) {
    }
    if (*missing > 0) throw std::runtime_error("the coroutines did not end in time");

    std::vector<Value> values;
    for (const auto& outcome : outcomes) {
        if (outcome->error) std::rethrow_exception(outcome->error);
        values.push_back(*std::move(outcome->value));
    }
    return values;
}

}  // namespace hourglass::test
