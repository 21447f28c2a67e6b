#include "cli/nas_secret.hpp"

#include "cli/failure.hpp"

#include <openssl/rand.h>

#include <cstdint>

namespace hourglass::cli {

namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
// Octets from here on would make the first characters likelier than the others.
constexpr std::size_t fair_octets = 256 / alphabet.size() * alphabet.size();

}  // namespace

std::string make_nas_secret() {
    std::string secret;
    while (secret.size() < nas_secret_characters) {
        std::uint8_t octet{};
        if (RAND_bytes(&octet, 1) != 1)
            throw Failure(ExitStatus::refused, "The system has no random numbers for a secret.");
        if (octet < fair_octets) secret += alphabet[octet % alphabet.size()];
    }
    return secret;
}

}  // namespace hourglass::cli
