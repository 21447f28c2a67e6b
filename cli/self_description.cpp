#include "cli/self_description.hpp"

#include "cli/api.hpp"
#include "cli/completion.hpp"
#include "cli/manual.hpp"

namespace hourglass::cli {

namespace {

constexpr std::uint64_t offered_users_max = 50;

// Without a daemon or a token there is nothing to offer, and nobody to complain to while a line is being
// typed.
std::vector<std::string> user_names(const std::string& begun) {
    std::vector<std::string> names;
    try {
        Api api(configure({}, this_machine()));
        for (const auto& user : api.list("/user_token/",
                                         {
                                             {"search", begun}
        },
                                         offered_users_max))
            names.push_back(user.at("username").get<std::string>());
    } catch (const std::exception&) {
        names.clear();
    }
    return names;
}

std::string completion(const CLI::App& line, const std::vector<std::string>& words) {
    std::string text;
    for (const auto& [word, explanation] : complete(line, words, user_names))
        text += word + "\t" + explanation + "\n";
    return text;
}

}  // namespace

std::optional<std::string> describe_itself(const CLI::App& line, const std::vector<std::string>& words) {
    if (words.empty()) return std::nullopt;
    if (words.front() == "--manual" && words.size() == 1) return manual_of(line);
    if (words.front() == "--complete") return completion(line, {words.begin() + 1, words.end()});
    return std::nullopt;
}

}  // namespace hourglass::cli
