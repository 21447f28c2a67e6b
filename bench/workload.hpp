// What the load generator sends: one of N users picked at random, and what a NAS would say of him next.
#pragma once

#include "nas/packet.hpp"

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace hourglass::bench {

enum class Mode { pap, interim, echo };

struct WorkloadSettings {
    Mode mode{};
    std::string secret;
    std::uint32_t users{};   // user_name_of(0) to user_name_of(users - 1)
    std::uint32_t run_id{};  // tells the sessions of one run from those of another
    std::uint64_t seed{};
};

// What the benchmark calls its users; the password is the name.
std::string user_name_of(std::uint32_t index);

class Workload {
public:
    explicit Workload(const WorkloadSettings& settings);

    nas::Octets next(std::uint8_t identifier);
    // Is this the answer that a server in good order gives?
    bool is_expected(nas::View response, nas::View request) const;

private:
    nas::Authenticator random_authenticator();

    Mode mode_;
    nas::Secret secret_;
    std::mt19937_64 random_;
    std::uniform_int_distribution<std::uint32_t> user_;
    std::vector<std::uint32_t> session_seconds_;  // of each user's session, as last reported
    std::uint32_t run_id_;
};

}  // namespace hourglass::bench
