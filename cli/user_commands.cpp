// hourglass user add|list|show|edit|delete
#include "cli/commands.hpp"
#include "cli/show.hpp"
#include "cli/table.hpp"
#include "cli/terminal.hpp"
#include "cli/usage.hpp"
#include "cli/user_argument.hpp"
#include "cli/user_fields.hpp"
#include "cli/user_filters.hpp"

#include <array>
#include <memory>

namespace hourglass::cli {

namespace {

constexpr auto path = "/user_token/";

constexpr std::array columns{
    Column{"ID", "id"},
    Column{"USER NAME", "username"},
    Column{"ORG", "organization"},
    Column{"ACTIVE", "is_active"},
    Column{"TIME LEFT", "user_time", shown_time},
    Column{"EXPIRATION", "expiration"},
    Column{"PROFILE", "profile"},
    Column{"LAST LOGIN", "last_login"},
};

void print_user(Context& context, const Json& user) {
    context.as_json ? print_json(context.out, user) : print_record(context.out, user);
}

// What a write shows: the whole record with the time left, which the reply to the write may leave out.
void print_written(Context& context, const Json& user) {
    print_user(context, context.api.get(user_path(user), {
                                                             {"balance", "true"}
    }));
}

void add_add(CLI::App& user, Command& chosen) {
    auto fields = std::make_shared<UserFields>();
    auto* command = user.add_subcommand("add", "Create a user; the password is asked for unless it is given");
    command
        ->add_option_function<std::string>(
            "name", [fields](const std::string& name) { fields->body["username"] = name; }, "User name")
        ->required();
    add_user_field_flags(*command, *fields);
    command->callback([&chosen, fields] {
        chosen = [fields](Context& context) {
            context.api.expect_token();
            auto body = fields->body;
            if (fields->password_from_stdin) body["password"] = read_password_line();
            if (!body.contains("password")) body["password"] = ask_new_password();
            print_written(context, context.api.post(path, body));
            return ExitStatus::ok;
        };
    });
}

void add_list(CLI::App& user, Command& chosen) {
    struct Options {
        Query filters{
            {"balance", "true"}
        };
        std::optional<std::uint64_t> limit;
    };
    auto options = std::make_shared<Options>();
    auto* command = user.add_subcommand("list", "List users, by id");
    add_user_filter_flags(*command, options->filters);
    command->add_option("--limit", options->limit, "At most so many; otherwise all")->check(expect_positive);
    command->callback([&chosen, options] {
        chosen = [options](Context& context) {
            const auto users = context.api.list(path, options->filters, options->limit);
            context.as_json ? print_json(context.out, users) : print_list(context.out, users, columns);
            return ExitStatus::ok;
        };
    });
}

void add_show(CLI::App& user, Command& chosen) {
    auto name = std::make_shared<std::string>();
    auto* command = user.add_subcommand("show", "Show one user");
    command->add_option("user", *name, user_help)->required();
    command->callback([&chosen, name] {
        chosen = [name](Context& context) {
            print_user(context, context.api.find_user(*name));
            return ExitStatus::ok;
        };
    });
}

void add_edit(CLI::App& user, Command& chosen) {
    struct Options {
        std::string name;
        UserFields fields;
        bool ask_password{};
    };
    auto options = std::make_shared<Options>();
    auto* command = user.add_subcommand("edit", "Change what is named, and nothing else");
    command->add_option("user", options->name, user_help)->required();
    add_user_field_flags(*command, options->fields);
    command->add_option_function<std::string>(
        "--username", [options](const std::string& name) { options->fields.body["username"] = name; },
        "New user name");
    command->add_flag("--ask-password", options->ask_password, "Ask for a new password");
    command->callback([&chosen, options] {
        chosen = [options](Context& context) {
            context.api.expect_token();
            auto body = options->fields.body;
            if (options->fields.password_from_stdin) body["password"] = read_password_line();
            if (options->ask_password) body["password"] = ask_new_password();
            if (body.empty()) {
                throw Failure(ExitStatus::usage, "Nothing to change was named.",
                              "hourglass user edit --help lists what can be changed.");
            }
            print_written(context, context.api.patch(user_path(context.api.find_user(options->name)), body));
            return ExitStatus::ok;
        };
    });
}

void add_delete(CLI::App& user, Command& chosen) {
    struct Options {
        std::string name;
        bool force{};
        bool yes{};
    };
    auto options = std::make_shared<Options>();
    auto* command = user.add_subcommand("delete", "Delete a user with all that belongs to the account");
    command->add_option("user", options->name, user_help)->required();
    command->add_flag(
        "--force", options->force,
        "Even while a session of the user runs; the NAS is not told, and nobody is charged for the rest");
    command->add_flag("-y,--yes", options->yes, "Do not ask");
    command->callback([&chosen, options] {
        chosen = [options](Context& context) {
            const auto found = context.api.find_user(options->name);
            const auto name = printable(shown(found.at("username")));
            if (!options->yes &&
                !confirm("Delete user \"" + name + "\" (id " + shown(found.at("id")) + ")?")) {
                throw Failure(ExitStatus::refused, "Nothing was deleted.");
            }
            context.api.remove(user_path(found), options->force ? Query{{"force", "true"}} : Query{});
            if (!context.as_json) context.out << "Deleted user \"" << name << "\".\n";
            return ExitStatus::ok;
        };
    });
}

}  // namespace

void add_user_commands(CLI::App& line, Command& chosen) {
    auto* user = line.add_subcommand("user", "Users: credentials, time left, profiles");
    user->require_subcommand(1);
    add_add(*user, chosen);
    add_list(*user, chosen);
    add_show(*user, chosen);
    add_edit(*user, chosen);
    add_delete(*user, chosen);
}

}  // namespace hourglass::cli
