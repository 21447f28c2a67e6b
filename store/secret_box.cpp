// A sealed text is one octet of format, a 12-octet nonce, the ciphertext and the 16-octet tag of AES-256-GCM;
// the purpose is its associated data.
#include "store/secret_box.hpp"

#include "store/error.hpp"
#include "store/hex.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <sys/stat.h>
#include <unistd.h>

namespace hourglass::store {
namespace {

constexpr char format_1 = '\x01';
constexpr std::size_t nonce_octets = 12;
constexpr std::size_t tag_octets = 16;
constexpr std::size_t header_octets = 1 + nonce_octets;

struct FreeContext {
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

// Fetched once: looking an algorithm up costs more than sealing a password.
const EVP_CIPHER* aes_256_gcm() {
    static EVP_CIPHER* const cipher = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
    if (!cipher) throw std::runtime_error("OpenSSL offers no AES-256-GCM");
    return cipher;
}

void require(int openssl_result) {
    if (openssl_result != 1) throw std::runtime_error("OpenSSL refuses AES-256-GCM");
}

const std::uint8_t* octets_of(std::string_view text) {
    return reinterpret_cast<const std::uint8_t*>(text.data());
}
std::uint8_t* octets_of(std::string& text) {
    return reinterpret_cast<std::uint8_t*>(text.data());
}
std::uint8_t* octets_of(std::span<char> text) {
    return reinterpret_cast<std::uint8_t*>(text.data());
}

[[noreturn]] void refuse(const std::string& path, const std::string& why) {
    throw std::runtime_error("key file " + path + ": " + why);
}

class File {
public:
    explicit File(int descriptor) : descriptor_(descriptor) {}
    ~File() {
        if (descriptor_ >= 0) ::close(descriptor_);
    }
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    int get() const { return descriptor_; }

private:
    int descriptor_;
};

SecretBox::Key read_key(const File& file, const std::string& path) {
    struct stat status{};
    if (::fstat(file.get(), &status) != 0) refuse(path, std::strerror(errno));
    if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0) refuse(path, "others may read it; set its mode to 0600");

    std::array<char, SecretBox::key_octets * 2 + 2> text{};
    const auto octets = ::read(file.get(), text.data(), text.size());
    if (octets < 0) refuse(path, std::strerror(errno));

    std::string_view digits(text.data(), static_cast<std::size_t>(octets));
    if (digits.ends_with('\n')) digits.remove_suffix(1);
    SecretBox::Key key{};
    if (!from_hex(digits, key)) refuse(path, "does not hold 64 hexadecimal digits");
    return key;
}

// Complete before it bears its name, so that neither a crash nor a second daemon sees half a key.
void make_key_file(const std::string& path) {
    SecretBox::Key key{};
    if (RAND_bytes(key.data(), static_cast<int>(key.size())) != 1) refuse(path, "no random numbers");
    const auto digits = to_hex(key) + "\n";

    auto temporary = path + ".XXXXXX";
    const File file(::mkstemp(temporary.data()));  // mode 0600
    if (file.get() < 0) refuse(path, std::string("cannot be made: ") + std::strerror(errno));
    const bool is_written =
        ::write(file.get(), digits.data(), digits.size()) == static_cast<ssize_t>(digits.size()) &&
        ::fsync(file.get()) == 0;
    const bool is_named = is_written && (::link(temporary.c_str(), path.c_str()) == 0 || errno == EEXIST);
    const int error = errno;
    ::unlink(temporary.c_str());
    if (!is_named) refuse(path, std::string("cannot be written: ") + std::strerror(error));

    // The name must survive a power cut too: what is sealed under a lost key is lost.
    const auto directory = std::filesystem::path(path).parent_path();
    const File parent(
        ::open(directory.empty() ? "." : directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (parent.get() < 0 || ::fsync(parent.get()) != 0) refuse(path, std::strerror(errno));
}

}  // namespace

SecretBox::SecretBox(const Key& key) : key_(key) {}

SecretBox SecretBox::from_file(const std::string& path) {
    if (::access(path.c_str(), F_OK) != 0 && errno == ENOENT) make_key_file(path);
    return from_existing_file(path);
}

SecretBox SecretBox::from_existing_file(const std::string& path) {
    const File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.get() < 0) refuse(path, std::strerror(errno));
    return SecretBox(read_key(file, path));
}

std::string SecretBox::seal(std::string_view plaintext, std::string_view purpose) const {
    std::string sealed(header_octets + plaintext.size() + tag_octets, '\0');
    sealed[0] = format_1;
    auto* nonce = octets_of(sealed) + 1;
    auto* body = octets_of(sealed) + header_octets;
    auto* tag = body + plaintext.size();
    require(RAND_bytes(nonce, nonce_octets));

    const Context context(EVP_CIPHER_CTX_new());
    int written = 0;
    require(EVP_EncryptInit_ex2(context.get(), aes_256_gcm(), key_.data(), nonce, nullptr));
    require(EVP_EncryptUpdate(context.get(), nullptr, &written, octets_of(purpose),
                              static_cast<int>(purpose.size())));
    require(EVP_EncryptUpdate(context.get(), body, &written, octets_of(plaintext),
                              static_cast<int>(plaintext.size())));
    require(EVP_EncryptFinal_ex(context.get(), tag, &written));
    require(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, tag_octets, tag));
    return sealed;
}

result<Secret> SecretBox::open(std::string_view sealed, std::string_view purpose) const {
    if (sealed.size() < header_octets + tag_octets || sealed[0] != format_1) return Error::corrupt;
    const auto* nonce = octets_of(sealed) + 1;
    const auto body = sealed.substr(header_octets, sealed.size() - header_octets - tag_octets);
    std::array<std::uint8_t, tag_octets> tag{};
    std::memcpy(tag.data(), sealed.data() + sealed.size() - tag_octets, tag_octets);

    const Context context(EVP_CIPHER_CTX_new());
    Secret plaintext(body.size());
    auto* text = octets_of(plaintext.octets());
    int written = 0;
    require(EVP_DecryptInit_ex2(context.get(), aes_256_gcm(), key_.data(), nonce, nullptr));
    require(EVP_DecryptUpdate(context.get(), nullptr, &written, octets_of(purpose),
                              static_cast<int>(purpose.size())));
    require(EVP_DecryptUpdate(context.get(), text, &written, octets_of(body), static_cast<int>(body.size())));
    require(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, tag_octets, tag.data()));
    if (EVP_DecryptFinal_ex(context.get(), text + body.size(), &written) != 1) return Error::corrupt;
    return plaintext;
}

std::string SecretBox::key_text() const {
    return to_hex(key_);
}

SecretBox::Key SecretBox::derive_key(std::string_view purpose) const {
    Key derived{};
    unsigned octets = 0;
    const auto* const made = HMAC(EVP_sha256(), key_.data(), static_cast<int>(key_.size()),
                                  octets_of(purpose), purpose.size(), derived.data(), &octets);
    if (made == nullptr || octets != derived.size()) throw std::runtime_error("OpenSSL refuses HMAC-SHA256");
    return derived;
}

}  // namespace hourglass::store
