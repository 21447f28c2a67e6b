#include "tests/integration/clients.hpp"

#include "tests/integration/secrets.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <poll.h>
#include <random>
#include <regex>
#include <stdexcept>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>

namespace hourglass::test {

using nas::AcctStatus;
using nas::Attribute;
using nas::Code;
using Clock = std::chrono::steady_clock;

namespace {

constexpr std::chrono::milliseconds repeat_interval{200};

nas::Authenticator random_authenticator() {
    std::random_device random;
    nas::Authenticator authenticator{};
    std::ranges::generate(authenticator, [&] { return static_cast<std::uint8_t>(random()); });
    return authenticator;
}

// curl -i prints headers, an empty line, the body.
ApiAnswer parse_answer(const std::string& text) {
    const auto headers_end = text.find("\r\n\r\n");
    if (headers_end == std::string::npos) throw std::runtime_error("no answer of the API: " + text);
    ApiAnswer answer{
        .status = std::stoi(text.substr(text.find(' '))), .headers = text.substr(0, headers_end), .body = {}};
    const auto body = text.substr(headers_end + 4);
    if (!body.empty()) answer.body = Json::parse(body);
    return answer;
}

std::string port_of(const Daemon& daemon, const std::string& kind) {
    return std::to_string(kind == "acct" ? daemon.ports().acct : daemon.ports().auth);
}

}  // namespace

ApiAnswer Administrator::ask(const std::string& method, const std::string& path, const Json& body,
                             const Headers& headers) const {
    return ask_with_token(daemon_.token(), method, path, body, headers);
}

ApiAnswer Administrator::ask_with_token(const std::string& token, const std::string& method,
                                        const std::string& path, const Json& body,
                                        const Headers& headers) const {
    note_secret(token);
    note_secrets_of(body);
    Arguments arguments{"curl", "-s", "-i", "--max-time", "20", "-X", method};
    if (!token.empty()) arguments.insert(arguments.end(), {"-H", "Authorization: Bearer " + token});
    if (!body.is_null()) {
        arguments.insert(arguments.end(), {"-H", "Content-Type: application/json", "--data-binary", "@-"});
    }
    for (const auto& header : headers)
        arguments.insert(arguments.end(), {"-H", header});
    arguments.push_back(daemon_.api_url() + "/api/v1" + path);
    auto answer = parse_answer(run(arguments, {.input = body.is_null() ? "" : body.dump()}).output);
    note_secrets_of(answer.body);
    return answer;
}

std::int64_t Administrator::add_user(const std::string& name, const Json& fields) const {
    Json user{
        {"username",     name   },
        {"password",     "hello"},
        {"organization", 1      }
    };
    user.update(fields);
    const auto answer = ask("POST", "/user_token/", user);
    if (answer.status != 201) throw std::runtime_error("user not created: " + answer.body.dump());
    return answer.body.at("id").get<std::int64_t>();
}

void Administrator::change_user(std::int64_t id, const Json& fields) const {
    const auto answer = ask("PATCH", "/user_token/" + std::to_string(id) + "/", fields);
    if (answer.status != 200) throw std::runtime_error("user not changed: " + answer.body.dump());
}

std::int64_t Administrator::time_left(std::int64_t id) const {
    return ask("GET", "/user_token/" + std::to_string(id) + "/?balance=true")
        .body.at("user_time")
        .get<std::int64_t>();
}

std::int64_t Administrator::settled_time(std::int64_t id) const {
    return ask("GET", "/user_token/" + std::to_string(id) + "/ledger/")
        .body.at("balance")
        .get<std::int64_t>();
}

RadclientAnswer radclient(const Daemon& daemon, const std::string& kind, const std::string& attributes,
                          const RadclientOptions& options) {
    note_secret(options.secret);
    note_secrets_of_attributes(attributes);
    const auto finished = run({"radclient", "-x", "-r", "1", "-t", std::to_string(options.timeout_s),
                               options.server + ":" + port_of(daemon, kind), kind, options.secret},
                              {.input = attributes + "\n"});
    RadclientAnswer answer{.packet = {}, .text = finished.output + finished.errors};
    std::smatch match;
    if (std::regex_search(answer.text, match, std::regex("Received ([A-Za-z-]+) Id")))
        answer.packet = match[1];
    return answer;
}

Nas::Nas(std::uint16_t port, const std::string& source_address, const std::string& secret,
         const std::string& server_address)
    : socket_(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)), secret_(secret) {
    note_secret(secret);
    sockaddr_in source{};
    source.sin_family = AF_INET;
    inet_pton(AF_INET, source_address.c_str(), &source.sin_addr);
    sockaddr_in server{};
    server.sin_family = AF_INET;
    server.sin_port = htons(port);
    inet_pton(AF_INET, server_address.c_str(), &server.sin_addr);
    if (bind(socket_, reinterpret_cast<sockaddr*>(&source), sizeof source) != 0 ||
        connect(socket_, reinterpret_cast<sockaddr*>(&server), sizeof server) != 0) {
        throw std::system_error(errno, std::system_category(), "a NAS at " + source_address);
    }
}

