// A NAS that is asked to end and change sessions: it has an address of its own, listens for Disconnect- and
// CoA-Requests there, and says what the story tells it to.
#pragma once

#include "tests/integration/clients.hpp"

#include <netinet/in.h>

namespace hourglass::test {

class ListeningNas {
public:
    explicit ListeningNas(std::string address);
    ~ListeningNas();
    ListeningNas(const ListeningNas&) = delete;
    ListeningNas& operator=(const ListeningNas&) = delete;

    // Its [[radius.client]].
    std::string settings() const;

    // Reports until it is acknowledged; false if it never was.
    bool report(const Daemon& daemon, nas::AcctStatus status, const std::string& user,
                const std::string& session, std::uint32_t seconds = 0) const;

    // The next request; nullopt if none came within the time limit.
    std::optional<nas::Octets> hear(std::chrono::milliseconds time_limit);
    // Answers what was heard last: an ACK, or a NAK that says why.
    void answer(const nas::Octets& request, std::optional<nas::ErrorCause> refusal = {});

private:
    std::string address_;
    nas::Secret secret_{nas_secret};
    int socket_;
    std::uint16_t port_{};
    sockaddr_in peer_{};
};

bool is_disconnect(const nas::Octets& request);
bool is_change(const nas::Octets& request);

}  // namespace hourglass::test
