#include "cli/usage.hpp"

#include <algorithm>

namespace hourglass::cli {

namespace {

constexpr std::size_t description_columns = 78;  // beside the column of flags
constexpr std::size_t choices_columns_max = 78;  // more of them are left to the description

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
    auto type = option->get_type_name();
    if (type.size() > choices_columns_max) type.resize(std::min(type.find(':'), type.size()));
    return (type.empty() ? "" : " " + type) + (option->get_required() ? " (required)" : "");
}

std::string HelpFormatter::make_option_desc(const CLI::Option* option) const {
    return wrapped(option->get_description(), description_columns);
}

std::string wrapped(const std::string& text, std::size_t columns) {
    std::string lines;
    std::size_t line_begin = 0;
    for (std::string_view left = text; !left.empty();) {
        const auto word = left.substr(0, left.find(' '));
        left.remove_prefix(std::min(word.size() + 1, left.size()));
        const bool is_first = lines.size() == line_begin;
        if (!is_first && lines.size() + 1 - line_begin + word.size() > columns) {
            lines += '\n';
            line_begin = lines.size();
        } else if (!is_first) {
            lines += ' ';
        }
        lines += word;
    }
    return lines;
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
