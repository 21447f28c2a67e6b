#include "cli/user_fields.hpp"

#include "cli/duration.hpp"
#include "cli/field_flags.hpp"
#include "cli/usage.hpp"

#include <array>
#include <vector>

namespace hourglass::cli {

namespace {

constexpr std::array text_flags{
    FieldFlag{"--email",       "email",       "E-mail address"                                  },
    FieldFlag{"--first-name",  "first_name",  "First name"                                      },
    FieldFlag{"--last-name",   "last_name",   "Last name"                                       },
    FieldFlag{"--external-id", "external_id", "Key of this user in another system"              },
    FieldFlag{"--class",       "klass",       "Service class, sent to the NAS as Class"         },
    FieldFlag{"--description", "description", "What is worth knowing"                           },
    FieldFlag{"--expiration",  "expiration",  "Last moment of use, such as 2027-01-31T12:00:00Z"},
    FieldFlag{"--avatar-url",  "avatar_url",  "URL of a picture"                                },
};

Json user_time_of(const std::string& text) {
    if (text == "unmetered") return nullptr;
    const auto duration = parse_duration(text);
    if (!duration) {
        throw CLI::ValidationError("--time",
                                   "\"" + text + "\" is no time: say 1h30m, 3600 (seconds) or unmetered");
    }
    return duration->count();
}

}  // namespace

void add_user_field_flags(CLI::App& command, UserFields& fields) {
    auto& body = fields.body;
    add_text_flags(command, body, text_flags);
    command.add_option_function<std::string>(
        "--time", [&body](const std::string& text) { body["user_time"] = user_time_of(text); },
        "Time left from now on: 1h30m, 3600 (seconds), or unmetered");
    command
        .add_option_function<std::int64_t>(
            "--organization", [&body](std::int64_t id) { body["organization"] = id; },
            "Organization, by id; a new user needs one")
        ->check(expect_number);
    command
        .add_option_function<std::vector<std::string>>(
            "--profile",
            [&body](const std::vector<std::string>& names) {
                body["profile"] = Json::array();
                for (const auto& name : names) {
                    if (!name.empty()) body["profile"].push_back(name);
                }
            },
            "Profile name; more than one in order of precedence, \"\" for none")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);

    auto* active = command.add_flag_callback("--active", [&body] { body["is_active"] = true; }, "May log in");
    command.add_flag_callback(
               "--inactive", [&body] { body["is_active"] = false; }, "May not log in")
        ->excludes(active);
    auto* from_stdin = command.add_flag("--password-stdin", fields.password_from_stdin,
                                        "Read the password from the first line of standard input");
    command
        .add_option_function<std::string>(
            "--password", [&body](const std::string& text) { body["password"] = text; },
            "Password; beware, other users of this machine can see command lines")
        ->excludes(from_stdin);
}

}  // namespace hourglass::cli
