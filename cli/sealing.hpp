// How a backup is encrypted: chunks of AES-256-GCM behind a head that says how the key is made. Each chunk is
// bound to its place and to whether it is the last, so that a file that was changed, reordered or cut short
// is told from a whole one before the last octet is believed. Octets in, octets out; no files here.
//
// head    "HGBACKUP", format 1, kind of key, log2 N, r, p of scrypt (RFC 7914), 3 zeros, 16 octets of salt,
//         16 that tell whether the key is the right one, 16 of SHA-256 of all before
// chunk   length of the text, 4 octets with the highest bit set in the last; the text encrypted; the tag
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace hourglass::cli {

inline constexpr std::size_t sealing_key_octets = 32;
inline constexpr std::size_t sealed_chunk_octets = 64 * 1024;
inline constexpr std::size_t sealed_head_octets = 64;

// What the operator has: 32 octets, or words that scrypt makes them of.
struct SealingKey {
    enum class Kind : std::uint8_t { octets = 1, passphrase = 2 };
    Kind kind{};
    std::string secret;
};

class ChunkCipher;

// Throws std::runtime_error if OpenSSL fails.
class Sealer {
public:
    // `take` is given the file, piece by piece.
    Sealer(const SealingKey& key, std::function<void(std::string_view)> take);
    ~Sealer();

    void write(std::string_view text);
    void finish();

private:
    void write_chunk(std::string_view text, bool is_last);

    std::function<void(std::string_view)> take_;
    std::unique_ptr<ChunkCipher> cipher_;
    std::string unsealed_;
};

// What is wrong with a file or its key.
enum class SealFailure {
    none,
    no_backup,
    newer_format,
    damaged_head,
    other_kind_of_key,
    wrong_key,
    changed,
    cut_short
};

class Opener {
public:
    // Asked for when the head was read, and given which kind of key it takes.
    using AskKey = std::function<SealingKey(SealingKey::Kind kind)>;
    // `take` is given the text, only what is proven to be as it was written.
    Opener(AskKey ask_key, std::function<void(std::string_view)> take);
    ~Opener();

    SealFailure read(std::string_view octets);
    // Behind the last octet of the file.
    SealFailure finish() const;

private:
    SealFailure read_head();
    SealFailure read_chunks();

    AskKey ask_key_;
    std::function<void(std::string_view)> take_;
    std::unique_ptr<ChunkCipher> cipher_;  // null: the head was not read yet
    std::string unread_;
    bool is_complete_ = false;
};

}  // namespace hourglass::cli
