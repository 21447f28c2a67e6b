// hourglass explain
#include "cli/commands.hpp"
#include "cli/show.hpp"
#include "cli/table.hpp"
#include "cli/user_argument.hpp"

#include <memory>

namespace hourglass::cli {

namespace {

// "Name=Value" for the query.
std::pair<std::string, std::string> parse_attribute(const std::string& text) {
    const auto equals = text.find('=');
    if (equals == 0 || equals == std::string::npos)
        throw Failure(ExitStatus::usage, "\"" + text + "\" is no Name=Value, such as NAS-Port-Type=19.");
    return {text.substr(0, equals), text.substr(equals + 1)};
}

void print_explanation(std::ostream& out, const std::string& user, const Json& explanation) {
    const bool is_accepted = explanation.value("decision", "") == "accept";
    out << printable(user)
        << (is_accepted
                ? " would get in."
                : " would be rejected: " + printable(shown(explanation.value("reason", Json{}))) + ".")
        << '\n';
    for (const auto& check : explanation.value("checks", Json::array())) {
        out << (check.value("passed", false) ? "  ok  " : "  NO  ") << printable(check.value("check", ""))
            << ": " << printable(check.value("finding", "")) << '\n';
    }
    const auto reply = explanation.value("reply", Json::array());
    out << (is_accepted ? "Access-Accept" : "Access-Reject") << (reply.empty() ? ", no attributes" : "")
        << '\n';
    for (const auto& attribute : reply) {
        out << "  " << printable(attribute.value("attribute", "")) << " = "
            << printable(attribute.value("value", "")) << '\n';
    }
}

}  // namespace

void add_explain_command(CLI::App& line, Command& chosen) {
    struct Options {
        std::string user;
        std::string nas;
        std::vector<std::string> attributes;
    };
    auto options = std::make_shared<Options>();
    auto* command = line.add_subcommand("explain", "Would this user get in now, and if not, why?");
    command->add_option("user", options->user, user_help)->required();
    command->add_option("--nas", options->nas, "At this NAS, by name or address");
    command->add_option("attributes", options->attributes, "Attributes of the login, as Name=Value");
    command->callback([&chosen, options] {
        chosen = [options](Context& context) {
            Query query;
            if (!options->nas.empty()) query.emplace_back("nas", options->nas);
            for (const auto& text : options->attributes)
                query.push_back(parse_attribute(text));
            const auto user = context.api.find_user(options->user);
            const auto explanation = context.api.get(user_path(user) + "explain/", query);
            if (context.as_json) {
                print_json(context.out, explanation);
            } else {
                print_explanation(context.out, user.value("username", options->user), explanation);
            }
            return ExitStatus::ok;
        };
    });
}

}  // namespace hourglass::cli
