#include "cli/sealing.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>

namespace hourglass::cli {
namespace {

constexpr std::string_view magic = "HGBACKUP";
constexpr std::uint8_t format = 1;
constexpr std::size_t salt_octets = 16;
constexpr std::size_t check_octets = 16;
constexpr std::size_t settings_octets = 8;
constexpr std::size_t salted_octets = magic.size() + settings_octets + salt_octets;
static_assert(salted_octets + 2 * check_octets == sealed_head_octets);

constexpr std::size_t length_octets = 4;
constexpr std::size_t tag_octets = 16;
constexpr std::size_t nonce_octets = 12;
constexpr std::uint32_t last_flag = std::uint32_t{1} << 31;

// A third of a second and 64 MiB for each guess; what a head may ask for has a limit too.
constexpr std::uint8_t scrypt_log_n = 16;
constexpr std::uint8_t scrypt_r = 8;
constexpr std::uint8_t scrypt_p = 1;
constexpr std::uint8_t scrypt_log_n_max = 20;
constexpr std::uint8_t scrypt_r_max = 16;
constexpr std::uint8_t scrypt_p_max = 8;

// Positions of the settings behind the magic.
enum Setting : std::size_t { in_format, in_kind, in_log_n, in_r, in_p };

using Key = std::array<std::uint8_t, sealing_key_octets>;

const std::uint8_t* octets_of(std::string_view text) {
    return reinterpret_cast<const std::uint8_t*>(text.data());
}
std::uint8_t* octets_of(std::string& text) {
    return reinterpret_cast<std::uint8_t*>(text.data());
}

void require(int openssl_result) {
    if (openssl_result != 1) throw std::runtime_error("OpenSSL refuses to encrypt.");
}

std::uint8_t setting_of(std::string_view head, Setting setting) {
    return static_cast<std::uint8_t>(head[magic.size() + setting]);
}

std::string sha256(std::string_view text) {
    std::string digest(EVP_MAX_MD_SIZE, '\0');
    unsigned size = 0;
    require(EVP_Digest(text.data(), text.size(), octets_of(digest), &size, EVP_sha256(), nullptr));
    digest.resize(size);
    return digest;
}

Key derive(const Key& key, std::string_view purpose, std::string_view salted) {
    Key derived{};
    const auto text = std::string(purpose).append(salted);
    unsigned size = 0;
    const auto* const made = HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), octets_of(text),
                                  text.size(), derived.data(), &size);
    require(made != nullptr && size == derived.size());
    return derived;
}

Key scrypt(const std::string& passphrase, std::string_view head) {
    const auto n = std::uint64_t{1} << setting_of(head, in_log_n);
    const std::uint64_t r = setting_of(head, in_r);
    const std::uint64_t p = setting_of(head, in_p);
    const auto memory_max = 128 * r * (n + p + 2);
    Key key{};
    require(EVP_PBE_scrypt(passphrase.data(), passphrase.size(),
                           octets_of(head.substr(magic.size() + settings_octets)), salt_octets, n, r, p,
                           memory_max, key.data(), key.size()));
    return key;
}

Key master_key(const SealingKey& key, std::string_view head) {
    if (key.kind == SealingKey::Kind::passphrase) return scrypt(key.secret, head);
    Key octets{};
    if (key.secret.size() != octets.size()) throw std::invalid_argument("a key of another length");
    std::memcpy(octets.data(), key.secret.data(), octets.size());
    return octets;
}

std::string make_salted_head(SealingKey::Kind kind) {
    const bool is_passphrase = kind == SealingKey::Kind::passphrase;
    std::string head(magic);
    for (const auto setting :
         {format, static_cast<std::uint8_t>(kind), is_passphrase ? scrypt_log_n : std::uint8_t{},
          is_passphrase ? scrypt_r : std::uint8_t{}, is_passphrase ? scrypt_p : std::uint8_t{}})
        head.push_back(static_cast<char>(setting));
    head.resize(salted_octets, '\0');
    require(RAND_bytes(octets_of(head) + magic.size() + settings_octets, salt_octets));
    return head;
}

