#include "tests/integration/secrets.hpp"

#include <algorithm>
#include <array>
#include <regex>
#include <set>
#include <sstream>
#include <string_view>

namespace hourglass::test {

namespace {

constexpr std::size_t secret_octets_min = 5;
constexpr std::array<std::string_view, 3> secret_fields{"password", "secret", "token"};
// What an answer shows in the place of one, and words of the daemon's own sentences.
constexpr std::array<std::string_view, 5> no_secrets{"****", "secret", "password", "wrong", "other"};

std::set<std::string>& secrets() {
    static std::set<std::string> all;
    return all;
}

bool is_part_of_a_word(const std::string& line, std::size_t begin, std::size_t end) {
    const auto is_letter = [&](std::size_t at) {
        return at < line.size() && std::isalnum(static_cast<unsigned char>(line[at])) != 0;
    };
    return (begin > 0 && is_letter(begin - 1)) || is_letter(end);
}

bool has(const std::string& line, const std::string& secret) {
    const auto at = line.find(secret);
    return at != line.npos && !is_part_of_a_word(line, at, at + secret.size());
}

}  // namespace

void note_secret(const std::string& secret) {
    const bool is_none = std::ranges::find(no_secrets, secret) != no_secrets.end();
    if (secret.size() >= secret_octets_min && !is_none) secrets().insert(secret);
}

void note_secrets_of(const nlohmann::json& body) {
    for (const auto& [name, value] : body.items()) {
        if (value.is_structured()) note_secrets_of(value);
        const bool is_secret =
            body.is_object() && std::ranges::find(secret_fields, name) != secret_fields.end();
        // That of a device is its name: an address, and no secret.
        const bool is_name = body.is_object() && body.value("username", nlohmann::json()) == value;
        if (is_secret && value.is_string() && !is_name) note_secret(value.get<std::string>());
    }
}

void note_secrets_of_attributes(const std::string& attributes) {
    static const std::regex name(R"re(User-Name\s*:?=\s*"?([^",\s]+))re");
    static const std::regex password(R"re(-Password\s*:?=\s*"?([^",\s]+))re");
    std::smatch user;
    const bool has_name = std::regex_search(attributes, user, name);
    for (std::sregex_iterator match(attributes.begin(), attributes.end(), password), end; match != end;
         ++match) {
        const bool is_name = has_name && (*match)[1] == user[1];  // as that of a device is
        if (!is_name) note_secret((*match)[1]);
    }
}

void note_secrets_of_settings(const std::string& text) {
    static const std::regex secret(R"re(secret\s*=\s*"([^"]+)")re");
    for (std::sregex_iterator match(text.begin(), text.end(), secret), end; match != end; ++match)
        note_secret((*match)[1]);
}

std::vector<std::string> lines_with_secrets(const std::string& log) {
    std::vector<std::string> found;
    std::istringstream lines(log);
    for (std::string line; std::getline(lines, line);) {
        const auto secret =
            std::ranges::find_if(secrets(), [&](const auto& each) { return has(line, each); });
        if (secret != secrets().end()) found.push_back(*secret + " is in: " + line);
    }
    return found;
}

}  // namespace hourglass::test