Nas::~Nas() {
    close(socket_);
}

// An error here is that of an earlier datagram: the daemon's port was closed. A NAS goes on.
void Nas::send(nas::View packet) const {
    static_cast<void>(::send(socket_, packet.data(), packet.size(), 0));
}

std::optional<nas::Octets> Nas::receive(std::chrono::milliseconds time_limit) const {
    pollfd ready{.fd = socket_, .events = POLLIN, .revents = 0};
    if (poll(&ready, 1, static_cast<int>(time_limit.count())) <= 0) return std::nullopt;
    nas::Octets packet(nas::packet_octets_max);
    const auto count = recv(socket_, packet.data(), packet.size(), MSG_DONTWAIT);
    if (count < 0) return std::nullopt;
    packet.resize(static_cast<std::size_t>(count));
    return packet;
}

std::optional<nas::Octets> Nas::ask(const nas::Octets& request, std::chrono::milliseconds time_limit) const {
    const auto deadline = Clock::now() + time_limit;
    while (Clock::now() < deadline) {
        send(request);
        const auto repeat_at = std::min(deadline, Clock::now() + repeat_interval);
        while (Clock::now() < repeat_at) {
            const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(repeat_at - Clock::now());
            auto answer = receive(left);
            if (answer && nas::answers(*answer, request, secret_)) return answer;
        }
    }
    return std::nullopt;
}

nas::Octets Nas::login(const std::string& user, const std::string& password) {
    if (password != user) note_secret(password);
    return nas::Request(Code::access_request, next_identifier(), random_authenticator())
        .add(Attribute::user_name, user)
        .add_password(password, secret_)
        .add(Attribute::nas_identifier, std::string_view("story"))
        .sign(secret_);
}

nas::Octets Nas::report(AcctStatus status, const std::string& user, const std::string& session,
                        std::uint32_t seconds) {
    return nas::Request(Code::accounting_request, next_identifier(), {})
        .add(Attribute::acct_status_type, static_cast<std::uint32_t>(status))
        .add(Attribute::user_name, user)
        .add(Attribute::nas_identifier, std::string_view("story"))
        .add(Attribute::acct_session_id, session)
        .add(Attribute::acct_session_time, seconds)
        .sign(secret_);
}

nas::Octets Nas::status_server() {
    return nas::Request(Code::status_server, next_identifier(), random_authenticator()).sign(secret_);
}

std::int64_t metric(const Daemon& daemon, const std::string& name) {
    const auto text = run({"curl", "-s", daemon.api_url() + "/metrics"}).output;
    const auto at = text.find("\n" + name + " ");
    if (at == std::string::npos) throw std::runtime_error("there is no metric " + name);
    return std::stoll(text.substr(at + name.size() + 2));
}

}  // namespace hourglass::test
