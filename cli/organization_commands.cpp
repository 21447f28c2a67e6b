// hourglass organization add|list|show|edit|remove
#include "cli/commands.hpp"
#include "cli/show.hpp"
#include "cli/table.hpp"
#include "cli/terminal.hpp"
#include "cli/usage.hpp"

#include <array>
#include <memory>

namespace hourglass::cli {

namespace {

constexpr auto path = "/organization/";
constexpr auto organization_help = "Id or name of the organization; name:X of one whose name is a number";

constexpr std::array columns{
    Column{"ID",     "id"       },
    Column{"NAME",   "name"     },
    Column{"PARENT", "parent"   },
    Column{"ACTIVE", "is_active"},
};

std::string path_of(const Json& organization) {
    return path + std::to_string(organization.at("id").get<std::int64_t>()) + "/";
}

void print_organization(Context& context, const Json& organization) {
    context.as_json ? print_json(context.out, organization) : print_record(context.out, organization);
}

// `body` lives as long as the command.
void add_field_flags(CLI::App& command, Json& body) {
    command
        .add_option_function<std::string>(
            "--parent",
            [&body](const std::string& id) { body["parent"] = id.empty() ? Json(nullptr) : Json::parse(id); },
            "Id of the organization above; \"\" for none")
        ->check(expect_number_or_nothing);
    auto* active =
        command.add_flag_callback("--active", [&body] { body["is_active"] = true; }, "Its users may log in");
    command
        .add_flag_callback(
            "--inactive", [&body] { body["is_active"] = false; },
            "None of its users may log in, and running sessions end")
        ->excludes(active);
}

void add_add(CLI::App& organization, Command& chosen) {
    auto body = std::make_shared<Json>(Json::object());
    auto* command =
        organization.add_subcommand("add", "Describe an organization, under a new id or a given one");
    command
        ->add_option_function<std::string>(
            "name", [body](const std::string& name) { (*body)["name"] = name; }, "What it is called")
        ->required();
    command
        ->add_option_function<std::int64_t>(
            "--id", [body](std::int64_t id) { (*body)["id"] = id; },
            "The id that its users have already; otherwise the next that is free")
        ->check(expect_positive);
    add_field_flags(*command, *body);
    command->callback([&chosen, body] {
        chosen = [body](Context& context) {
            print_organization(context, context.api.post(path, *body));
            return ExitStatus::ok;
        };
    });
}

void add_list(CLI::App& organization, Command& chosen) {
    struct Options {
        bool is_own{};
        std::optional<std::uint64_t> limit;
    };
    auto options = std::make_shared<Options>();
    auto* command = organization.add_subcommand("list", "List organizations, by id");
    command->add_flag("--own", options->is_own, "Those that the token is confined to");
    command->add_option("--limit", options->limit, "At most so many; otherwise all")->check(expect_positive);
    command->callback([&chosen, options] {
        chosen = [options](Context& context) {
            const auto* const where = options->is_own ? "/me/organization/" : path;
            const auto organizations = context.api.list(where, {}, options->limit);
            context.as_json ? print_json(context.out, organizations)
                            : print_list(context.out, organizations, columns);
            return ExitStatus::ok;
        };
    });
}

void add_show(CLI::App& organization, Command& chosen) {
    auto name = std::make_shared<std::string>();
    auto* command = organization.add_subcommand("show", "Show one organization");
    command->add_option("organization", *name, organization_help)->required();
    command->callback([&chosen, name] {
        chosen = [name](Context& context) {
            print_organization(context, context.api.find_organization(*name));
            return ExitStatus::ok;
        };
    });
}

void add_edit(CLI::App& organization, Command& chosen) {
    struct Options {
        std::string name;
        Json body = Json::object();
    };
    auto options = std::make_shared<Options>();
    auto* command =
        organization.add_subcommand("edit", "Change what is named, and nothing else; in force at once");
    command->alias("set");
    command->add_option("organization", options->name, organization_help)->required();
    command->add_option_function<std::string>(
        "--name", [options](const std::string& name) { options->body["name"] = name; }, "New name");
    add_field_flags(*command, options->body);
    command->callback([&chosen, options] {
        chosen = [options](Context& context) {
            if (options->body.empty()) {
                throw Failure(ExitStatus::usage, "Nothing to change was named.",
                              "hourglass organization edit --help lists what can be changed.");
            }
            const auto found = context.api.find_organization(options->name);
            print_organization(context, context.api.patch(path_of(found), options->body));
            return ExitStatus::ok;
        };
    });
}

void add_remove(CLI::App& organization, Command& chosen) {
    struct Options {
        std::string name;
        bool yes{};
    };
    auto options = std::make_shared<Options>();
    auto* command = organization.add_subcommand("remove", "Remove an organization that nothing belongs to");
    command->alias("delete");
    command->add_option("organization", options->name, organization_help)->required();
    command->add_flag("-y,--yes", options->yes, "Do not ask");
    command->callback([&chosen, options] {
        chosen = [options](Context& context) {
            const auto found = context.api.find_organization(options->name);
            const auto name = printable(shown(found.at("name")));
            const auto question = "Remove organization \"" + name + "\" (id " + shown(found.at("id")) + ")?";
            if (!options->yes && !confirm(question))
                throw Failure(ExitStatus::refused, "Nothing was removed.");
            context.api.remove(path_of(found));
            if (!context.as_json) context.out << "Removed organization \"" << name << "\".\n";
            return ExitStatus::ok;
        };
    });
}

}  // namespace

void add_organization_commands(CLI::App& line, Command& chosen) {
    auto* organization = line.add_subcommand("organization", "Organizations: whose the users are");
    organization->require_subcommand(1);
    add_add(*organization, chosen);
    add_list(*organization, chosen);
    add_show(*organization, chosen);
    add_edit(*organization, chosen);
    add_remove(*organization, chosen);
}

}  // namespace hourglass::cli
