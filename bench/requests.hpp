// What a NAS of the benchmark says of a user and of his session, in each kind of request.
#pragma once

#include "bench/ms_chap_client.hpp"
#include "nas/packet.hpp"

#include <cstdint>
#include <optional>
#include <random>
#include <string>

namespace hourglass::bench {

enum class Method { pap, chap, ms_chap };

// One stay of one user, as far as requests tell of it.
struct Stay {
    std::uint32_t user{};
    std::uint32_t serial{};   // tells the stays of one run apart
    std::uint32_t seconds{};  // as last reported
    nas::Octets klass;        // as the Accept gave it; empty: it gave none
};

class Requests {
public:
    // `run` is a part of every Acct-Session-Id, so that the sessions of two runs differ.
    Requests(std::string secret, std::uint32_t run, std::uint64_t seed);

    nas::Octets login(std::uint8_t identifier, Method method, const Stay& stay);
    nas::Octets report(std::uint8_t identifier, nas::AcctStatus status, const Stay& stay) const;
    bool is_answer(nas::View response, nas::View request, nas::Code expected) const;

private:
    nas::Authenticator random_octets();
    void add_line(nas::Request& request, const Stay& stay) const;

    nas::Secret secret_;
    std::uint32_t run_;
    std::mt19937_64 random_;
    std::optional<MsChapClient> ms_chap_;
};

}  // namespace hourglass::bench
