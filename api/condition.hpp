// What a daemon knows of its own condition, for /status/: what its thread of the API can say at once.
#pragma once

#include "store/record.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hourglass::api {

struct Disk {
    std::string path;
    std::uint64_t octets{};
    std::uint64_t octets_free{};  // for the daemon's own user
};

struct Condition {
    std::string version;
    std::chrono::sys_seconds started_at;
    std::size_t workers{};
    // As the settings have them.
    std::vector<std::string> auth;
    std::vector<std::string> acct;
    std::vector<std::string> api;
    std::string redis;  // where it is
    std::string settings_file;
    std::string settings_mistake;         // in the file as it is now; empty: it is good
    std::optional<Disk> state_directory;  // nullopt: it cannot be looked at
    std::optional<std::chrono::sys_seconds> certificate_expiration;  // nullopt: there is none
};

}  // namespace hourglass::api
