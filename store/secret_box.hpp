// Encryption of what must be readable again: passwords, NAS secrets, identity data. AES-256-GCM under a key
// that lives in a file outside Redis.
#pragma once

#include "store/result.hpp"
#include "store/secret.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace hourglass::store {

class SecretBox {
public:
    static constexpr std::size_t key_octets = 32;
    using Key = std::array<std::uint8_t, key_octets>;

    explicit SecretBox(const Key& key);

    // Reads the key from `path` (64 hexadecimal digits), or makes the file with mode 0600 and a random key
    // when it does not exist. Throws std::runtime_error with a sentence for the operator: unreadable,
    // malformed, or readable by others.
    static SecretBox from_file(const std::string& path);
    // The same, but a file that does not exist is unreadable: no other key could open what is sealed under
    // the one that was meant.
    static SecretBox from_existing_file(const std::string& path);

    // A fresh nonce each time: sealing the same text twice gives two different results. `purpose` is bound
    // into the result, so that a sealed password cannot be passed off as a NAS secret.
    std::string seal(std::string_view plaintext, std::string_view purpose) const;
    // Error::corrupt if it was changed, sealed under another key, or for another purpose.
    result<Secret> open(std::string_view sealed, std::string_view purpose) const;

    // The key itself, as its file has it: for a backup, which is worth nothing without.
    std::string key_text() const;

    // A key for another purpose, the same in every daemon that has this one, which it does not give away.
    Key derive_key(std::string_view purpose) const;

private:
    Key key_;
};

}  // namespace hourglass::store
