// The settings as the rest of the daemon reads them: plain members, made from the rows of settings.def. What
// is in a Configuration has been checked: addresses parse, limits hold, clients do not collide.
#pragma once

#include "radius/clients.hpp"
#include "radius/directory.hpp"
#include "radius/user_names.hpp"

#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace hourglass::daemon {

namespace setting_type {
using Boolean = bool;
using Integer = std::int64_t;
using Text = std::string;
using TextList = std::vector<std::string>;
using IntegerList = std::vector<std::int64_t>;
using TextTable = std::map<std::string, std::string>;
using Requirement = radius::Requirement;
}  // namespace setting_type

struct Settings {
#define SETTING(section, key, Type, fallback, rule, in_force, help) setting_type::Type section##_##key{};
#define CLIENT_SETTING(key, Type, fallback, rule, help)
#define REALM_SETTING(key, Type, fallback, rule, help)
#include "daemon/settings.def"
#undef SETTING
#undef CLIENT_SETTING
#undef REALM_SETTING
    std::vector<std::uint32_t> lines;  // where each row was set, in the order of the rows; 0: the default
};

// One [[radius.client]].
struct ClientSettings {
#define SETTING(section, key, Type, fallback, rule, in_force, help)
#define CLIENT_SETTING(key, Type, fallback, rule, help) setting_type::Type key{};
#define REALM_SETTING(key, Type, fallback, rule, help)
#include "daemon/settings.def"
#undef SETTING
#undef CLIENT_SETTING
#undef REALM_SETTING
    std::vector<std::uint32_t> lines;
};

// One [[radius.realm]].
struct RealmSettings {
#define SETTING(section, key, Type, fallback, rule, in_force, help)
#define CLIENT_SETTING(key, Type, fallback, rule, help)
#define REALM_SETTING(key, Type, fallback, rule, help) setting_type::Type key{};
#include "daemon/settings.def"
#undef SETTING
#undef CLIENT_SETTING
#undef REALM_SETTING
    std::vector<std::uint32_t> lines;
};

struct Configuration {
    std::string file;
    bool has_file{};  // false: it does not exist, all defaults
    Settings settings;
    std::vector<ClientSettings> clients;
    std::vector<RealmSettings> realms;
};

// A sentence for the operator, with file and line where there is one.
class SettingsError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

inline constexpr const char* default_settings_file = "/etc/hourglass/hourglass.toml";

// Throws SettingsError. A file that does not exist is an error only if `must_exist`.
Configuration load_configuration(const std::string& path, bool must_exist);

// The same from a text; `name` stands for the file in sentences.
Configuration parse_configuration(const std::string& text, const std::string& name);

// Every setting with its value and where it was set, as TOML; secrets are masked.
std::string print_configuration(const Configuration& configuration);

// etc/hourglass.toml: every setting, explained, with its default commented out.
std::string example_configuration();

// docs/settings.md.
std::string settings_manual();

// What a reload found changed: by now in force, or waiting for a restart.
struct Reloaded {
    std::vector<std::string> in_force;
    std::vector<std::string> after_restart;
};

// Takes over from `fresh` what can change while running.
Reloaded reload_configuration(Configuration& running, const Configuration& fresh);

// What is accepted and still unwise, as sentences with file and line.
std::vector<std::string> warnings_of(const Configuration& configuration);

std::vector<radius::Client> radius_clients(const Configuration& configuration);

// `directory` tells which organizations are below that of a realm.
radius::NameRules name_rules(const Configuration& configuration, const radius::Directory& directory);

}  // namespace hourglass::daemon
