// The store makes a first token only once, so a crash after that must not lose it. The empty file
// admin.token.pending, made before the store is asked and taken away after the token is on disk, tells the
// next start that the token of this one may never have arrived; it then makes another.
#include "daemon/first_token.hpp"

#include "daemon/state_directory.hpp"

#include <stdexcept>
#include <string>
#include <system_error>

namespace hourglass::daemon {

namespace {

store::Time now() {
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

store::ApiToken administrator() {
    store::ApiToken token;
    token.name = "first administrator";
    token.scopes = {.read = true, .write = true, .admin = true};
    return token;
}

template <class Step>
void on_disk(Step step) {
    try {
        step();
    } catch (const std::system_error& failure) {
        throw std::runtime_error(
            "The first administrator's token cannot be kept: " + std::string(failure.what()) + ".");
    }
}

[[noreturn]] void refuse(error_code failure) {
    throw std::runtime_error("The first administrator's token cannot be made: " + failure.message() + ".");
}

awaitable<std::optional<store::NewApiToken>> make_token(store::Store& store, bool was_interrupted) {
    const auto first = co_await store.tokens.create_first(now());
    if (!first) refuse(first.error());
    if (*first || !was_interrupted) co_return *first;

    const auto another = co_await store.tokens.create(administrator(), now());
    if (!another) refuse(another.error());
    co_return *another;
}

}  // namespace

awaitable<void> leave_first_token(store::Store& store, std::filesystem::path state_directory, Log& log) {
    const auto file = state_directory / first_token_file;
    const auto pending = state_directory / "admin.token.pending";

    const bool was_interrupted = std::filesystem::exists(pending);
    const bool has_token = std::filesystem::exists(file) && !was_interrupted;
    if (!has_token) on_disk([&] { replace_file(pending, ""); });

    const auto token = co_await make_token(store, was_interrupted);
    if (token) {
        on_disk([&] { replace_file(file, token->token + "\n"); });
        const auto path = file.string();
        log.notice(
            "An administrator's API token was made; it is in a file that only the daemon's user can read",
            {
                {"file", path}
        });
    }
    std::filesystem::remove(pending);
}

}  // namespace hourglass::daemon
