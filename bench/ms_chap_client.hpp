// The client's side of MS-CHAPv2 (RFC 2759), as it travels in an Access-Request (RFC 2548).
#pragma once

#include "nas/packet.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>

namespace hourglass::bench {

class MsChapClient {
public:
    using Challenge = std::array<std::uint8_t, 16>;

    // Throws std::runtime_error if OpenSSL's legacy provider, which has MD4 and DES, cannot be loaded.
    MsChapClient();
    ~MsChapClient();
    MsChapClient(const MsChapClient&) = delete;
    MsChapClient& operator=(const MsChapClient&) = delete;

    // Adds MS-CHAP-Challenge and MS-CHAP2-Response. The name and the password are ASCII.
    void add_to(nas::Request& request, std::uint8_t identifier, std::string_view name,
                std::string_view password, const Challenge& authenticator_challenge,
                const Challenge& peer_challenge);

private:
    struct Algorithms;
    std::unique_ptr<Algorithms> algorithms_;
};

}  // namespace hourglass::bench
