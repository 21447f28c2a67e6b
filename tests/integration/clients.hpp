// The programs and people that speak to the daemon: curl as the administrator, radclient as a NAS, and a NAS
// of our own that says what radclient cannot.
#pragma once

#include "nas/packet.hpp"
#include "tests/integration/daemon.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <optional>
#include <string>

namespace hourglass::test {

using Json = nlohmann::json;

using Headers = std::vector<std::string>;  // "Name: value"

struct ApiAnswer {
    int status{};
    std::string headers;
    Json body;  // null if there was none
};

// curl with the administrator's token. Paths are those below /api/v1.
class Administrator {
public:
    explicit Administrator(const Daemon& daemon) : daemon_(daemon) {}

    ApiAnswer ask(const std::string& method, const std::string& path, const Json& body = {},
                  const Headers& headers = {}) const;
    ApiAnswer ask_with_token(const std::string& token, const std::string& method, const std::string& path,
                             const Json& body = {}, const Headers& headers = {}) const;

    // A user of organization 1 with the password "hello" and these fields; returns the id.
    std::int64_t add_user(const std::string& name, const Json& fields = Json::object()) const;
    void change_user(std::int64_t id, const Json& fields) const;
    // user_time, as the API shows it now.
    std::int64_t time_left(std::int64_t id) const;
    // The same as of the last reports: it does not fall while a session runs.
    std::int64_t settled_time(std::int64_t id) const;

private:
    const Daemon& daemon_;
};

struct RadclientAnswer {
    std::string packet;  // "Access-Accept", "Access-Reject", "Accounting-Response"; empty for silence
    std::string text;    // all that radclient -x said

    bool has(const std::string& attribute) const { return text.find("\t" + attribute) != std::string::npos; }
};

struct RadclientOptions {
    std::string server = "127.0.0.1";
    std::string secret = nas_secret;
    int timeout_s = 5;
};

// `kind` is auth, acct or status, `attributes` as radclient reads them, separated by commas.
RadclientAnswer radclient(const Daemon& daemon, const std::string& kind, const std::string& attributes,
                          const RadclientOptions& options = {});

// A NAS with a source address of its own. It repeats like one too.
class Nas {
public:
    Nas(std::uint16_t port, const std::string& source_address, const std::string& secret = nas_secret,
        const std::string& server_address = "127.0.0.1");
    ~Nas();
    Nas(const Nas&) = delete;
    Nas& operator=(const Nas&) = delete;

    const nas::Secret& secret() const { return secret_; }
    std::uint8_t next_identifier() { return identifier_++; }

    void send(nas::View packet) const;
    std::optional<nas::Octets> receive(std::chrono::milliseconds time_limit) const;
    // Sends until an authentic answer comes; nullopt if none came within the time limit.
    std::optional<nas::Octets> ask(const nas::Octets& request, std::chrono::milliseconds time_limit) const;

    nas::Octets login(const std::string& user, const std::string& password);
    nas::Octets report(nas::AcctStatus status, const std::string& user, const std::string& session,
                       std::uint32_t seconds);
    nas::Octets status_server();

private:
    int socket_;
    nas::Secret secret_;
    std::uint8_t identifier_{};
};

inline constexpr std::chrono::milliseconds answer_time_limit{10'000};
inline constexpr std::chrono::milliseconds silence_time{700};  // how long no answer counts as none

// One metric without labels, as /metrics tells it.
std::int64_t metric(const Daemon& daemon, const std::string& name);

}  // namespace hourglass::test
