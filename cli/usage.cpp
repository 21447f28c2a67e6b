#include "cli/usage.hpp"

#include <algorithm>

namespace hourglass::cli {

namespace {

bool is_number(const std::string& text) {
    constexpr std::size_t digits_max = 18;  // what 64 bits hold in any case
    return !text.empty() && text.size() <= digits_max &&
           text.find_first_not_of("0123456789") == std::string::npos;
}

struct Typed {
    std::string command;  // as far as it was understood: "hourglass user"
    bool is_complete{};   // nothing more has to be said
};

Typed typed_command(const CLI::App& line) {
    std::string command = line.get_name();
    const auto* last = &line;
    while (!last->get_subcommands().empty()) {
        last = last->get_subcommands().front();
        command += " " + last->get_name();
    }
    return {command, last->get_require_subcommand_min() == 0};
}

}  // namespace

std::string HelpFormatter::make_option_opts(const CLI::Option* option) const {
    if (option->get_type_size() == 0) return {};
    const auto& type = option->get_type_name();
    return (type.empty() ? "" : " " + type) + (option->get_required() ? " (required)" : "");
}

Failure explain_mistake(const CLI::App& line, const CLI::ParseError& mistake) {
    const auto typed = typed_command(line);
    const auto extra = line.remaining(true);
    const auto word = std::ranges::find_if(extra, [](const auto& text) { return !text.starts_with('-'); });

    std::string sentence = mistake.what();
    if (!typed.is_complete) {
        sentence = word == extra.end() ? "Say what to do: a command is missing"
                                       : "There is no command \"" + typed.command + " " + *word + "\"";
    }
    return {ExitStatus::usage, sentence + ".", typed.command + " --help says more."};
}

std::string expect_positive(const std::string& text) {
    const bool is_positive = is_number(text) && text.find_first_not_of('0') != std::string::npos;
    return is_positive ? "" : "\"" + text + "\" is not a number above 0";
}

std::string expect_number(const std::string& text) {
    return is_number(text) ? "" : "\"" + text + "\" is not a number";
}

std::string expect_number_or_nothing(const std::string& text) {
    return text.empty() ? std::string() : expect_number(text);
}

}  // namespace hourglass::cli
