// What no log may ever tell: the fixtures note each secret that a story uses, and every daemon's log is
// searched for all of them when it ends.
#pragma once

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace hourglass::test {

// A password, a shared secret, a token or a key. Those of less than five octets are left out: they are found
// in anything.
void note_secret(const std::string& secret);
// Those in a body of the API, at any depth, by the names that they have there.
void note_secrets_of(const nlohmann::json& body);
// Those in attributes as radclient reads them: User-Password="hello".
void note_secrets_of_attributes(const std::string& attributes);
// Those in a settings file.
void note_secrets_of_settings(const std::string& text);

// The lines of `log` with any of them, behind what was found.
std::vector<std::string> lines_with_secrets(const std::string& log);

}  // namespace hourglass::test
