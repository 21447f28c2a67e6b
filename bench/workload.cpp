#include "bench/workload.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace hourglass::bench {

using nas::AcctStatus;
using nas::Attribute;
using nas::Code;

namespace {

constexpr std::uint32_t interim_seconds = 60;
constexpr std::uint32_t loopback = 0x7f000001;

}  // namespace

std::string user_name_of(std::uint32_t index) {
    std::array<char, 24> name{};
    std::snprintf(name.data(), name.size(), "bench%07u", index);
    return name.data();
}

Workload::Workload(const WorkloadSettings& settings)
    : mode_(settings.mode),
      secret_(settings.secret),
      random_(settings.seed),
      user_(0, settings.users - 1),
      session_seconds_(settings.users),
      run_id_(settings.run_id) {}

nas::Authenticator Workload::random_authenticator() {
    const std::array words{random_(), random_()};
    nas::Authenticator authenticator{};
    std::ranges::copy(std::as_bytes(std::span(words)),
                      std::as_writable_bytes(std::span(authenticator)).begin());
    return authenticator;
}

nas::Octets Workload::next(std::uint8_t identifier) {
    const auto user = user_(random_);
    const auto name = user_name_of(user);
    if (mode_ == Mode::interim) {
        session_seconds_[user] += interim_seconds;
        return nas::Request(Code::accounting_request, identifier, {})
            .add(Attribute::user_name, name)
            .add(Attribute::nas_ip_address, loopback)
            .add(Attribute::acct_status_type, static_cast<std::uint32_t>(AcctStatus::interim_update))
            .add(Attribute::acct_session_id, std::to_string(run_id_) + "-" + name)
            .add(Attribute::acct_session_time, session_seconds_[user])
            .sign(secret_);
    }
    return nas::Request(Code::access_request, identifier, random_authenticator())
        .add(Attribute::user_name, name)
        .add_password(name, secret_)
        .add(Attribute::nas_ip_address, loopback)
        .sign(secret_);
}

bool Workload::is_expected(nas::View response, nas::View request) const {
    if (mode_ == Mode::echo) return std::ranges::equal(response, request);
    const auto wanted = mode_ == Mode::pap ? Code::access_accept : Code::accounting_response;
    return nas::code_of(response) == static_cast<std::uint8_t>(wanted) &&
           nas::answers(response, request, secret_);
}

}  // namespace hourglass::bench
