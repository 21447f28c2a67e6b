#include "radius/dynamic_authorization_exchanges.hpp"

#include <boost/assert.hpp>

namespace hourglass::radius::dynamic_authorization {

Exchanges::Ticket Exchanges::begin(Request request, Target target, Time now) {
    const auto ticket = ++last_ticket_;
    const auto kind = request.kind;
    if (is_stopped_) {
        finish(ticket, {Outcome::Result::shutting_down, kind, {}});
        return ticket;
    }
    const auto endpoint = target.nas;
    auto& nas = nas_at(endpoint);
    const bool is_full = exchanges_.size() >= limits_.requests_max ||
                         nas.waiting.size() + nas.in_flight.size() >= limits_.requests_per_nas_max;
    if (is_full) {
        finish(ticket, {Outcome::Result::overloaded, kind, {}});
    } else {
        Exchange exchange{.request = std::move(request),
                          .target = std::move(target),
                          .course = Course(kind),
                          .due = {},
                          .retransmission = {},
                          .id = {},
                          .bytes = {}};
        wait_at(ticket, exchanges_.emplace(ticket, std::move(exchange)).first->second,
                now + limits_.waiting_max);
        nas.waiting.push_back(ticket);
    }
    settle(endpoint, now);
    return ticket;
}

error_code Exchanges::receive(Bytes datagram, const Endpoint& from, std::size_t source, Time now) {
    const auto packet = decode(datagram);
    if (!packet) return packet.error();
    const auto nas = nases_.find(from);
    if (nas == nases_.end()) return Error::unexpected_answer;
    const auto in_flight =
        nas->second.in_flight.find({static_cast<std::uint8_t>(source), packet->identifier()});
    if (in_flight == nas->second.in_flight.end()) return Error::unexpected_answer;

    const auto ticket = in_flight->second;
    auto& exchange = exchanges_.at(ticket);
    const auto sent = decode(exchange.bytes);
    const auto answer = read_answer(*packet, exchange.course.step().kind, sent->authenticator(),
                                    exchange.target.secret, digests_);
    if (!answer) return answer.error();
    auto& limit = nas->second.in_flight_limit;
    limit = std::min(limit + 1, limits_.in_flight_per_nas_max);
    conclude(ticket, exchange, *answer, now);
    return {};
}

void Exchanges::advance(Moment now) {
    while (!due_.empty() && due_.begin()->first <= now.time)
        act_on(due_.begin()->second, now);
    while (!wake_ups_.empty() && wake_ups_.begin()->first <= now.time)
        wake(Endpoint(wake_ups_.begin()->second), now.time);
    give_turns(now);
}

void Exchanges::stop() {
    is_stopped_ = true;
    for (const auto& [ticket, exchange] : exchanges_)
        finished_.push_back({
            ticket, {Outcome::Result::shutting_down, exchange.course.step().kind, {}}
        });
    exchanges_.clear();
    nases_.clear();
    due_.clear();
    wake_ups_.clear();
    turns_.clear();
}

std::optional<Exchanges::Time> Exchanges::next_wake_up() const {
    auto next = Time::max();
    if (!due_.empty()) next = std::min(next, due_.begin()->first);
    if (!wake_ups_.empty()) next = std::min(next, wake_ups_.begin()->first);
    if (!turns_.empty()) next = std::min(next, may_send_at());
    return next == Time::max() ? std::nullopt : std::optional(next);
}

Exchanges::Nas& Exchanges::nas_at(const Endpoint& endpoint) {
    const auto found = nases_.find(endpoint);
    if (found != nases_.end()) return found->second;
    const auto next = next_identifiers_.find(endpoint);
    auto firsts = next != next_identifiers_.end() ? next->second : random_identifiers();
    Nas nas{.identifiers = IdentifierPool(std::move(firsts), limits_.identifier_rest),
            .in_flight_limit = limits_.in_flight_per_nas_min};
    return nases_.try_emplace(endpoint, std::move(nas)).first->second;
}

std::vector<std::uint8_t> Exchanges::random_identifiers() {
    std::vector<std::uint8_t> identifiers(limits_.source_ports);
    std::ranges::generate(identifiers, [this] { return static_cast<std::uint8_t>(random_()); });
    return identifiers;
}

std::size_t Exchanges::in_flight_limit(const Endpoint& nas) const {
    const auto found = nases_.find(nas);
    return found == nases_.end() ? limits_.in_flight_per_nas_min : found->second.in_flight_limit;
}

void Exchanges::wait_at(Ticket ticket, Exchange& exchange, Time due) {
    due_.erase({exchange.due, ticket});
    exchange.due = due;
    due_.emplace(due, ticket);
}

void Exchanges::act_on(Ticket ticket, Moment now) {
    auto& exchange = exchanges_.at(ticket);
    if (!exchange.retransmission) {
        auto& waiting = nas_of(exchange).waiting;
        const Endpoint endpoint = exchange.target.nas;
        waiting.erase(std::ranges::find(waiting, ticket));
        finish(ticket, {Outcome::Result::overloaded, exchange.course.step().kind, {}});
        return settle(endpoint, now.time);
    }
    if (!exchange.retransmission->repeat(now.time, random_))
        return conclude(ticket, exchange, std::nullopt, now.time);
    nas_of(exchange).in_flight_limit = limits_.in_flight_per_nas_min;
    put_out(exchange, true);
    wait_at(ticket, exchange, exchange.retransmission->due());
}

// NASes take turns, one packet each.
void Exchanges::give_turns(Moment now) {
    while (!turns_.empty() && may_send_at() <= now.time) {
        const auto endpoint = turns_.front();
        turns_.pop_front();
        auto& nas = nases_.at(endpoint);
        nas.has_turn = false;
        if (!nas.waiting.empty()) {
            const auto ticket = nas.waiting.front();
            nas.waiting.pop_front();
            transmit(ticket, exchanges_.at(ticket), nas, now);
        }
        settle(endpoint, now.time);
    }
}

void Exchanges::transmit(Ticket ticket, Exchange& exchange, Nas& nas, Moment now) {
    const auto step = exchange.course.step();
    const auto id = nas.identifiers.take(now.time);
    BOOST_ASSERT(id);
    auto bytes = encode(exchange.request, step, id->identifier, now.date, exchange.target.secret);
    if (!bytes) {
        nas.identifiers.release(*id, now.time);
        return finish(ticket, {Outcome::Result::unsendable, step.kind, {}});
    }
    exchange.id = *id;
    exchange.bytes = *std::move(bytes);
    exchange.retransmission.emplace(limits_.retransmission, now.time, random_);
    nas.in_flight.emplace(*id, ticket);
    send_slot_ = std::max(send_slot_, now.time) + limits_.send_interval;
    put_out(exchange, false);
    wait_at(ticket, exchange, exchange.retransmission->due());
}

void Exchanges::put_out(const Exchange& exchange, bool is_repeat) {
    transmissions_.push_back({.nas = exchange.target.nas,
                              .source = exchange.id.source,
                              .bytes = exchange.bytes,
                              .kind = exchange.course.step().kind,
                              .is_repeat = is_repeat});
}

void Exchanges::conclude(Ticket ticket, Exchange& exchange, const std::optional<Answer>& answer, Time now) {
    const Endpoint endpoint = exchange.target.nas;
    auto& nas = nas_of(exchange);
    nas.in_flight.erase(exchange.id);
    nas.identifiers.release(exchange.id, now);
    exchange.retransmission.reset();
    if (const auto outcome = exchange.course.conclude(exchange.request, answer)) {
        finish(ticket, *outcome);
    } else {
        nas.waiting.push_front(ticket);
        wait_at(ticket, exchange, now + limits_.waiting_max);
    }
    settle(endpoint, now);
}

void Exchanges::finish(Ticket ticket, const Outcome& outcome) {
    finished_.push_back({ticket, outcome});
    const auto found = exchanges_.find(ticket);
    if (found == exchanges_.end()) return;
    due_.erase({found->second.due, ticket});
    exchanges_.erase(found);
}

// After any change at a NAS: has it a turn, must it wait for an Identifier, or is it to be forgotten?
void Exchanges::settle(const Endpoint& endpoint, Time now) {
    auto& nas = nases_.at(endpoint);
    if (nas.wake_up) wake_ups_.erase({*nas.wake_up, endpoint});
    nas.wake_up.reset();
    if (nas.has_turn) return;

    const bool is_idle = nas.waiting.empty() && nas.in_flight.empty();
    const bool may_send = !nas.waiting.empty() && nas.in_flight.size() < nas.in_flight_limit;
    if (may_send && nas.identifiers.next_free_at() <= now) {
        nas.has_turn = true;
        turns_.push_back(endpoint);
    } else if (may_send || is_idle) {
        nas.wake_up = may_send ? nas.identifiers.next_free_at() : nas.identifiers.all_rested_at();
        wake_ups_.emplace(*nas.wake_up, endpoint);
    }
}

void Exchanges::wake(const Endpoint& endpoint, Time now) {
    const auto& nas = nases_.at(endpoint);
    if (!nas.waiting.empty() || !nas.in_flight.empty()) return settle(endpoint, now);
    if (next_identifiers_.size() >= nases_remembered_max) next_identifiers_.erase(next_identifiers_.begin());
    next_identifiers_.insert_or_assign(endpoint, nas.identifiers.nexts());
    wake_ups_.erase({*nas.wake_up, endpoint});
    nases_.erase(endpoint);
}

}  // namespace hourglass::radius::dynamic_authorization
