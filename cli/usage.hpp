// How the command line explains itself: --help, and what was wrong with what was typed.
#pragma once

#include "cli/failure.hpp"

#include <CLI/CLI.hpp>

#include <string>

namespace hourglass::cli {

// CLI11's layout without the notes that belong to the machine, such as which options exclude each other, and
// in lines that fit.
class HelpFormatter : public CLI::Formatter {
public:
    std::string make_option_opts(const CLI::Option* option) const override;
    std::string make_option_desc(const CLI::Option* option) const override;
};

// `text` with line ends between words, so that no line is longer unless one word is.
std::string wrapped(const std::string& text, std::size_t columns);

// For the person who typed it: what is wrong, and which --help says more. `line` is the whole command line.
Failure explain_mistake(const CLI::App& line, const CLI::ParseError& mistake);

// Validators: an empty text if `text` will do, else what is wrong with it.
std::string expect_positive(const std::string& text);
std::string expect_number(const std::string& text);
std::string expect_number_or_nothing(const std::string& text);

}  // namespace hourglass::cli
