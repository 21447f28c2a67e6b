// A NAS as dynamic authorization meets it: takes Disconnect- and CoA-Requests on a UDP port of 127.0.0.1 and
// reacts to each as it was told to.
#pragma once

#include "radius/dynamic_authorization.hpp"
#include "radius/packet_writer.hpp"
#include "tests/support/radius_packets.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <deque>
#include <optional>

namespace hourglass::test {

struct Reaction {
    enum class Answer : std::uint8_t { ack, nak, none };
    Answer answer{};
    std::optional<std::uint32_t> error_cause{};
    bool is_forged = false;  // signed with another secret
    bool is_from_other_port = false;
    int copies = 1;
    std::chrono::milliseconds delay{0};
};

inline constexpr Reaction ack{};
inline constexpr Reaction silence{.answer = Reaction::Answer::none};
inline constexpr Reaction nak(std::optional<std::uint32_t> error_cause) {
    return {.answer = Reaction::Answer::nak, .error_cause = error_cause};
}

// The answer to a Disconnect- or CoA-Request, signed.
inline Octets answer_to(Bytes request_octets, const Reaction& reaction, std::string_view secret) {
    using radius::Code;
    const auto request = radius::decode(request_octets).value();
    const bool is_coa = request.code() == Code::coa_request;
    const bool is_ack = reaction.answer == Reaction::Answer::ack;
    const auto code = is_ack ? (is_coa ? Code::coa_ack : Code::disconnect_ack)
                             : (is_coa ? Code::coa_nak : Code::disconnect_nak);
    radius::PacketWriter answer(code, request.identifier());
    if (reaction.error_cause) answer.add(radius::attr::error_cause, *reaction.error_cause);
    return answer.sign(request.authenticator(), reaction.is_forged ? "another secret" : secret).value();
}

class FakeNas {
public:
    using udp = boost::asio::ip::udp;

    FakeNas(boost::asio::io_context& loop, std::string secret)
        : secret_(std::move(secret)),
          socket_(loop, udp::endpoint(boost::asio::ip::address_v4::loopback(), 0)),
          other_socket_(loop, udp::endpoint(boost::asio::ip::address_v4::loopback(), 0)) {
        boost::asio::co_spawn(loop, serve(), [](const std::exception_ptr&) {});
    }
    ~FakeNas() { socket_.close(); }
    FakeNas(const FakeNas&) = delete;
    FakeNas& operator=(const FakeNas&) = delete;

    std::uint16_t port() const { return socket_.local_endpoint().port(); }

    // One for each packet in turn; the last of them for all that follow. Without any, ACKs.
    void react(const std::vector<Reaction>& reactions) {
        reactions_.assign(reactions.begin(), reactions.end());
    }

    const std::vector<Octets>& received() const { return received_; }

private:
    boost::asio::awaitable<void> serve() {
        for (;;) {
            Octets request(radius::packet_octets_max);
            udp::endpoint peer;
            const auto size = co_await socket_.async_receive_from(boost::asio::buffer(request), peer,
                                                                  boost::asio::use_awaitable);
            request.resize(size);
            received_.push_back(request);
            const auto reaction = reactions_.front();
            if (reactions_.size() > 1) reactions_.pop_front();
            if (reaction.answer == Reaction::Answer::none) continue;
            boost::asio::steady_timer timer(socket_.get_executor(), reaction.delay);
            co_await timer.async_wait(boost::asio::use_awaitable);
            const auto answer = answer_to(request, reaction, secret_);
            for (int i = 0; i < reaction.copies; ++i)
                (reaction.is_from_other_port ? other_socket_ : socket_)
                    .send_to(boost::asio::buffer(answer), peer);
        }
    }

    std::string secret_;
    udp::socket socket_;
    udp::socket other_socket_;
    std::deque<Reaction> reactions_{ack};
    std::vector<Octets> received_;
};

// Bob's session at the NAS of that address, with every identifier.
inline radius::dynamic_authorization::Request request_for(
    std::string_view session_id,
    radius::dynamic_authorization::Kind kind = radius::dynamic_authorization::Kind::disconnect) {
    using boost::asio::ip::make_address;
    return {
        .kind = kind,
        .nas = make_address("127.0.0.1"),
        .session = {.user_name = "bob",
                    .acct_session_id = std::string(session_id),
                    .nas_identifier = "lobby",
                    .nas_address = make_address("192.0.2.7"),
                    .calling_station_id = "02-00-00-5E-BD-02",
                    .called_station_id = "C6-51-8E-28-1C-43:guest",
                    .nas_port = 7,
                    .nas_port_id = {},
                    .framed_address = make_address("198.18.0.9"),
                    .klass = "gold"},
        .changes = {},
    };
}

}  // namespace hourglass::test
