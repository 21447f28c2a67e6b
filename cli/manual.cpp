#include "cli/manual.hpp"

#include "cli/command_tree.hpp"
#include "cli/failure.hpp"

#include <algorithm>
#include <sstream>

namespace hourglass::cli {

namespace {

// Text that has no meaning of its own in Markdown.
std::string plain(std::string_view text) {
    constexpr std::string_view meaningful = R"(\`*_{}[]<>()#|~^)";
    std::string escaped;
    for (const char c : text) {
        if (meaningful.find(c) != std::string_view::npos) escaped += '\\';
        escaped += c;
    }
    return escaped;
}

std::string sentence(const std::string& text) {
    return plain(text) + (text.ends_with('?') ? "" : ".");
}

std::string value_of(const CLI::Option& option) {
    const auto choices = choices_of(option);
    if (choices.empty()) return option.get_type_name();
    std::string text;
    for (const auto& choice : choices)
        text += (text.empty() ? "" : "|") + choice;
    return text;
}

std::string spelling_of(const CLI::Option& option) {
    std::string text;
    const auto add = [&](const std::string& name) {
        text += (text.empty() ? "**" : ", **") + plain(name) + "**";
    };
    for (const auto& name : option.get_snames())
        add("-" + name);
    for (const auto& name : option.get_lnames())
        add("--" + name);
    if (takes_value(option)) text += " *" + plain(value_of(option)) + "*";
    return text;
}

void define(std::ostream& out, const std::string& term, const std::string& meaning) {
    out << term << "\n:   " << plain(meaning) << "\n\n";
}

std::string synopsis_of(const CLI::App& command, const std::string& name) {
    std::string text = "**" + plain(name) + "**";
    if (!flags_of(command).empty()) text += " \\[*options*\\]";
    for (const auto* positional : positionals_of(command)) {
        const auto word = "*" + plain(positional->get_name(true)) + "*";
        text += positional->get_required() ? " " + word : " \\[" + word + "\\]";
        if (positional->get_items_expected_max() > 1) text += "...";
    }
    return text;
}

bool is_help(const CLI::Option& option) {
    return option.check_name("--help");
}

// What every command says below its options: a noun has nothing of its own to say there.
std::string common_footer(const CLI::App& line) {
    const auto nouns = commands_of(line);
    const auto noun = std::ranges::find_if(
        nouns, [](const auto* command) { return command->get_require_subcommand_min() > 0; });
    return noun == nouns.end() ? "" : (*noun)->get_footer();
}

// What this one alone says: its examples, and what it takes for granted.
std::string own_footer(const CLI::App& command, const std::string& common) {
    auto footer = command.get_footer();
    if (footer.ends_with(common)) footer.resize(footer.size() - common.size());
    footer.erase(footer.find_last_not_of('\n') + 1);
    return footer;
}

void write_command(std::ostream& out, const CLI::App& command, const std::string& name,
                   const std::string& common) {
    if (command.get_require_subcommand_min() == 0) {
        out << "## " << plain(name) << "\n\n" << synopsis_of(command, "hourglass " + name) << "\n\n";
        out << sentence(command.get_description()) << "\n\n";
        for (const auto* positional : positionals_of(command))
            define(out, "*" + plain(positional->get_name(true)) + "*", positional->get_description());
        for (const auto* option : flags_of(command))
            if (!is_help(*option))
                define(out, spelling_of(*option),
                       option->get_description() + (option->get_required() ? " (required)" : ""));
        if (const auto footer = own_footer(command, common); !footer.empty())
            out << "```\n" << footer << "\n```\n\n";
    }
    for (const auto* below : commands_of(command))
        write_command(out, *below, name + " " + below->get_name(), common);
}

void write_exit_statuses(std::ostream& out) {
    out << "# EXIT STATUS\n\n";
    for (const auto& row : exit_meanings)
        define(out, "**" + std::to_string(static_cast<int>(row.status)) + "**", std::string(row.meaning));
}

}  // namespace

std::string manual_of(const CLI::App& line) {
    std::ostringstream out;
    out << "# OPTIONS\n\n";
    for (const auto* option : flags_of(line))
        define(out, spelling_of(*option), option->get_description());
    out << "# COMMANDS\n\n";
    const auto common = common_footer(line);
    for (const auto* command : commands_of(line))
        write_command(out, *command, command->get_name(), common);
    write_exit_statuses(out);
    return out.str();
}

}  // namespace hourglass::cli
