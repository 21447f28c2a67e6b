#include "cli/completion.hpp"

#include "cli/command_tree.hpp"
#include "cli/user_argument.hpp"

#include <algorithm>
#include <ranges>

namespace hourglass::cli {

namespace {

// What a shell takes as it stands: a name is put into the line unquoted.
constexpr const char* safe_characters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._@:+-";

bool is_safe_in_a_shell(const std::string& word) {
    return !word.starts_with('-') && word.find_first_not_of(safe_characters) == std::string::npos;
}

// How far a line has been understood.
struct Place {
    std::vector<const CLI::App*> commands;      // from the tool itself to the verb
    const CLI::Option* awaits_value = nullptr;  // of the flag before
    std::size_t positionals = 0;                // given to the last command
    bool names_another_daemon = false;
};

const CLI::Option* find_flag(const Place& place, const std::string& word) {
    for (const auto* command : place.commands)
        for (const auto* option : flags_of(*command))
            if (option->check_name(word)) return option;
    return nullptr;
}

void take(Place& place, const std::string& word) {
    if (place.awaits_value != nullptr) {
        place.awaits_value = nullptr;
        return;
    }
    if (word.starts_with("-")) {
        const auto* flag = find_flag(place, word);
        if (flag != nullptr && takes_value(*flag)) place.awaits_value = flag;
        place.names_another_daemon |= word.starts_with("--url") || word.starts_with("--token");
        return;
    }
    const auto below = commands_of(*place.commands.back());
    const auto command = std::ranges::find(below, word, &CLI::App::get_name);
    if (command == below.end()) {
        ++place.positionals;
    } else {
        place.commands.push_back(*command);
        place.positionals = 0;
    }
}

// Those of the verb first; each once, though every command has its --help.
std::vector<Candidate> flags_at(const Place& place) {
    std::vector<Candidate> candidates;
    for (const auto* command : place.commands | std::views::reverse)
        for (const auto* option : flags_of(*command))
            for (const auto& name : option->get_lnames())
                if (const auto word = "--" + name;
                    std::ranges::count(candidates, word, &Candidate::word) == 0)
                    candidates.push_back({word, option->get_description()});
    return candidates;
}

std::vector<Candidate> commands_at(const Place& place) {
    std::vector<Candidate> candidates;
    for (const auto* command : commands_of(*place.commands.back()))
        candidates.push_back({command->get_name(), command->get_description()});
    return candidates;
}

std::vector<Candidate> values_of(const CLI::Option& option) {
    std::vector<Candidate> candidates;
    for (const auto& choice : choices_of(option))
        candidates.push_back({choice, {}});
    return candidates;
}

std::vector<Candidate> positionals_at(const Place& place, const std::string& begun,
                                      const ListUserNames& list_user_names) {
    const auto positionals = positionals_of(*place.commands.back());
    if (place.positionals >= positionals.size()) return {};
    const auto& positional = *positionals[place.positionals];
    if (positional.get_description() != user_help || place.names_another_daemon) return values_of(positional);
    std::vector<Candidate> candidates;
    for (const auto& name : list_user_names(begun))
        if (is_safe_in_a_shell(name)) candidates.push_back({name, {}});
    return candidates;
}

}  // namespace

std::vector<Candidate> complete(const CLI::App& line, const std::vector<std::string>& words,
                                const ListUserNames& list_user_names) {
    Place place{.commands = {&line}};
    const std::string begun = words.empty() ? "" : words.back();
    for (std::size_t i = 0; i + 1 < words.size(); ++i)
        take(place, words[i]);

    std::vector<Candidate> candidates;
    if (place.awaits_value != nullptr) {
        candidates = values_of(*place.awaits_value);
    } else if (begun.starts_with("-")) {
        candidates = flags_at(place);
    } else {
        candidates = commands_at(place);
        std::ranges::copy(positionals_at(place, begun, list_user_names), std::back_inserter(candidates));
    }
    std::erase_if(candidates, [&](const auto& candidate) { return !candidate.word.starts_with(begun); });
    return candidates;
}

}  // namespace hourglass::cli
