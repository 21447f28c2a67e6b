#include "cli/problem.hpp"

#include "cli/configuration.hpp"
#include "cli/json.hpp"

#include <algorithm>

namespace hourglass::cli {

namespace {

bool is_number(std::string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::string joined(const std::string& path, const std::string& key) {
    if (key == "detail" || key == "non_field_errors") return path;
    if (path.empty()) return key;
    return is_number(key) ? path + "[" + key + "]" : path + "." + key;
}

void collect(const Json& problem, const std::string& path, std::vector<std::string>& sentences) {
    if (problem.is_string()) {
        const auto text = problem.get<std::string>();
        sentences.push_back(path.empty() ? text : path + ": " + text);
    } else if (problem.is_array()) {
        for (const auto& item : problem)
            collect(item, path, sentences);
    } else if (problem.is_object()) {
        for (const auto& [key, item] : problem.items())
            collect(item, joined(path, key), sentences);
    }
}

ExitStatus exit_status_of(unsigned http_status) {
    if (http_status >= 500) return ExitStatus::unavailable;
    return http_status == 401 ? ExitStatus::unauthorized : ExitStatus::refused;
}

std::string advice_for(unsigned http_status) {
    switch (http_status) {
        case 401:
            return token_advice();
        case 403:
            return "The token lacks the scope, or is confined to other organizations; with an "
                   "administrator's token "
                   "hourglass token list says which.";
        case 503:
            return "hourglass status says more; so does the daemon's log (journalctl -u hourglassd).";
        default:
            return {};
    }
}

}  // namespace

std::vector<std::string> sentences_of(std::string_view body) {
    const auto problem = Json::parse(body, nullptr, false);
    std::vector<std::string> sentences;
    if (problem.is_object()) collect(problem, {}, sentences);
    return sentences;
}

Failure failure_of(const HttpResponse& response) {
    std::string text;
    for (const auto& sentence : sentences_of(response.body))
        text += (text.empty() ? "" : "\n") + sentence;
    if (text.empty()) text = "The answer was HTTP status " + std::to_string(response.status) + ".";
    return {exit_status_of(response.status), text, advice_for(response.status)};
}

std::string token_advice() {
    return std::string(
               "Give a token by --token-file FILE, HOURGLASS_TOKEN, or `token = \"…\"` in "
               "~/.config/hourglass.toml. The daemon's first token is in <state_dir>/admin.token (") +
           first_token_file + ").";
}

}  // namespace hourglass::cli