bool is_affordable(std::string_view head) {
    const auto between = [&](Setting setting, std::uint8_t max) {
        return setting_of(head, setting) >= 1 && setting_of(head, setting) <= max;
    };
    return between(in_log_n, scrypt_log_n_max) && between(in_r, scrypt_r_max) && between(in_p, scrypt_p_max);
}

struct FreeContext {
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};

}  // namespace

// One file's chunks, in order. Its key is its own, by the salt, so that the chunk's number will do as nonce.
class ChunkCipher {
public:
    ChunkCipher(const SealingKey& key, std::string_view salted_head) {
        auto master = master_key(key, salted_head);
        const auto check = derive(master, "check", salted_head);
        check_.assign(reinterpret_cast<const char*>(check.data()), check_octets);
        key_ = derive(master, "file", salted_head);
        OPENSSL_cleanse(master.data(), master.size());
    }
    ~ChunkCipher() { OPENSSL_cleanse(key_.data(), key_.size()); }
    ChunkCipher(const ChunkCipher&) = delete;
    ChunkCipher& operator=(const ChunkCipher&) = delete;

    // Tells one key from another, and nothing about either.
    const std::string& check() const { return check_; }

    std::string seal(std::string_view text, std::uint32_t length) {
        std::string sealed(length_octets + text.size() + tag_octets, '\0');
        put(length, sealed);
        auto* const body = octets_of(sealed) + length_octets;
        int written = 0;
        begin(sealed, true);
        require(EVP_EncryptUpdate(context_.get(), body, &written, octets_of(text),
                                  static_cast<int>(text.size())));
        require(EVP_EncryptFinal_ex(context_.get(), body + text.size(), &written));
        require(EVP_CIPHER_CTX_ctrl(context_.get(), EVP_CTRL_AEAD_GET_TAG, tag_octets, body + text.size()));
        return sealed;
    }

    // nullopt: it is not what was written at this place.
    std::optional<std::string> open(std::string_view sealed) {
        std::string text(sealed.size() - length_octets - tag_octets, '\0');
        std::string tag(sealed.substr(sealed.size() - tag_octets));
        int written = 0;
        begin(sealed, false);
        require(EVP_DecryptUpdate(context_.get(), octets_of(text), &written,
                                  octets_of(sealed.substr(length_octets)), static_cast<int>(text.size())));
        require(EVP_CIPHER_CTX_ctrl(context_.get(), EVP_CTRL_AEAD_SET_TAG, tag_octets, tag.data()));
        if (EVP_DecryptFinal_ex(context_.get(), octets_of(text) + text.size(), &written) != 1)
            return std::nullopt;
        return text;
    }

private:
    static void put(std::uint32_t length, std::string& sealed) {
        for (std::size_t i = 0; i < length_octets; ++i)
            sealed[i] = static_cast<char>(length >> (8 * (length_octets - 1 - i)));
    }

    // The length is authenticated too, and with it whether this is the last.
    void begin(std::string_view sealed, bool is_encrypting) {
        std::array<std::uint8_t, nonce_octets> nonce{};
        for (std::size_t i = 0; i < sizeof number_; ++i)
            nonce[nonce_octets - 1 - i] = static_cast<std::uint8_t>(number_ >> (8 * i));
        ++number_;
        int written = 0;
        require(EVP_CipherInit_ex2(context_.get(), EVP_aes_256_gcm(), key_.data(), nonce.data(),
                                   is_encrypting ? 1 : 0, nullptr));
        require(EVP_CipherUpdate(context_.get(), nullptr, &written, octets_of(sealed), length_octets));
    }

    Key key_{};
    std::string check_;
    std::uint64_t number_ = 0;
    std::unique_ptr<EVP_CIPHER_CTX, FreeContext> context_{EVP_CIPHER_CTX_new()};
};

Sealer::Sealer(const SealingKey& key, std::function<void(std::string_view)> take) : take_(std::move(take)) {
    auto head = make_salted_head(key.kind);
    cipher_ = std::make_unique<ChunkCipher>(key, head);
    head += cipher_->check();
    head += sha256(head).substr(0, check_octets);
    take_(head);
}

