#include "cli/nas_fields.hpp"

#include "cli/usage.hpp"

#include <array>
#include <string>
#include <vector>

namespace hourglass::cli {

namespace {

struct ChoiceFlag {
    const char* flag;
    const char* field;
    std::vector<std::string> choices;
    const char* help;
};

Json value_of(const std::string& word) {
    if (word == "true" || word == "false") return word == "true";
    return word;
}

}  // namespace

void add_nas_field_flags(CLI::App& command, NasFields& fields) {
    auto& body = fields.body;
    const std::array choice_flags{
        ChoiceFlag{"--require-message-authenticator",
                   "require_message_authenticator", {"auto", "true", "false"},
                   "Whether an Access-Request must have one; auto: once it has sent one"       },
        ChoiceFlag{"--limit-proxy-state",
                   "limit_proxy_state",             {"auto", "true", "false"},
                   "Whether Proxy-State needs a Message-Authenticator; auto: if it is no proxy"},
        ChoiceFlag{"--clamp-to-wall-clock",
                   "clamp_to_wall_clock",           {"true", "false"},
                   "Whether sessions are charged at most the time that passed, for a bad clock"},
    };
    for (const auto& row : choice_flags) {
        command
            .add_option_function<std::string>(
                row.flag,
                [&body, field = row.field](const std::string& word) { body[field] = value_of(word); },
                row.help)
            ->check(CLI::IsMember(row.choices));
    }
    command
        .add_option_function<std::int64_t>(
            "--coa-port", [&body](std::int64_t port) { body["coa_port"] = port; },
            "UDP port for Disconnect-Requests and CoA-Requests; 3799 if it is not said")
        ->check(expect_number);
    command
        .add_option_function<std::vector<std::string>>(
            "--coa",
            [&body](const std::vector<std::string>& requests) {
                body["coa"] = Json::array();
                for (const auto& request : requests) {
                    if (request != "none") body["coa"].push_back(request);
                }
            },
            "What it takes there: disconnect, coa or none; may be repeated; else both")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
        ->check(CLI::IsMember({"disconnect", "coa", "none"}));
    command
        .add_option_function<std::string>(
            "--organization",
            [&body](const std::string& id) {
                body["organization"] = id.empty() ? Json(nullptr) : Json::parse(id);
            },
            "Organization whose tokens may see it, by id; \"\" for all")
        ->check(expect_number_or_nothing);

    auto* from_stdin = command.add_flag("--secret-stdin", fields.secret_from_stdin,
                                        "Read the secret from the first line of standard input");
    command
        .add_option_function<std::string>(
            "--secret", [&body](const std::string& text) { body["secret"] = text; },
            "Shared secret; beware, other users of this machine can see command lines")
        ->excludes(from_stdin);
}

}  // namespace hourglass::cli
