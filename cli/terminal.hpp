// Questions to the person at the terminal.
#pragma once

#include <string>

namespace hourglass::cli {

// Typed twice and not shown. Throws Failure if there is no terminal or the two differ.
std::string ask_new_password();

// Typed once and not shown. Throws Failure if there is no terminal.
std::string ask_password();

// The same of a passphrase for a file, from the terminal itself: standard input may be the file.
std::string ask_new_passphrase();
std::string ask_passphrase();

// The first line of standard input, which holds this.
std::string read_password_line(const std::string& what = "password");

// False unless the answer begins with y. Throws Failure if standard input is no terminal.
bool confirm(const std::string& question);

}  // namespace hourglass::cli
