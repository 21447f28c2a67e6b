// The rows of settings.def as tables: what loading, printing, the example file and the manual walk over.
#pragma once

#include "daemon/setting_rules.hpp"
#include "daemon/settings.hpp"

#include <array>
#include <limits>
#include <string_view>
#include <type_traits>

namespace hourglass::daemon {

enum class InForce { after_reload, after_restart };

template <class Record>
struct SettingRow {
    std::string_view section;  // as in [section]; for clients, [[section]]
    std::string_view key;
    std::string_view fallback;  // TOML; empty: the setting is required
    const Rule& rule;
    InForce in_force;
    std::string_view help;
    void (*assign)(Record&, SettingValue);
    SettingValue (*read)(const Record&);
};

inline constexpr std::string_view client_section = "radius.client";
inline constexpr std::string_view realm_section = "radius.realm";

#define SETTING(section, key, Type, fallback, rule, in_force, help)                    \
    SettingRow<Settings>{                                                              \
        #section,                                                                      \
        #key,                                                                          \
        fallback,                                                                      \
        rule,                                                                          \
        InForce::in_force,                                                             \
        help,                                                                          \
        [](Settings& record, SettingValue value) {                                     \
            record.section##_##key = std::get<setting_type::Type>(std::move(value));   \
        },                                                                             \
        [](const Settings& record) -> SettingValue { return record.section##_##key; }, \
    },
#define CLIENT_SETTING(key, Type, fallback, rule, help)
#define REALM_SETTING(key, Type, fallback, rule, help)
inline constexpr auto setting_rows = std::to_array<SettingRow<Settings>>({
#include "daemon/settings.def"
});
#undef SETTING
#undef CLIENT_SETTING
#undef REALM_SETTING

// Of the rows of a list, [[section]].
template <class Record, auto member>
constexpr SettingRow<Record> listed_row(std::string_view section, std::string_view key,
                                        std::string_view fallback, const Rule& rule, std::string_view help) {
    return {section,
            key,
            fallback,
            rule,
            InForce::after_reload,
            help,
            [](Record& record, SettingValue value) {
                using Value = std::remove_cvref_t<decltype(record.*member)>;
                record.*member = std::get<Value>(std::move(value));
            },
            [](const Record& record) -> SettingValue { return record.*member; }};
}

#define SETTING(section, key, Type, fallback, rule, in_force, help)
#define CLIENT_SETTING(key, Type, fallback, rule, help) \
    listed_row<ClientSettings, &ClientSettings::key>(client_section, #key, fallback, rule, help),
#define REALM_SETTING(key, Type, fallback, rule, help)
inline constexpr auto client_rows = std::to_array<SettingRow<ClientSettings>>({
#include "daemon/settings.def"
});
#undef CLIENT_SETTING
#undef REALM_SETTING

#define CLIENT_SETTING(key, Type, fallback, rule, help)
#define REALM_SETTING(key, Type, fallback, rule, help) \
    listed_row<RealmSettings, &RealmSettings::key>(realm_section, #key, fallback, rule, help),
inline constexpr auto realm_rows = std::to_array<SettingRow<RealmSettings>>({
#include "daemon/settings.def"
});
#undef SETTING
#undef CLIENT_SETTING
#undef REALM_SETTING

}  // namespace hourglass::daemon
