// Tasks that run at once on one event loop, a bounded number of them, and give their results in the order in
// which they were begun. Between tasks that wait for Redis this is what lets them share its round trips.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cstddef>
#include <deque>
#include <exception>
#include <memory>
#include <utility>

namespace hourglass::api {

template <class Result>
class OrderedWindow {
public:
    // What the tasks refer to outlives them, not only the window.
    OrderedWindow(boost::asio::any_io_executor loop, std::size_t tasks_max)
        : loop_(std::move(loop)), tasks_max_(tasks_max) {}

    bool is_empty() const { return slots_.empty(); }
    bool is_full() const { return slots_.size() >= tasks_max_; }
    // Whether next() would not wait.
    bool is_next_done() const { return !is_empty() && slots_.front()->is_done; }

    void begin(boost::asio::awaitable<Result> task) {
        auto slot = std::make_shared<Slot>(loop_);
        slots_.push_back(slot);
        boost::asio::co_spawn(loop_, std::move(task), [slot](std::exception_ptr error, Result result) {
            slot->error = std::move(error);
            slot->result = std::move(result);
            slot->is_done = true;
            slot->done.cancel();
        });
    }

    // Of the task begun first, of which there must be one. What the task threw, this throws.
    boost::asio::awaitable<Result> next() {
        const auto slot = slots_.front();
        slots_.pop_front();
        if (!slot->is_done) co_await slot->done.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
        if (slot->error) std::rethrow_exception(slot->error);
        co_return std::move(slot->result);
    }

private:
    struct Slot {
        explicit Slot(const boost::asio::any_io_executor& loop)
            : done(loop, boost::asio::steady_timer::time_point::max()) {}

        boost::asio::steady_timer done;  // cancelled when it is
        std::exception_ptr error;
        Result result{};
        bool is_done = false;
    };

    boost::asio::any_io_executor loop_;
    std::size_t tasks_max_;
    std::deque<std::shared_ptr<Slot>> slots_;
};

}  // namespace hourglass::api
