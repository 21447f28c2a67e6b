#include "cli/terminal.hpp"

#include "cli/failure.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <array>
#include <iostream>
#include <unistd.h>

namespace hourglass::cli {

namespace {

constexpr int password_octets_max = 512;

enum class Typed { once, twice };

std::string ask(const std::string& without_terminal, Typed typed_how) {
    if (isatty(STDIN_FILENO) == 0) {
        throw Failure(ExitStatus::usage, without_terminal,
                      "Pipe it in: --password-stdin reads the first line of standard input.");
    }
    std::array<char, password_octets_max + 1> typed{};
    // OpenSSL's own prompt: no echo, and the terminal is put right again if a signal ends us.
    const int failed = EVP_read_pw_string_min(typed.data(), 1, password_octets_max,
                                              "Password: ", typed_how == Typed::twice ? 1 : 0);
    std::string password = typed.data();
    OPENSSL_cleanse(typed.data(), typed.size());
    if (failed != 0) throw Failure(ExitStatus::usage, "No password was given.");
    return password;
}

}  // namespace

std::string ask_new_password() {
    return ask("No password was given, and there is no terminal to ask for one.", Typed::twice);
}

std::string ask_password() {
    return ask("There is no terminal to ask for a password.", Typed::once);
}

std::string read_password_line(const std::string& what) {
    std::string password;
    if (!std::getline(std::cin, password) || password.empty()) {
        throw Failure(ExitStatus::usage, "Standard input holds no " + what + ".");
    }
    return password;
}

bool confirm(const std::string& question) {
    if (isatty(STDIN_FILENO) == 0) {
        throw Failure(ExitStatus::usage, "There is no terminal to ask for a confirmation.",
                      "Say --yes to go ahead without being asked.");
    }
    std::cerr << question << " [y/N] " << std::flush;
    std::string answer;
    std::getline(std::cin, answer);
    return answer.starts_with('y') || answer.starts_with('Y');
}

}  // namespace hourglass::cli
