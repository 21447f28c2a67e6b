// hourglass profile add|list|show|edit|delete
#include "cli/commands.hpp"
#include "cli/profile_fields.hpp"
#include "cli/profile_rule.hpp"
#include "cli/show.hpp"
#include "cli/table.hpp"
#include "cli/terminal.hpp"
#include "cli/usage.hpp"

#include <array>
#include <memory>

namespace hourglass::cli {

namespace {

constexpr auto path = "/aaa_profile/";
constexpr auto profile_help = "Name of the profile";

constexpr std::array columns{
    Column{"ID",         "id"              },
    Column{"NAME",       "name"            },
    Column{"ORG",        "organization"    },
    Column{"SESSIONS",   "simultaneous_use"},
    Column{"LOGIN TIME", "login_time"      },
    Column{"CHECK",      "check_attributes"},
    Column{"REPLY",      "reply_attributes"},
};

// With lists of attributes as lists of texts.
Json readable(Json profile) {
    for (const auto* const field : {"check_attributes", "reply_attributes", "final_action"}) {
        auto& value = profile[field];
        if (!value.is_array()) continue;
        for (auto& rule : value)
            rule = show_rule(rule);
    }
    return profile;
}

void print_profile(Context& context, const Json& profile) {
    context.as_json ? print_json(context.out, profile) : print_record(context.out, readable(profile));
}

Json find_profile(Api& api, const std::string& name) {
    const auto named = api.list(path,
                                {
                                    {"name", name}
    },
                                1);
    if (named.empty()) throw Failure(ExitStatus::refused, "There is no profile \"" + name + "\".");
    return named.front();
}

std::string path_of(const Json& profile) {
    return path + std::to_string(profile.at("id").get<std::int64_t>()) + "/";
}

void add_add(CLI::App& profile, Command& chosen) {
    auto body = std::make_shared<Json>(Json::object());
    auto* command = profile.add_subcommand("add", "Make a profile, which users name in theirs");
    command
        ->add_option_function<std::string>(
            "name", [body](const std::string& name) { (*body)["name"] = name; }, profile_help)
        ->required();
    add_profile_field_flags(*command, *body);
    command->callback([&chosen, body] {
        chosen = [body](Context& context) {
            print_profile(context, context.api.post(path, *body));
            return ExitStatus::ok;
        };
    });
}

void add_list(CLI::App& profile, Command& chosen) {
    profile.add_subcommand("list", "List profiles, by id")->callback([&chosen] {
        chosen = [](Context& context) {
            auto profiles = context.api.list(path, {}, std::nullopt);
            if (context.as_json) {
                print_json(context.out, profiles);
            } else {
                for (auto& each : profiles)
                    each = readable(std::move(each));
                print_list(context.out, profiles, columns);
            }
            return ExitStatus::ok;
        };
    });
}

void add_show(CLI::App& profile, Command& chosen) {
    auto name = std::make_shared<std::string>();
    auto* command = profile.add_subcommand("show", "Show one profile");
    command->add_option("profile", *name, profile_help)->required();
    command->callback([&chosen, name] {
        chosen = [name](Context& context) {
            print_profile(context, find_profile(context.api, *name));
            return ExitStatus::ok;
        };
    });
}

void add_edit(CLI::App& profile, Command& chosen) {
    struct Options {
        std::string name;
        Json body = Json::object();
    };
    auto options = std::make_shared<Options>();
    auto* command =
        profile.add_subcommand("edit", "Change what is named, and nothing else; in force at once");
    command->add_option("profile", options->name, profile_help)->required();
    add_profile_field_flags(*command, options->body);
    command->add_option_function<std::string>(
        "--name", [options](const std::string& name) { options->body["name"] = name; }, "New name");
    command->callback([&chosen, options] {
        chosen = [options](Context& context) {
            if (options->body.empty()) {
                throw Failure(ExitStatus::usage, "Nothing to change was named.",
                              "hourglass profile edit --help lists what can be changed.");
            }
            const auto found = find_profile(context.api, options->name);
            print_profile(context, context.api.patch(path_of(found), options->body));
            return ExitStatus::ok;
        };
    });
}

void add_delete(CLI::App& profile, Command& chosen) {
    struct Options {
        std::string name;
        bool yes{};
    };
    auto options = std::make_shared<Options>();
    auto* command = profile.add_subcommand(
        "delete", "Delete a profile; to users who name it the name is a label from then on");
    command->add_option("profile", options->name, profile_help)->required();
    command->add_flag("-y,--yes", options->yes, "Do not ask");
    command->callback([&chosen, options] {
        chosen = [options](Context& context) {
            const auto found = find_profile(context.api, options->name);
            const auto name = printable(options->name);
            if (!options->yes && !confirm("Delete profile \"" + name + "\"?"))
                throw Failure(ExitStatus::refused, "Nothing was deleted.");
            context.api.remove(path_of(found));
            if (!context.as_json) context.out << "Deleted profile \"" << name << "\".\n";
            return ExitStatus::ok;
        };
    });
}

}  // namespace

void add_profile_commands(CLI::App& line, Command& chosen) {
    auto* profile = line.add_subcommand("profile", "Profiles: conditions, limits and attributes of logins");
    profile->require_subcommand(1);
    add_add(*profile, chosen);
    add_list(*profile, chosen);
    add_show(*profile, chosen);
    add_edit(*profile, chosen);
    add_delete(*profile, chosen);
}

}  // namespace hourglass::cli
