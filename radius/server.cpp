#include "radius/server.hpp"

#include "radius/request_handler.hpp"
#include "store/store.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <exception>

namespace hourglass::radius {
namespace {

constexpr std::size_t requests_in_hand_max = 16384;
static_assert(RequestHandler::delayed_rejects_max < requests_in_hand_max,
              "rejects that wait for their delay must leave room for other requests");

constexpr std::chrono::milliseconds catch_up_pause{2};

awaitable<void> next_turn() {
    return boost::asio::post(boost::asio::use_awaitable);
}

}  // namespace

class Server::Implementation {
public:
    Implementation(boost::asio::io_context& loop, store::Store& store, store::Journal* journal,
                   const Sockets& sockets, std::shared_ptr<const Snapshot> snapshot,
                   std::function<void(LearnedFact)> on_learned, Log& log, Trace* trace)
        : loop_(loop),
          store_(store),
          log_(log),
          handler_(loop, store, journal, std::move(snapshot), std::move(on_learned), counters_, log, trace) {
        for (const auto& endpoint : sockets.auth)
            listen(endpoint, Port::authentication, sockets.find_bound);
        for (const auto& endpoint : sockets.acct)
            listen(endpoint, Port::accounting, sockets.find_bound);
    }

    void start() {
        start_accounting();
        start(Port::authentication);
    }

    void start_accounting() {
        if (!std::exchange(is_accounting_started_, true)) start(Port::accounting);
    }

    void drain(std::function<void()> on_drained) {
        on_drained_ = std::move(on_drained);
        is_draining_ = true;
        for (const auto& listener : listeners_)
            listener->socket.stop_waiting();
        if (in_hand_ == 0) announce_drained();
    }

    void replace(std::shared_ptr<const Snapshot> snapshot) { handler_.replace(std::move(snapshot)); }

    std::vector<SourceSighting> take_sightings(std::chrono::sys_seconds now) {
        return handler_.take_sightings(now);
    }

    void note_state() {
        UdpSocket::Backlog sum;
        for (const auto& listener : listeners_) {
            const auto backlog = listener->socket.backlog();
            sum.octets += backlog.octets;
            sum.drops += backlog.drops;
        }
        counters_.socket_octets.set(sum.octets);
        counters_.socket_drops.add(sum.drops - counters_.socket_drops.get());
        counters_.requests_in_hand.set(in_hand_ - std::min(in_hand_, listeners_.size()));
        handler_.note_state();
    }

    const Counters& counters() const { return counters_; }

    Sockets endpoints() const {
        Sockets sockets;
        for (const auto& listener : listeners_) {
            auto& list = listener->port == Port::authentication ? sockets.auth : sockets.acct;
            list.push_back(listener->socket.endpoint());
        }
        return sockets;
    }

    std::vector<int> descriptors() const {
        std::vector<int> descriptors;
        for (const auto& listener : listeners_)
            descriptors.push_back(listener->socket.descriptor());
        return descriptors;
    }

private:
    void listen(const boost::asio::ip::udp::endpoint& endpoint, Port port, const FindBound& find_bound) {
        const auto number = static_cast<std::uint8_t>(listeners_.size());
        const int bound = find_bound ? find_bound(endpoint) : -1;
        listeners_.push_back(std::make_unique<Listener>(endpoint, loop_, counters_, port, number, bound));
    }

    void start(Port port) {
        for (const auto& listener : listeners_) {
            if (listener->port != port) continue;
            ++in_hand_;
            boost::asio::co_spawn(loop_, receive(*listener),
                                  [this](const std::exception_ptr& failure) { finish_one(failure); });
        }
    }

    // After each batch the loop's other handlers have their turn, however much there is to read.
    awaitable<void> receive(Listener& listener) {
        co_await catch_up(listener);
        while (!is_draining_) {
            const auto [error] = co_await listener.socket.wait_until_readable();
            if (error) co_return;
            while (!is_draining_ && serve_batch(listener) == UdpSocket::batch_datagrams_max)
                co_await next_turn();
        }
    }

