// hourglass nas add|list|show|edit|remove|seen
#include "cli/commands.hpp"
#include "cli/nas_fields.hpp"
#include "cli/nas_secret.hpp"
#include "cli/show.hpp"
#include "cli/table.hpp"
#include "cli/terminal.hpp"
#include "cli/usage.hpp"

#include <array>
#include <iostream>
#include <memory>

namespace hourglass::cli {

namespace {

constexpr auto path = "/nas/";
constexpr auto nas_help = "Name or id of the NAS; name:X or id:N where it could be either";

constexpr std::array columns{
    Column{"ID",        "id"          },
    Column{"NAME",      "name"        },
    Column{"ADDRESS",   "address"     },
    Column{"ORG",       "organization"},
    Column{"COA",       "coa"         },
    Column{"LAST SEEN", "last_seen"   },
    Column{"SEEN",      "seen"        },
};

std::string path_of(const Json& nas) {
    return path + std::to_string(nas.at("id").get<std::int64_t>()) + "/";
}

// What is wrong with it goes to standard error, where scripts do not mistake it for the record.
void print_nas(Context& context, const Json& nas) {
    context.as_json ? print_json(context.out, nas) : print_record(context.out, flattened(nas));
    context.out.flush();
    for (const auto& warning : nas.value("warnings", Json::array()))
        std::cerr << "hourglass: " << printable(shown(warning)) << '\n';
}

// A secret that was made here is shown this once.
void print_written(Context& context, Json nas, const std::string& made_secret) {
    if (!made_secret.empty()) nas["secret"] = made_secret;
    print_nas(context, nas);
}

void add_add(CLI::App& nas, Command& chosen) {
    auto fields = std::make_shared<NasFields>();
    auto* command = nas.add_subcommand(
        "add", "Let a NAS in; unless a secret is given a strong one is made, and shown once, now");
    command
        ->add_option_function<std::string>(
            "name", [fields](const std::string& name) { fields->body["name"] = name; },
            "What it is called in logs and sessions")
        ->required();
    command
        ->add_option_function<std::string>(
            "address", [fields](const std::string& address) { fields->body["address"] = address; },
            "The address its requests come from, or a prefix such as 192.0.2.0/24")
        ->required();
    add_nas_field_flags(*command, *fields);
    command->callback([&chosen, fields] {
        chosen = [fields](Context& context) {
            context.api.expect_token();
            auto body = fields->body;
            if (fields->secret_from_stdin) body["secret"] = read_password_line("secret");
            const auto made_secret = body.contains("secret") ? std::string() : make_nas_secret();
            if (!made_secret.empty()) body["secret"] = made_secret;
            print_written(context, context.api.post(path, body), made_secret);
            return ExitStatus::ok;
        };
    });
}

void add_list(CLI::App& nas, Command& chosen) {
    struct Options {
        Query filters;
        std::optional<std::uint64_t> limit;
    };
    auto options = std::make_shared<Options>();
    auto* command =
        nas.add_subcommand("list", "List NASes, by id; those of the daemon's settings are not among them");
    command
        ->add_option_function<std::string>(
            "--organization",
            [options](const std::string& id) { options->filters.emplace_back("organization", id); },
            "Only those of this organization, by id")
        ->check(expect_number);
    command->add_option("--limit", options->limit, "At most so many; otherwise all")->check(expect_positive);
    command->callback([&chosen, options] {
        chosen = [options](Context& context) {
            const auto nases = context.api.list(path, options->filters, options->limit);
            context.as_json ? print_json(context.out, nases) : print_list(context.out, nases, columns);
            return ExitStatus::ok;
        };
    });
}

void add_show(CLI::App& nas, Command& chosen) {
    auto name = std::make_shared<std::string>();
    auto* command = nas.add_subcommand("show", "Show one NAS and what it was seen to do");
    command->add_option("nas", *name, nas_help)->required();
    command->callback([&chosen, name] {
        chosen = [name](Context& context) {
            print_nas(context, context.api.find_nas(*name));
            return ExitStatus::ok;
        };
    });
}

void add_edit(CLI::App& nas, Command& chosen) {
    struct Options {
        std::string name;
        NasFields fields;
        bool new_secret{};
    };
    auto options = std::make_shared<Options>();
    auto* command = nas.add_subcommand("edit", "Change what is named, and nothing else; in force at once");
    command->add_option("nas", options->name, nas_help)->required();
    add_nas_field_flags(*command, options->fields);
    auto& body = options->fields.body;
    command->add_option_function<std::string>(
        "--name", [&body](const std::string& name) { body["name"] = name; }, "New name");
    command->add_option_function<std::string>(
        "--address", [&body](const std::string& address) { body["address"] = address; },
        "New address or prefix");
    command->add_flag("--new-secret", options->new_secret, "Make a strong secret, shown once, now")
        ->excludes(command->get_option("--secret"), command->get_option("--secret-stdin"));
    command->callback([&chosen, options] {
        chosen = [options](Context& context) {
            context.api.expect_token();
            auto changes = options->fields.body;
            if (options->fields.secret_from_stdin) changes["secret"] = read_password_line("secret");
            const auto made_secret = options->new_secret ? make_nas_secret() : std::string();
            if (!made_secret.empty()) changes["secret"] = made_secret;
            if (changes.empty()) {
                throw Failure(ExitStatus::usage, "Nothing to change was named.",
                              "hourglass nas edit --help lists what can be changed.");
            }
            const auto found = context.api.find_nas(options->name);
            print_written(context, context.api.patch(path_of(found), changes), made_secret);
            return ExitStatus::ok;
        };
    });
}

void add_remove(CLI::App& nas, Command& chosen) {
    struct Options {
        std::string name;
        bool yes{};
    };
    auto options = std::make_shared<Options>();
    auto* command = nas.add_subcommand("remove", "Answer a NAS no more; in force at once");
    command->add_option("nas", options->name, nas_help)->required();
    command->add_flag("-y,--yes", options->yes, "Do not ask");
    command->callback([&chosen, options] {
        chosen = [options](Context& context) {
            const auto found = context.api.find_nas(options->name);
            const auto name = printable(shown(found.at("name")));
            if (!options->yes && !confirm("Remove NAS \"" + name + "\" (id " + shown(found.at("id")) + ")?"))
                throw Failure(ExitStatus::refused, "Nothing was removed.");
            context.api.remove(path_of(found));
            if (!context.as_json) context.out << "Removed NAS \"" << name << "\".\n";
            return ExitStatus::ok;
        };
    });
}

}  // namespace

void add_nas_commands(CLI::App& line, Command& chosen) {
    auto* nas =
        line.add_subcommand("nas", "NASes: who may ask, with which secret, and what was seen of them");
    nas->require_subcommand(1);
    add_add(*nas, chosen);
    add_list(*nas, chosen);
    add_show(*nas, chosen);
    add_edit(*nas, chosen);
    add_remove(*nas, chosen);
    add_nas_seen_command(*nas, chosen);
}

}  // namespace hourglass::cli
