#include "cli/terminal.hpp"

#include "cli/failure.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <array>
#include <fcntl.h>
#include <iostream>
#include <optional>
#include <unistd.h>

namespace hourglass::cli {

namespace {

constexpr int password_octets_max = 512;
constexpr int passphrase_octets_min = 12;

enum class Typed { once, twice };

// nullopt: nothing was typed, too little of it, or not the same twice.
std::optional<std::string> read_unseen(const char* prompt, int octets_min, Typed typed_how) {
    std::array<char, password_octets_max + 1> typed{};
    // OpenSSL's own prompt: no echo, and the terminal is put right again if a signal ends us.
    const int failed = EVP_read_pw_string_min(typed.data(), octets_min, password_octets_max, prompt,
                                              typed_how == Typed::twice ? 1 : 0);
    std::string password = typed.data();
    OPENSSL_cleanse(typed.data(), typed.size());
    return failed == 0 ? std::optional(std::move(password)) : std::nullopt;
}

std::string ask(const std::string& without_terminal, Typed typed_how) {
    if (isatty(STDIN_FILENO) == 0) {
        throw Failure(ExitStatus::usage, without_terminal,
                      "Pipe it in: --password-stdin reads the first line of standard input.");
    }
    const auto password = read_unseen("Password: ", 1, typed_how);
    if (!password) throw Failure(ExitStatus::usage, "No password was given.");
    return *password;
}

std::string ask_for_file(int octets_min, Typed typed_how) {
    const int terminal = ::open("/dev/tty", O_RDWR | O_CLOEXEC);
    if (terminal < 0) {
        throw Failure(ExitStatus::usage, "There is no terminal to ask for a passphrase.",
                      "Say --key-file or --passphrase-file.");
    }
    ::close(terminal);
    const auto passphrase = read_unseen("Passphrase: ", octets_min, typed_how);
    if (!passphrase) throw Failure(ExitStatus::usage, "No passphrase was given.");
    return *passphrase;
}

}  // namespace

std::string ask_new_password() {
    return ask("No password was given, and there is no terminal to ask for one.", Typed::twice);
}

std::string ask_password() {
    return ask("There is no terminal to ask for a password.", Typed::once);
}

std::string ask_new_passphrase() {
    return ask_for_file(passphrase_octets_min, Typed::twice);
}

std::string ask_passphrase() {
    return ask_for_file(1, Typed::once);
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
