#include "bench/requests.hpp"

#include "bench/user_name.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>

namespace hourglass::bench {

using nas::AcctStatus;
using nas::Attribute;
using nas::Code;

namespace {

constexpr std::uint32_t loopback = 0x7f000001;
constexpr std::uint32_t first_framed_address = 0x0a000001;
constexpr std::uint32_t framed_service = 2;
constexpr std::uint32_t ppp = 1;
constexpr std::uint32_t by_radius = 1;
constexpr std::uint32_t wireless = 19;
constexpr std::uint32_t packets_a_second = 100;
constexpr std::uint32_t octets_in_a_second = 20'000;
constexpr std::uint32_t octets_out_a_second = 160'000;

template <class... Values>
std::string formatted(const char* format, Values... values) {
    std::array<char, 48> text{};
    std::snprintf(text.data(), text.size(), format, values...);
    return text.data();
}

}  // namespace

Requests::Requests(std::string secret, std::uint32_t run, std::uint64_t seed)
    : secret_(std::move(secret)), run_(run), random_(seed) {}

nas::Authenticator Requests::random_octets() {
    const std::array words{random_(), random_()};
    nas::Authenticator octets{};
    std::ranges::copy(std::as_bytes(std::span(words)), std::as_writable_bytes(std::span(octets)).begin());
    return octets;
}

// What both kinds of request tell of the NAS and of the user's line.
void Requests::add_line(nas::Request& request, const Stay& stay) const {
    const auto octet = [&](unsigned shift) { return stay.user >> shift & 0xffU; };
    request.add(Attribute::nas_ip_address, loopback)
        .add(Attribute::nas_identifier, "bench")
        .add(Attribute::nas_port, stay.user % 65'536)
        .add(Attribute::nas_port_type, wireless)
        .add(Attribute::service_type, framed_service)
        .add(Attribute::framed_protocol, ppp)
        .add(Attribute::calling_station_id,
             formatted("02-00-%02X-%02X-%02X-%02X", octet(24), octet(16), octet(8), octet(0)))
        .add(Attribute::called_station_id, "02-00-00-00-00-00:bench")
        .add(Attribute::acct_session_id, formatted("%08X%08X", run_, stay.serial));
}

nas::Octets Requests::login(std::uint8_t identifier, Method method, const Stay& stay) {
    const auto name = user_name_of(stay.user);
    nas::Request request(Code::access_request, identifier, random_octets());
    request.add(Attribute::user_name, name);
    if (method == Method::pap) request.add_password(name, secret_);
    if (method == Method::chap) request.add_chap_password(name, secret_);
    if (method == Method::ms_chap) {
        if (!ms_chap_) ms_chap_.emplace();
        ms_chap_->add_to(request, identifier, name, name, random_octets(), random_octets());
    }
    add_line(request, stay);
    return request.sign(secret_);
}

nas::Octets Requests::report(std::uint8_t identifier, AcctStatus status, const Stay& stay) const {
    nas::Request request(Code::accounting_request, identifier, {});
    request.add(Attribute::acct_status_type, static_cast<std::uint32_t>(status))
        .add(Attribute::user_name, user_name_of(stay.user))
        .add(Attribute::framed_ip_address, first_framed_address + stay.user)
        .add(Attribute::acct_authentic, by_radius)
        .add(Attribute::acct_delay_time, std::uint32_t{0})
        .add(Attribute::event_timestamp, static_cast<std::uint32_t>(std::time(nullptr)));
    add_line(request, stay);
    if (status != AcctStatus::start) {
        request.add(Attribute::acct_session_time, stay.seconds)
            .add(Attribute::acct_input_octets, stay.seconds * octets_in_a_second)
            .add(Attribute::acct_output_octets, stay.seconds * octets_out_a_second)
            .add(Attribute::acct_input_packets, stay.seconds * packets_a_second)
            .add(Attribute::acct_output_packets, stay.seconds * packets_a_second);
    }
    if (status == AcctStatus::stop) {
        request.add(Attribute::acct_terminate_cause,
                    static_cast<std::uint32_t>(nas::TerminateCause::user_request));
    }
    if (!stay.klass.empty()) request.add(Attribute::klass, nas::View(stay.klass));
    return request.sign(secret_);
}

bool Requests::is_answer(nas::View response, nas::View request, Code expected) const {
    return nas::code_of(response) == static_cast<std::uint8_t>(expected) &&
           nas::answers(response, request, secret_);
}

}  // namespace hourglass::bench
