// hourglass explain, hourglass check-login
#include "cli/commands.hpp"
#include "cli/show.hpp"
#include "cli/table.hpp"
#include "cli/terminal.hpp"
#include "cli/traced_packet.hpp"
#include "cli/user_argument.hpp"

#include <memory>
#include <optional>

namespace hourglass::cli {

namespace {

struct Question {
    std::string user;
    std::string nas;
    std::vector<std::string> attributes;  // "Name=Value"
    bool asks_password = false;
    bool reads_password = false;
};

std::pair<std::string, std::string> parse_attribute(const std::string& text) {
    const auto equals = text.find('=');
    if (equals == 0 || equals == std::string::npos)
        throw Failure(ExitStatus::usage, "\"" + text + "\" is no Name=Value, such as NAS-Port-Type=19.");
    return {text.substr(0, equals), text.substr(equals + 1)};
}

Query query_of(const Question& question) {
    Query query;
    if (!question.nas.empty()) query.emplace_back("nas", question.nas);
    for (const auto& text : question.attributes)
        query.push_back(parse_attribute(text));
    return query;
}

// With the password, which is no matter for a URL.
Json body_of(const Question& question, const std::string& password) {
    auto attributes = Json::array();
    for (const auto& text : question.attributes) {
        const auto [name, value] = parse_attribute(text);
        attributes.push_back({
            {"attribute", name },
            {"value",     value}
        });
    }
    Json body{
        {"attributes", std::move(attributes)},
        {"password",   password             }
    };
    if (!question.nas.empty()) body["nas"] = question.nas;
    return body;
}

void print_explanation(std::ostream& out, const std::string& user, const Json& explanation) {
    const auto paint = Paint::for_output();
    const bool is_accepted = explanation.value("decision", "") == "accept";
    out << printable(user)
        << (is_accepted
                ? " would get in."
                : " would be rejected: " + printable(shown(explanation.value("reason", Json{}))) + ".")
        << '\n';
    for (const auto& check : explanation.value("checks", Json::array()))
        out << shown_check(check, paint) << '\n';
    const auto reply = explanation.value("reply", Json::array());
    out << (is_accepted ? "Access-Accept" : "Access-Reject") << (reply.empty() ? ", no attributes" : "")
        << '\n';
    for (const auto& attribute : reply) {
        out << "  " << printable(attribute.value("attribute", "")) << " = "
            << printable(attribute.value("value", "")) << '\n';
    }
}

std::optional<std::string> password_of(const Question& question) {
    if (question.asks_password) return ask_password();
    if (question.reads_password) return read_password_line();
    return std::nullopt;
}

// Whether he would get in.
bool explain(Context& context, const Question& question) {
    context.api.expect_token();
    const auto password = password_of(question);
    const auto user = context.api.find_user(question.user);
    const auto path = user_path(user) + "explain/";
    const auto explanation = password ? context.api.post(path, body_of(question, *password))
                                      : context.api.get(path, query_of(question));
    if (context.as_json) {
        print_json(context.out, explanation);
    } else {
        print_explanation(context.out, user.value("username", question.user), explanation);
    }
    return explanation.value("decision", "") == "accept";
}

CLI::App* add_question(CLI::App& line, const std::shared_ptr<Question>& question, const char* name,
                       const char* about) {
    auto* command = line.add_subcommand(name, about);
    command->add_option("user", question->user, user_help)->required();
    command->add_option("--nas", question->nas, "At this NAS, by name or address");
    return command;
}

}  // namespace

void add_explain_command(CLI::App& line, Command& chosen) {
    auto question = std::make_shared<Question>();
    auto* command = add_question(line, question, "explain", "Would this user get in now, and if not, why?");
    command->add_option("attributes", question->attributes, "Attributes of the login, as Name=Value");
    command->callback([&chosen, question] {
        chosen = [question](Context& context) {
            explain(context, *question);
            return ExitStatus::ok;
        };
    });
}

void add_check_login_command(CLI::App& line, Command& chosen) {
    auto question = std::make_shared<Question>();
    auto* command = add_question(line, question, "check-login",
                                 "Try a login without logging in: exit status 0 if he would get in, else 1");
    command->add_option("--attribute", question->attributes,
                        "An attribute of the login, as Name=Value; may be repeated");
    auto* ask = command->add_flag("--password", question->asks_password,
                                  "Ask for the password and check it too; else it is taken as right");
    command
        ->add_flag("--password-stdin", question->reads_password,
                   "Check the password that is the first line of standard input")
        ->excludes(ask);
    command->callback([&chosen, question] {
        chosen = [question](Context& context) {
            return explain(context, *question) ? ExitStatus::ok : ExitStatus::refused;
        };
    });
}

}  // namespace hourglass::cli
