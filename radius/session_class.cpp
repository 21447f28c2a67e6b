#include "radius/session_class.hpp"

#include "store/decimal.hpp"
#include "store/hex.hpp"

namespace hourglass::radius {
namespace {

constexpr std::string_view prefix = "hg1.";
constexpr std::size_t classes_tried_max = 4;  // of one request

std::array<std::uint8_t, seal_octets> seal_of(std::string_view text, const SealKey& key, Digests& digests) {
    const auto digest = digests.hmac_sha256(key, {as_bytes(text)});
    std::array<std::uint8_t, seal_octets> seal;
    std::copy_n(digest.begin(), seal.size(), seal.begin());
    return seal;
}

// 0: it is not sealed by this key.
store::UserId open(std::string_view text, const SealKey& key, Digests& digests) {
    const auto dot = text.rfind('.');
    std::array<std::uint8_t, seal_octets> seal;
    if (!store::from_hex(text.substr(dot + 1), seal)) return 0;
    const auto sealed = text.substr(0, dot);
    if (!is_equal_secret(seal, seal_of(sealed, key, digests))) return 0;
    const auto id = sealed.substr(prefix.size(), sealed.find('.', prefix.size()) - prefix.size());
    return store::parse_decimal(id).value_or(0);
}

}  // namespace

std::string make_session_class(store::UserId user, store::Time login, const SealKey& key, Digests& digests) {
    std::string text(prefix);
    text.append(std::to_string(user)).append(".").append(std::to_string(login.time_since_epoch().count()));
    const auto seal = seal_of(text, key, digests);
    return text.append(".").append(store::to_hex(seal));
}

FoundClass find_session_class(const Packet& request, const SealKey& key, Digests& digests) {
    FoundClass found;
    std::size_t tried = 0;
    for (const auto attribute : request.attributes()) {
        if (attribute.type != attr::klass.type) continue;
        const auto text = as_text(attribute.value);
        if (!text.starts_with(prefix) || ++tried > classes_tried_max) continue;
        found.user = open(text, key, digests);
        if (found.user != 0) return {found.user, false};
        found.is_forged = true;
    }
    return found;
}

}  // namespace hourglass::radius
