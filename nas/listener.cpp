#include "nas/listener.hpp"

#include "nas/device.hpp"

namespace hourglass::nas {

namespace asio = boost::asio;
using asio::ip::udp;

namespace {

bool is_disconnect(View request) {
    return code_of(request) == static_cast<std::uint8_t>(Code::disconnect_request);
}

bool is_known(View request) {
    return is_disconnect(request) || code_of(request) == static_cast<std::uint8_t>(Code::coa_request);
}

enum class Way { in, out };

}  // namespace

Listener::Listener(asio::io_context& loop, const asio::ip::address_v4& address, const Plan& plan,
                   const Secret& secret, Tally& tally)
    : socket_(loop, udp::endpoint(address, plan.coa_port)), plan_(plan), secret_(secret), tally_(tally) {}

asio::awaitable<void> Listener::serve(Dice dice) {
    Octets datagram(packet_octets_max);
    for (std::uint64_t count = 0; socket_.is_open(); ++count) {
        udp::endpoint peer;
        const auto [error, size] = co_await socket_.async_receive_from(asio::buffer(datagram), peer,
                                                                       asio::as_tuple(asio::use_awaitable));
        if (error) continue;
        if (dice.of(Way::in).of(count).falls(plan_.weather.loss)) {
            ++tally_.lost;
            continue;
        }
        const auto reply = answer(View(datagram).first(size));
        if (reply.empty()) continue;
        if (dice.of(Way::out).of(count).falls(plan_.weather.loss)) {
            ++tally_.lost;
            continue;
        }
        boost::system::error_code ignored;
        socket_.send_to(asio::buffer(reply), peer, {}, ignored);
    }
}

Octets Listener::answer(View request) {
    if (!is_authentic(request, secret_) || !is_known(request)) {
        ++tally_.foreign;
        return {};
    }
    const Octets key(request.begin(), request.end());
    if (const auto repeated = answered_.find(key); repeated != answered_.end()) return repeated->second;
    if (answered_.size() == answered_entries_max) answered_.clear();
    return answered_[key] = react(request);
}

Octets Listener::react(View request) {
    ++(is_disconnect(request) ? tally_.disconnects : tally_.changes);
    const auto session_id = find_text(request, Attribute::acct_session_id);
    if (session_id.empty()) return answer_to(request, ErrorCause::missing_attribute, secret_);
    const auto found = online_.find(session_id);
    const auto user_name = find_text(request, Attribute::user_name);
    if (found == online_.end() || (!user_name.empty() && user_name != found->second->user_name()))
        return answer_to(request, ErrorCause::session_context_not_found, secret_);

    auto& device = *found->second;
    switch (device.reaction()) {
        case Reaction::honour:
            if (is_disconnect(request)) {
                device.disconnect();
            } else if (const auto timeout = find_number(request, Attribute::session_timeout)) {
                device.limit_to(std::chrono::seconds(*timeout));
            }
            return answer_to(request, {}, secret_);
        case Reaction::ack_only:
            return answer_to(request, {}, secret_);
        case Reaction::nak:
            return answer_to(request, ErrorCause::administratively_prohibited, secret_);
        case Reaction::ignore:
            return {};
    }
    return {};
}

}  // namespace hourglass::nas
