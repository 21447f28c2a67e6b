// What Tab offers in a shell. The shells' own files (completion.bash, completion.zsh) ask the tool, so that
// what is offered is always what the installed tool understands.
#pragma once

#include <CLI/CLI.hpp>

#include <functional>
#include <string>
#include <vector>

namespace hourglass::cli {

struct Candidate {
    std::string word;
    std::string explanation;  // may be empty
};

// User names that begin with `begun`; none if they cannot be had.
using ListUserNames = std::function<std::vector<std::string>(const std::string& begun)>;

// What the last of `words`, which has been begun or is empty, may become; the others are whole, without the
// tool's own name. Nothing means: perhaps a file, or something that only a person knows.
std::vector<Candidate> complete(const CLI::App& line, const std::vector<std::string>& words,
                                const ListUserNames& list_user_names);

}  // namespace hourglass::cli
