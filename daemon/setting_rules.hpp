// What a value must be. A rule is a demand in words, which the sentence for the operator and the manual both
// use, and the test that goes with it; a value of another type never meets it.
#pragma once

#include "radius/clients.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

namespace hourglass::daemon {

using SettingValue =
    std::variant<bool, std::int64_t, std::string, std::vector<std::string>, std::vector<std::int64_t>,
                 radius::Requirement, std::map<std::string, std::string>>;

// As TOML would write it.
std::string to_toml(const SettingValue& value);

struct Rule {
    std::string (*demand)();  // goes after "must be"
    bool (*is_met)(const SettingValue&);
    std::string (*show)(const SettingValue&) = to_toml;  // leaves out what is secret
};

namespace rules {

bool is_integer_between(const SettingValue& value, std::int64_t min, std::int64_t max);
std::string an_integer_between(std::int64_t min, std::int64_t max);

template <std::int64_t min, std::int64_t max>
inline constexpr Rule between{
    .demand = [] { return an_integer_between(min, max); },
    .is_met = [](const SettingValue& value) { return is_integer_between(value, min, max); },
};

extern const Rule absolute_path;
extern const Rule log_level;
extern const Rule log_format;
extern const Rule grace;
extern const Rule reply_message;
extern const Rule reply_messages;
extern const Rule addresses;
extern const Rule udp_addresses;
extern const Rule source_addresses;
extern const Rule tcp_addresses;
extern const Rule optional_path;
extern const Rule optional_file;
extern const Rule paths;
extern const Rule redis_address;
extern const Rule boolean;
extern const Rule thresholds;
extern const Rule client_name;
extern const Rule network;
extern const Rule shared_secret;
extern const Rule coa_requests;
extern const Rule requirement;
extern const Rule name_case;
extern const Rule unknown_realm;
extern const Rule realm;

}  // namespace rules

}  // namespace hourglass::daemon
