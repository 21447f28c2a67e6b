#include "nas/port.hpp"

#include <boost/asio/co_spawn.hpp>

#include <numeric>

namespace hourglass::nas {

namespace asio = boost::asio;
using asio::ip::udp;

namespace {

enum class Fault { loss, repeat, disorder, delay };

}  // namespace

Port::Port(asio::io_context& loop, const asio::ip::address_v4& source, const udp::endpoint& server,
           const Weather& weather, const Secret& secret, Tally& tally)
    : socket_(loop, udp::endpoint(source, 0)),
      weather_(weather),
      secret_(secret),
      tally_(tally),
      free_(pending_.size()) {
    socket_.connect(server);
    std::iota(free_.begin(), free_.end(), std::uint8_t{});
}

asio::awaitable<void> Port::receive(Dice dice) {
    Octets datagram(packet_octets_max);
    for (std::uint64_t count = 0; socket_.is_open(); ++count) {
        const auto [error, size] =
            co_await socket_.async_receive(asio::buffer(datagram), asio::as_tuple(asio::use_awaitable));
        if (error) continue;  // that of an earlier datagram: the server was away
        if (dice.of(count).falls(weather_.loss)) {
            ++tally_.lost;
        } else {
            take(View(datagram).first(size));
        }
    }
}

void Port::close() {
    socket_.close();
}

void Port::take(View datagram) {
    auto* pending = datagram.size() < header_octets ? nullptr : pending_[identifier_of(datagram)];
    if (pending == nullptr || !answers(datagram, pending->packet, secret_)) {
        ++tally_.foreign;
        return;
    }
    pending->answer.emplace(datagram.begin(), datagram.end());
    pending->wait.wake();
}

std::optional<std::uint8_t> Port::claim(Pending& pending) {
    if (free_.empty()) return std::nullopt;
    const auto identifier = free_.front();
    free_.pop_front();
    pending_[identifier] = &pending;
    return identifier;
}

bool Port::claim(std::uint8_t identifier, Pending& pending) {
    if (pending_[identifier] != nullptr) return false;
    std::erase(free_, identifier);
    pending_[identifier] = &pending;
    return true;
}

void Port::release(std::uint8_t identifier) {
    pending_[identifier] = nullptr;
    free_.push_back(identifier);
}

void Port::send(const Octets& packet, Dice dice) {
    if (dice.of(Fault::loss).falls(weather_.loss)) {
        ++tally_.lost;
        return;
    }
    if (dice.of(Fault::repeat).falls(weather_.repeats)) {
        ++tally_.duplicated;
        keep_back(packet, dice.of(Fault::repeat).of(Fault::delay).share());
    }
    if (dice.of(Fault::disorder).falls(weather_.disorder)) {
        ++tally_.late;
        keep_back(packet, dice.of(Fault::disorder).of(Fault::delay).share());
    } else {
        transmit(packet);
    }
}

void Port::keep_back(const Octets& packet, double share) {
    const auto delay = std::chrono::duration_cast<Clock::duration>(share * late_at_most);
    asio::co_spawn(socket_.get_executor(), send_late(packet, delay), [](const std::exception_ptr& error) {
        if (error) std::rethrow_exception(error);
    });
}

asio::awaitable<void> Port::send_late(Octets packet, Clock::duration delay) {
    asio::steady_timer timer(socket_.get_executor(), delay);
    co_await timer.async_wait(asio::use_awaitable);
    transmit(packet);
}

// A datagram that cannot be sent is one that the network loses: the request is repeated.
void Port::transmit(const Octets& packet) {
    boost::system::error_code ignored;
    if (socket_.is_open()) socket_.send(asio::buffer(packet), {}, ignored);
}

}  // namespace hourglass::nas
