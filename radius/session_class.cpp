#include "radius/session_class.hpp"

#include "radius/digests.hpp"
#include "store/decimal.hpp"
#include "store/hex.hpp"

#include <boost/algorithm/hex.hpp>

#include <limits>

namespace hourglass::radius {
namespace {

constexpr std::string_view prefix = "hg1.";
constexpr std::size_t classes_tried_max = 4;  // of one request

using Seal = std::array<std::uint8_t, seal_octets>;

Seal seal_of(std::string_view text, const SealKey& key) {
    const auto digest = key.sign({as_bytes(text)});
    Seal seal;
    std::copy_n(digest.begin(), seal.size(), seal.begin());
    return seal;
}

// 0: it is not sealed by this key.
store::UserId open(std::string_view text, const SealKey& key) {
    const auto dot = text.rfind('.');
    Seal seal;
    if (!store::from_hex(text.substr(dot + 1), seal)) return 0;
    const auto sealed = text.substr(0, dot);
    if (!is_equal_secret(seal, seal_of(sealed, key))) return 0;
    const auto id = sealed.substr(prefix.size(), sealed.find('.', prefix.size()) - prefix.size());
    return store::parse_decimal(id).value_or(0);
}

}  // namespace

void SessionClass::append(std::string_view text) {
    text.copy(octets_.data() + size_, octets_.size() - size_);
    size_ = std::min(size_ + text.size(), octets_.size());
}

void SessionClass::append(std::int64_t number) {
    std::array<char, std::numeric_limits<std::int64_t>::digits10 + 2> digits;
    append({digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr});
}

SessionClass make_session_class(store::UserId user, store::Time login, const SealKey& key) {
    SessionClass klass;
    klass.append(prefix);
    klass.append(user);
    klass.append(".");
    klass.append(login.time_since_epoch().count());
    std::array<char, 2 * seal_octets> seal;
    boost::algorithm::hex_lower(seal_of(klass, key), seal.begin());
    klass.append(".");
    klass.append({seal.data(), seal.size()});
    return klass;
}

FoundClass find_session_class(const Packet& request, const SealKey& key) {
    FoundClass found;
    std::size_t tried = 0;
    for (const auto attribute : request.attributes()) {
        if (attribute.type != attr::klass.type) continue;
        const auto text = as_text(attribute.value);
        if (!text.starts_with(prefix) || ++tried > classes_tried_max) continue;
        found.user = open(text, key);
        if (found.user != 0) return {found.user, false};
        found.is_forged = true;
    }
    return found;
}

}  // namespace hourglass::radius
