// What the main loop does every now and then, and at once when another thread asks for it and waits.
#pragma once

#include "store/result.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <memory>
#include <vector>

namespace hourglass::daemon {

class Errand {
public:
    using Timer = boost::asio::steady_timer;

    explicit Errand(boost::asio::io_context& main_loop) : loop_(main_loop), timer_(main_loop) {}

    // On the main loop: until somebody asks, or the interval has passed.
    awaitable<void> wait(Timer::duration interval);
    // On the main loop: those who had asked when wait() returned need wait no more.
    void tell_done();

    // On any thread: returns when it was done after this moment, or at the limit.
    awaitable<void> ask(Timer::duration limit);

private:
    boost::asio::io_context& loop_;
    Timer timer_;
    // Each is a timer of the asker's loop, held weakly and only to hand it back there.
    struct Asker {
        Timer::executor_type executor;
        std::weak_ptr<Timer> timer;
    };
    std::vector<Asker> asking_;
    std::vector<Asker> served_;  // by what is done now
};

}  // namespace hourglass::daemon
