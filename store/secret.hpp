// A text that must not stay in memory: it is wiped when its owner lets go of it. Moving leaves nothing
// behind, and it is never printed by mistake, for there is no way to print it.
#pragma once

#include <openssl/crypto.h>

#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace hourglass::store {

class Secret {
public:
    Secret() = default;
    explicit Secret(std::string_view text) : octets_(text.begin(), text.end()) {}
    // Zeros, to be written over.
    explicit Secret(std::size_t size) : octets_(size) {}
    Secret(const Secret&) = default;
    Secret(Secret&&) noexcept = default;
    Secret& operator=(Secret other) noexcept {
        octets_.swap(other.octets_);
        return *this;
    }
    ~Secret() { OPENSSL_cleanse(octets_.data(), octets_.size()); }

    std::span<char> octets() { return octets_; }
    // `size` is at most what it was.
    void shorten(std::size_t size) {
        OPENSSL_cleanse(octets_.data() + size, octets_.size() - size);
        octets_.resize(size);
    }

    bool empty() const { return octets_.empty(); }
    operator std::string_view() const { return {octets_.data(), octets_.size()}; }

    // In a time that does not depend on where they differ.
    friend bool operator==(const Secret& left, std::string_view right) {
        return left.octets_.size() == right.size() &&
               CRYPTO_memcmp(left.octets_.data(), right.data(), right.size()) == 0;
    }

private:
    std::vector<char> octets_;  // never grows, which would leave a copy
};

}  // namespace hourglass::store
