// The secret that we share with one NAS, with what each HMAC under it begins with (RFC 3579 section 3.2)
// made ready.
#pragma once

#include "radius/hmac.hpp"

#include <concepts>
#include <string>
#include <string_view>

namespace hourglass::radius {

class SharedSecret {
public:
    SharedSecret() : SharedSecret(std::string_view()) {}
    // Implicit: any text may be a secret.
    template <std::convertible_to<std::string_view> Text>
    SharedSecret(const Text& text) : text_(std::string_view(text)), key_(as_bytes(text_)) {}

    const std::string& text() const { return text_; }
    operator std::string_view() const { return text_; }
    bool empty() const { return text_.empty(); }

    Md5Digest hmac_md5(std::initializer_list<Bytes> parts) const { return key_.sign(parts); }

private:
    std::string text_;
    HmacKey<Md5> key_;
};

}  // namespace hourglass::radius
