// hourglass token add|list|revoke
#include "cli/commands.hpp"
#include "cli/show.hpp"
#include "cli/terminal.hpp"
#include "cli/usage.hpp"

#include <array>
#include <memory>

namespace hourglass::cli {

namespace {

constexpr auto path = "/api_token/";

constexpr std::array columns{
    Column{"ID",            "id"           },
    Column{"NAME",          "name"         },
    Column{"SCOPES",        "scopes"       },
    Column{"ORGANIZATIONS", "organizations"},
    Column{"EXPIRATION",    "expiration"   },
    Column{"LAST USED",     "last_used"    },
};

void add_add(CLI::App& token, Command& chosen) {
    struct Options {
        std::string name;
        std::vector<std::string> scopes{"read"};
        std::vector<std::int64_t> organizations;
        std::optional<std::string> expiration;
    };
    auto options = std::make_shared<Options>();
    auto* command = token.add_subcommand("add", "Make a token; it is shown once, now");
    command->add_option("name", options->name, "What the token is for")->required();
    command->add_option("--scope", options->scopes, "read (default), write or admin; may be repeated")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
        ->check(CLI::IsMember({"read", "write", "admin"}));
    command->add_option("--organization", options->organizations, "Confine it to this one; may be repeated")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
        ->check(expect_number);
    command->add_option("--expiration", options->expiration,
                        "Last moment of use, such as 2027-01-31T12:00:00Z");
    command->callback([&chosen, options] {
        chosen = [options](Context& context) {
            Json body{
                {"name",          options->name         },
                {"scopes",        options->scopes       },
                {"organizations", options->organizations}
            };
            if (options->expiration) body["expiration"] = *options->expiration;
            const auto made = context.api.post(path, body);
            context.as_json ? print_json(context.out, made) : print_record(context.out, made);
            return ExitStatus::ok;
        };
    });
}

void add_list(CLI::App& token, Command& chosen) {
    token.add_subcommand("list", "List tokens; what they are is not kept, only digests")->callback([&chosen] {
        chosen = [](Context& context) {
            const auto tokens = context.api.list(path, {}, std::nullopt);
            context.as_json ? print_json(context.out, tokens) : print_list(context.out, tokens, columns);
            return ExitStatus::ok;
        };
    });
}

void add_revoke(CLI::App& token, Command& chosen) {
    struct Options {
        std::uint64_t id{};
        bool yes{};
    };
    auto options = std::make_shared<Options>();
    auto* command = token.add_subcommand("revoke", "Delete a token, at once and for good");
    command->add_option("id", options->id, "Id of the token, as `token list` shows it")
        ->required()
        ->check(expect_number);
    command->add_flag("-y,--yes", options->yes, "Do not ask");
    command->callback([&chosen, options] {
        chosen = [options](Context& context) {
            context.api.expect_token();
            const auto id = std::to_string(options->id);
            if (!options->yes && !confirm("Revoke token " + id + "?")) {
                throw Failure(ExitStatus::refused, "Nothing was revoked.");
            }
            context.api.remove(path + id + "/", {}, "There is no token with the id " + id + ".");
            if (!context.as_json) context.out << "Revoked token " << id << ".\n";
            return ExitStatus::ok;
        };
    });
}

}  // namespace

void add_token_commands(CLI::App& line, Command& chosen) {
    auto* token = line.add_subcommand("token", "API tokens");
    token->require_subcommand(1);
    add_add(*token, chosen);
    add_list(*token, chosen);
    add_revoke(*token, chosen);
}

}  // namespace hourglass::cli
