#include "tests/integration/listening_nas.hpp"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>

namespace hourglass::test {

ListeningNas::ListeningNas(std::string address)
    : address_(std::move(address)), socket_(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in name{};
    name.sin_family = AF_INET;
    inet_pton(AF_INET, address_.c_str(), &name.sin_addr);
    socklen_t length = sizeof name;
    auto* const any = reinterpret_cast<sockaddr*>(&name);
    if (bind(socket_, any, length) != 0 || getsockname(socket_, any, &length) != 0)
        throw std::system_error(errno, std::generic_category(), "a NAS at " + address_);
    port_ = ntohs(name.sin_port);
}

ListeningNas::~ListeningNas() {
    close(socket_);
}

std::string ListeningNas::settings() const {
    return "[[radius.client]]\nname = \"nas-" + address_ + "\"\naddress = \"" + address_ + "\"\nsecret = \"" +
           nas_secret + "\"\ncoa_port = " + std::to_string(port_) + "\n";
}

bool ListeningNas::report(const Daemon& daemon, nas::AcctStatus status, const std::string& user,
                          const std::string& session, std::uint32_t seconds) const {
    Nas reporter(daemon.ports().acct, address_);
    return reporter.ask(reporter.report(status, user, session, seconds), answer_time_limit).has_value();
}

std::optional<nas::Octets> ListeningNas::hear(std::chrono::milliseconds time_limit) {
    pollfd readable{socket_, POLLIN, 0};
    if (poll(&readable, 1, static_cast<int>(time_limit.count())) <= 0) return std::nullopt;
    nas::Octets request(nas::packet_octets_max);
    socklen_t length = sizeof peer_;
    const auto size =
        recvfrom(socket_, request.data(), request.size(), 0, reinterpret_cast<sockaddr*>(&peer_), &length);
    if (size < 0) return std::nullopt;
    request.resize(static_cast<std::size_t>(size));
    if (!nas::is_authentic(request, secret_)) throw std::runtime_error("a request that nobody may believe");
    return request;
}

void ListeningNas::answer(const nas::Octets& request, std::optional<nas::ErrorCause> refusal) {
    const auto answer = nas::answer_to(request, refusal, secret_);
    sendto(socket_, answer.data(), answer.size(), 0, reinterpret_cast<const sockaddr*>(&peer_), sizeof peer_);
}

bool is_disconnect(const nas::Octets& request) {
    return nas::code_of(request) == static_cast<std::uint8_t>(nas::Code::disconnect_request);
}

bool is_change(const nas::Octets& request) {
    return nas::code_of(request) == static_cast<std::uint8_t>(nas::Code::coa_request);
}

}  // namespace hourglass::test
