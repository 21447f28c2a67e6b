#include "cli/user_filters.hpp"

#include "cli/usage.hpp"

namespace hourglass::cli {

void add_user_filter_flags(CLI::App& command, Query& filters) {
    for (const auto& [flag, parameter, help] : {
             std::tuple{"--username",     "username",     "Only the user of this name"                },
             {"--search",       "search",       "Only user names that begin so"             },
             {"--organization", "organization", "Only users of this organization, by id"    },
             {"--external-id",  "external_id",  "Only users with this key in another system"}
    }) {
        command.add_option_function<std::string>(
            flag, [&filters, name = parameter](const std::string& text) { filters.emplace_back(name, text); },
            help);
    }
    command.get_option("--organization")->check(expect_number);
    const auto filter_activity = [&filters](const char* value) {
        return [&filters, value] { filters.emplace_back("is_active", value); };
    };
    auto* active =
        command.add_flag_callback("--active", filter_activity("true"), "Only those who may log in");
    command.add_flag_callback("--inactive", filter_activity("false"), "Only those who may not")
        ->excludes(active);
}

}  // namespace hourglass::cli
