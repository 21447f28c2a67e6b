// Everything that is to be known of a running daemon at one moment, read through its API: what `status` shows
// and `check` judges.
#pragma once

#include "cli/api.hpp"
#include "cli/failure.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace hourglass::cli {

inline constexpr std::uint64_t looked_at_max = 1000;  // NASes, and addresses that packets came from

struct Facts {
    std::string url;
    bool is_local{};  // the daemon is on this machine
    std::chrono::sys_seconds now{};
    bool is_alive{};
    bool is_ready{};
    Json status{};          // of /status/; null if it was refused
    Json nases{};           // of /nas/; null likewise
    Json sources{};         // of /nas/seen/; null likewise
    std::string refusal{};  // why something is null
    ExitStatus refused_as{};
    std::string metrics{};                       // text; empty: not open to us
    std::optional<bool> is_clock_disciplined{};  // of this machine, by NTP or the like; nullopt: nobody knows
};

// Throws Failure if nobody answers.
Facts gather_facts(Api& api);

// "2027-01-31T12:00:00Z"; nullopt for what is no such text.
std::optional<std::chrono::sys_seconds> parse_time(const Json& text);

}  // namespace hourglass::cli
