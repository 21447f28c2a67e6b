#include "tests/integration/rule_table.hpp"

#include <fstream>
#include <optional>
#include <stdexcept>

namespace hourglass::test {
namespace {

std::string_view trim(std::string_view text) {
    const auto first = std::min(text.find_first_not_of(' '), text.size());
    text.remove_prefix(first);
    return text.substr(0, text.find_last_not_of(' ') + 1);
}

// Both sides of the first separator, trimmed; nullopt if there is none.
std::optional<std::pair<std::string, std::string>> split(std::string_view text, std::string_view separator) {
    const auto at = text.find(separator);
    if (at == text.npos) return std::nullopt;
    return std::pair{std::string(trim(text.substr(0, at))),
                     std::string(trim(text.substr(at + separator.size())))};
}

// What comes after "->" or "=>".
ExpectedReply read_reply(std::string_view text, bool is_exact) {
    text = trim(text);
    const auto status = text.substr(0, text.find(' '));
    return {.status = std::string(status),
            .body = std::string(trim(text.substr(status.size()))),
            .is_exact = is_exact};
}

// "METHOD path body", and of the row before what is not said.
void read_request(std::string_view text, const std::vector<Rule>& before, Rule& rule) {
    const auto word = text.substr(0, text.find(' '));
    const bool is_method = !word.empty() && word.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == word.npos;
    if (!is_method) {
        if (before.empty()) throw std::runtime_error("no row before");
        rule.method = before.back().method;
        rule.path = before.back().path;
        rule.body = text;
        return;
    }
    rule.method = word;
    text = trim(text.substr(word.size()));
    rule.path = text.substr(0, text.find(' '));
    rule.body = trim(text.substr(rule.path.size()));
}

Rule read_row(std::string_view line, const std::vector<Rule>& before) {
    Rule rule;
    if (line.starts_with('$')) {
        const auto text = split(line.substr(1), "=");
        if (!text) throw std::runtime_error("no =");
        rule.method = "$";
        std::tie(rule.path, rule.body) = *text;
        return rule;
    }
    const auto arrow = std::min(line.find(" -> "), line.find(" => "));
    read_request(trim(line.substr(0, arrow)), before, rule);
    if (arrow != line.npos)
        rule.replies.push_back(read_reply(line.substr(arrow + 4), line[arrow + 1] == '='));
    return rule;
}

void read_detail(std::string_view line, Rule& rule) {
    const auto text = line.substr(1);
    const auto add_to = [&](HeaderFields& fields, std::string_view separator) {
        auto pair = split(text, separator);
        if (!pair) throw std::runtime_error("no " + std::string(separator));
        fields.push_back(*std::move(pair));
    };
    if (line.starts_with("->") || line.starts_with("=>")) {
        rule.replies.push_back(read_reply(line.substr(2), line.starts_with('=')));
    } else if (line.starts_with('>')) {
        add_to(rule.headers, ":");
    } else if (line.starts_with('<')) {
        add_to(rule.expected_headers, ":");
    } else if (line.starts_with('$')) {
        add_to(rule.kept, "=");
    } else if (line.starts_with('|')) {
        rule.body += std::string(text.substr(std::min<std::size_t>(1, text.size()))) + "\r\n";
    } else if (line.starts_with('.')) {
        rule.body += text.substr(std::min<std::size_t>(1, text.size()));
    } else {
        throw std::runtime_error("no such detail");
    }
}

}  // namespace

std::vector<Rule> read_rules(const std::filesystem::path& file) {
    std::ifstream input(file);
    if (!input) throw std::runtime_error("no table " + file.string());
    std::vector<Rule> rules;
    std::string line;
    for (int number = 1; std::getline(input, line); ++number) {
        const auto place = file.filename().string() + ":" + std::to_string(number);
        const auto text = trim(line);
        if (text.empty() || text.starts_with('#')) continue;
        try {
            if (line.starts_with(' ')) {
                if (rules.empty()) throw std::runtime_error("no row before");
                read_detail(text, rules.back());
            } else {
                auto rule = read_row(text, rules);
                rule.place = place;
                rules.push_back(std::move(rule));
            }
        } catch (const std::runtime_error& wrong) {
            throw std::runtime_error(place + ": " + wrong.what());
        }
    }
    return rules;
}

}  // namespace hourglass::test
