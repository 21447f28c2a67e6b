#include "cli/session_filter.hpp"

#include "cli/show.hpp"
#include "cli/usage.hpp"
#include "cli/user_argument.hpp"

#include <array>

namespace hourglass::cli {

namespace {

struct FilterFlag {
    const char* flag;
    const char* parameter;
    const char* help;
};

constexpr std::array filter_flags{
    FilterFlag{"--username",     "username",           "Under exactly this name, also of nobody that there is"},
    FilterFlag{"--nas",          "nas",                "At this NAS: its name, NAS-Identifier or address"     },
    FilterFlag{"--organization", "organization",       "Of this organization's users, by id"                  },
    FilterFlag{"--device",       "calling_station_id", "Of this device: its Calling-Station-Id"               },
};

}  // namespace

Query SessionFilter::resolve(Api& api) const {
    auto resolved = query;
    if (!user.empty()) resolved.emplace_back("user", shown(api.find_user(user).at("id")));
    return resolved;
}

void add_session_filter_flags(CLI::App& command, SessionFilter& filter) {
    command.add_option("--user", filter.user, std::string("Of this user. ") + user_help);
    for (const auto& row : filter_flags) {
        command.add_option_function<std::string>(
            row.flag,
            [&filter, parameter = row.parameter](const std::string& text) {
                filter.query.emplace_back(parameter, text);
            },
            row.help);
    }
    command.get_option("--organization")->check(expect_number);
}

}  // namespace hourglass::cli