Sealer::~Sealer() = default;

void Sealer::write(std::string_view text) {
    unsealed_.append(text);
    // One chunk is kept back: it may be the last.
    std::size_t sealed = 0;
    while (unsealed_.size() - sealed > sealed_chunk_octets) {
        write_chunk(std::string_view(unsealed_).substr(sealed, sealed_chunk_octets), false);
        sealed += sealed_chunk_octets;
    }
    unsealed_.erase(0, sealed);
}

void Sealer::finish() {
    write_chunk(unsealed_, true);
    unsealed_.clear();
}

void Sealer::write_chunk(std::string_view text, bool is_last) {
    const auto length = static_cast<std::uint32_t>(text.size());
    take_(cipher_->seal(text, is_last ? length | last_flag : length));
}

Opener::Opener(AskKey ask_key, std::function<void(std::string_view)> take)
    : ask_key_(std::move(ask_key)), take_(std::move(take)) {}

Opener::~Opener() = default;

SealFailure Opener::read(std::string_view octets) {
    unread_.append(octets);
    if (!cipher_) {
        if (unread_.size() < sealed_head_octets) return SealFailure::none;
        const auto failure = read_head();
        if (failure != SealFailure::none) return failure;
    }
    return read_chunks();
}

SealFailure Opener::finish() const {
    const auto known = std::min(unread_.size(), magic.size());
    if (!cipher_ && unread_.substr(0, known) != magic.substr(0, known)) return SealFailure::no_backup;
    return is_complete_ ? SealFailure::none : SealFailure::cut_short;
}

SealFailure Opener::read_head() {
    const auto head = unread_.substr(0, sealed_head_octets);
    unread_.erase(0, sealed_head_octets);
    if (!head.starts_with(magic)) return SealFailure::no_backup;
    if (!sha256(head.substr(0, sealed_head_octets - check_octets))
             .starts_with(head.substr(sealed_head_octets - check_octets)))
        return SealFailure::damaged_head;
    if (setting_of(head, in_format) != format) return SealFailure::newer_format;

    const auto kind = static_cast<SealingKey::Kind>(setting_of(head, in_kind));
    if (kind != SealingKey::Kind::octets && kind != SealingKey::Kind::passphrase)
        return SealFailure::newer_format;
    if (kind == SealingKey::Kind::passphrase && !is_affordable(head)) return SealFailure::damaged_head;
    const auto key = ask_key_(kind);
    if (key.kind != kind) return SealFailure::other_kind_of_key;
    cipher_ = std::make_unique<ChunkCipher>(key, head.substr(0, salted_octets));
    const auto check = head.substr(salted_octets, check_octets);
    const bool is_right = CRYPTO_memcmp(cipher_->check().data(), check.data(), check_octets) == 0;
    return is_right ? SealFailure::none : SealFailure::wrong_key;
}

SealFailure Opener::read_chunks() {
    std::size_t opened = 0;
    auto failure = SealFailure::none;
    while (failure == SealFailure::none && unread_.size() - opened >= length_octets) {
        const auto left = std::string_view(unread_).substr(opened);
        std::uint32_t length = 0;
        for (std::size_t i = 0; i < length_octets; ++i)
            length = length << 8 | static_cast<std::uint8_t>(left[i]);
        const bool is_last = (length & last_flag) != 0;
        length &= ~last_flag;
        const bool is_possible = is_last ? length <= sealed_chunk_octets : length == sealed_chunk_octets;
        if (is_complete_ || !is_possible) {
            failure = SealFailure::changed;
            break;
        }
        const auto size = length_octets + length + tag_octets;
        if (left.size() < size) break;
        const auto text = cipher_->open(left.substr(0, size));
        if (!text) {
            failure = SealFailure::changed;
            break;
        }
        is_complete_ = is_last;
        opened += size;
        take_(*text);
    }
    unread_.erase(0, opened);
    if (is_complete_ && !unread_.empty()) failure = SealFailure::changed;
    return failure;
}

}  // namespace hourglass::cli