    // What waited for the start came at the pace of seconds and is there at once. It goes on waiting while
    // the store is behind, which at any other time refuses what comes; and not for ever.
    awaitable<void> catch_up(Listener& listener) {
        using Clock = std::chrono::steady_clock;
        const auto end = Clock::now() + RequestHandler::queued_max;
        boost::asio::steady_timer pause(loop_);
        while (!is_draining_ && Clock::now() < end &&
               serve_batch(listener) == UdpSocket::batch_datagrams_max) {
            co_await next_turn();
            while (!is_draining_ && Clock::now() < end && is_store_behind()) {
                pause.expires_after(catch_up_pause);
                co_await pause.async_wait(boost::asio::use_awaitable);
            }
        }
    }

    bool is_store_behind() const { return store_.report_batches.is_behind() || store_.redis.is_behind(); }

    std::size_t serve_batch(Listener& listener) {
        const auto batch = listener.socket.receive();
        if (batch.empty()) return 0;
        counters_.queue_times.note(batch.front().queued);
        store_.users.hear_changes();
        for (const auto& datagram : batch) {
            try {
                serve(datagram, listener);
            } catch (...) {
                handler_.note_failure(datagram, std::current_exception());
            }
        }
        handler_.note_answer_times();
        return batch.size();
    }

    void serve(const Datagram& datagram, Listener& listener) {
        using enum RequestHandler::Waiting;
        auto rest = handler_.serve(datagram, listener, in_hand_ < requests_in_hand_max ? allowed : refused);
        if (!rest) return;
        ++in_hand_;
        boost::asio::co_spawn(loop_, *std::move(rest),
                              [this](const std::exception_ptr& failure) { finish_one(failure); });
    }

    void finish_one(const std::exception_ptr& failure) {
        --in_hand_;
        if (failure) report(failure);
        if (is_draining_ && in_hand_ == 0) announce_drained();
    }

    void report(const std::exception_ptr& failure) {
        counters_.handler_failures.add();
        try {
            std::rethrow_exception(failure);
        } catch (const std::exception& error) {
            log_.error("a socket's reader ended in an exception", {
                                                                      {"error", error.what()}
            });
        }
    }

    // Behind the flush of the last answers, which the sockets have posted already.
    void announce_drained() {
        if (!on_drained_) return;
        boost::asio::post(loop_, std::exchange(on_drained_, nullptr));
    }

    boost::asio::io_context& loop_;
    store::Store& store_;
    Log& log_;
    Counters counters_;
    RequestHandler handler_;
    std::vector<std::unique_ptr<Listener>> listeners_;
    std::size_t in_hand_ = 0;  // requests being served, and coroutines that receive
    bool is_accounting_started_ = false;
    bool is_draining_ = false;
    std::function<void()> on_drained_;
};

Server::Server(boost::asio::io_context& loop, store::Store& store, store::Journal* journal,
               const Sockets& sockets, std::shared_ptr<const Snapshot> snapshot,
               std::function<void(LearnedFact)> on_learned, Log& log, Trace* trace)
    : implementation_(std::make_unique<Implementation>(loop, store, journal, sockets, std::move(snapshot),
                                                       std::move(on_learned), log, trace)) {}
Server::~Server() = default;

void Server::start() {
    implementation_->start();
}
void Server::start_accounting() {
    implementation_->start_accounting();
}
void Server::drain(std::function<void()> on_drained) {
    implementation_->drain(std::move(on_drained));
}
void Server::note_state() {
    implementation_->note_state();
}
void Server::replace(std::shared_ptr<const Snapshot> snapshot) {
    implementation_->replace(std::move(snapshot));
}
std::vector<SourceSighting> Server::take_sightings(std::chrono::sys_seconds now) {
    return implementation_->take_sightings(now);
}
const Counters& Server::counters() const {
    return implementation_->counters();
}
Server::Sockets Server::endpoints() const {
    return implementation_->endpoints();
}
std::vector<int> Server::descriptors() const {
    return implementation_->descriptors();
}

}  // namespace hourglass::radius
