#include "nas/exchange.hpp"

#include <boost/asio/co_spawn.hpp>

namespace hourglass::nas {

namespace asio = boost::asio;
using asio::ip::udp;

class Exchange::Claim {
public:
    explicit Claim(Place place) : place_(place) {}
    ~Claim() { place_.port->release(place_.identifier); }
    Claim(const Claim&) = delete;
    Claim& operator=(const Claim&) = delete;

    Place place() const { return place_; }
    void move_to(Place place) {
        place_.port->release(place_.identifier);
        place_ = place;
    }

private:
    Place place_;
};

Exchange::Exchange(asio::io_context& loop, const asio::ip::address_v4& source, udp::endpoint server,
                   const Plan& plan, Manner manner, const Secret& secret, Tally& tally, Dice dice)
    : loop_(loop),
      source_(source),
      server_(std::move(server)),
      plan_(plan),
      manner_(manner),
      secret_(secret),
      tally_(tally),
      dice_(dice) {
    add_port();
}

asio::awaitable<std::optional<Octets>> Exchange::ask(MakeRequest make, Wait& wait, Dice dice) {
    const auto began = Clock::now();
    Pending pending{.wait = wait};
    Claim claim(this->claim(pending));
    pending.packet = make(claim.place().identifier, {});
    auto interval = plan_.repeat_after;
    for (unsigned transmission = 0;; ++transmission) {
        claim.place().port->send(pending.packet, dice.of(transmission));
        const auto repeat_at = Clock::now() + interval;
        while (!pending.answer && !wait.is_over() && Clock::now() < repeat_at)
            co_await wait.until(repeat_at);
        if (pending.answer) co_return std::move(pending.answer);
        if (wait.is_over()) {
            ++tally_.given_up;
            co_return std::nullopt;
        }

        ++tally_.repeats;
        interval = std::min(2 * interval, repeat_interval_growth_max * plan_.repeat_after);
        if (manner_.takes_new_identifier) {
            claim.move_to(this->claim(pending));
            const auto age = std::chrono::duration_cast<std::chrono::seconds>(Clock::now() - began);
            pending.packet = make(claim.place().identifier, age);
        } else if (manner_.takes_new_port) {
            claim.move_to(claim_other_port(claim.place(), pending));
        }
    }
}

Exchange::Place Exchange::claim(Pending& pending) {
    for (const auto& port : ports_) {
        if (const auto identifier = port->claim(pending)) return {port.get(), *identifier};
    }
    auto& port = add_port();
    return {&port, port.claim(pending).value()};
}

Exchange::Place Exchange::claim_other_port(Place place, Pending& pending) {
    for (const auto& port : ports_) {
        if (port->claim(place.identifier, pending)) return {port.get(), place.identifier};
    }
    auto& port = add_port();
    port.claim(place.identifier, pending);
    return {&port, place.identifier};
}

Port& Exchange::add_port() {
    auto& port =
        *ports_.emplace_back(std::make_unique<Port>(loop_, source_, server_, plan_.weather, secret_, tally_));
    asio::co_spawn(loop_, port.receive(dice_.of(ports_.size())), [](const std::exception_ptr& error) {
        if (error) std::rethrow_exception(error);
    });
    return port;
}

void Exchange::close() {
    for (const auto& port : ports_)
        port->close();
}

}  // namespace hourglass::nas
