#include "nas/packet.hpp"

#include <algorithm>
#include <stdexcept>

namespace hourglass::nas {

namespace {

constexpr std::size_t authenticator_offset = 4;
constexpr Authenticator zeros{};

View view_of(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

bool is_well_formed(View packet) {
    if (packet.size() < header_octets || packet.size() > packet_octets_max) return false;
    if (packet.size() != static_cast<std::size_t>(packet[2] << 8 | packet[3])) return false;
    for (auto rest = packet.subspan(header_octets); !rest.empty(); rest = rest.subspan(rest[1])) {
        if (rest.size() < 2 || rest[1] < 2 || rest[1] > rest.size()) return false;
    }
    return true;
}

// RFC 2865 section 3: octets beyond the Length are padding, which a server ignores.
View without_padding(View packet) {
    if (packet.size() < header_octets) return packet;
    const auto length = static_cast<std::size_t>(packet[2] << 8 | packet[3]);
    return packet.first(std::min(packet.size(), length));
}

// Where the first value of this type begins in a well-formed packet.
std::optional<std::size_t> find_offset(View packet, Attribute type) {
    for (auto at = header_octets; at < packet.size(); at += packet[at + 1]) {
        if (packet[at] == static_cast<std::uint8_t>(type)) return at + 2;
    }
    return std::nullopt;
}

// A Message-Authenticator is computed over the packet with itself as zeros, and with the Request
// Authenticator in the header.
bool message_authenticator_fits(View packet, View request_authenticator, std::size_t offset,
                                const Secret& secret) {
    if (packet[offset - 1] != 2 + zeros.size()) return false;
    const auto behind_header = packet.first(offset).subspan(header_octets);
    const auto expected = secret.hmac_md5({packet.first(authenticator_offset), request_authenticator,
                                           behind_header, zeros, packet.subspan(offset + zeros.size())});
    return std::ranges::equal(expected, packet.subspan(offset, zeros.size()));
}

// Such requests have a digest of themselves as their Request Authenticator.
bool is_signed_whole(std::uint8_t code) {
    return code == static_cast<std::uint8_t>(Code::accounting_request) ||
           code == static_cast<std::uint8_t>(Code::disconnect_request) ||
           code == static_cast<std::uint8_t>(Code::coa_request);
}

}  // namespace

Secret::Secret(std::string text)
    : text_(std::move(text)),
      algorithm_(EVP_MD_fetch(nullptr, "MD5", nullptr), EVP_MD_free),
      context_(EVP_MD_CTX_new(), EVP_MD_CTX_free) {
    if (!algorithm_ || !context_) throw std::runtime_error("OpenSSL offers no MD5");
    if (text_.size() > inner_pad_.size()) throw std::invalid_argument("a secret has at most 64 octets here");
    inner_pad_.fill(0x36);
    outer_pad_.fill(0x5c);
    for (std::size_t i = 0; i < text_.size(); ++i) {
        inner_pad_[i] ^= octets()[i];
        outer_pad_[i] ^= octets()[i];
    }
}

Authenticator Secret::md5(std::initializer_list<View> parts) const {
    Authenticator digest{};
    EVP_DigestInit_ex(context_.get(), algorithm_.get(), nullptr);
    for (const auto part : parts)
        EVP_DigestUpdate(context_.get(), part.data(), part.size());
    EVP_DigestFinal_ex(context_.get(), digest.data(), nullptr);
    return digest;
}

Authenticator Secret::hmac_md5(std::initializer_list<View> parts) const {
    Authenticator inner{};
    EVP_DigestInit_ex(context_.get(), algorithm_.get(), nullptr);
    EVP_DigestUpdate(context_.get(), inner_pad_.data(), inner_pad_.size());
    for (const auto part : parts)
        EVP_DigestUpdate(context_.get(), part.data(), part.size());
    EVP_DigestFinal_ex(context_.get(), inner.data(), nullptr);
    return md5({outer_pad_, inner});
}

View Secret::octets() const {
    return view_of(text_);
}

Request::Request(Code code, std::uint8_t identifier, const Authenticator& authenticator) {
    packet_.reserve(256);
    packet_ = {static_cast<std::uint8_t>(code), identifier, 0, 0};
    if (is_signed_whole(packet_[0])) {
        packet_.insert(packet_.end(), zeros.begin(), zeros.end());
    } else {
        packet_.insert(packet_.end(), authenticator.begin(), authenticator.end());
        add(Attribute::message_authenticator, View(zeros));
    }
}

Request& Request::add(Attribute type, View value) {
    packet_.push_back(static_cast<std::uint8_t>(type));
    packet_.push_back(static_cast<std::uint8_t>(value.size() + 2));
    packet_.insert(packet_.end(), value.begin(), value.end());
    return *this;
}

Request& Request::add(Attribute type, std::string_view text) {
    return add(type, view_of(text));
}

Request& Request::add(Attribute type, std::uint32_t number) {
    const std::array value{static_cast<std::uint8_t>(number >> 24), static_cast<std::uint8_t>(number >> 16),
                           static_cast<std::uint8_t>(number >> 8), static_cast<std::uint8_t>(number)};
    return add(type, View(value));
}

Request& Request::add_password(std::string_view password, const Secret& secret) {
    constexpr std::size_t block = 16;
    Octets hidden(std::max(block, (password.size() + block - 1) / block * block));
    std::ranges::copy(view_of(password), hidden.begin());
    auto previous = View(packet_).subspan(authenticator_offset, block);
    for (std::size_t at = 0; at < hidden.size(); at += block) {
        const auto mask = secret.md5({secret.octets(), previous});
        for (std::size_t i = 0; i < block; ++i)
            hidden[at + i] ^= mask[i];
        previous = View(hidden).subspan(at, block);
    }
    return add(Attribute::user_password, View(hidden));
}

Request& Request::add_chap_password(std::string_view password, const Secret& secret) {
    const std::array identifier{packet_[1]};
    const auto challenge = View(packet_).subspan(authenticator_offset, zeros.size());
    const auto digest = secret.md5({identifier, view_of(password), challenge});
    Octets value(identifier.begin(), identifier.end());
    value.insert(value.end(), digest.begin(), digest.end());
    return add(Attribute::chap_password, View(value));
}

Octets Request::sign(const Secret& secret) {
    packet_[2] = static_cast<std::uint8_t>(packet_.size() >> 8);
    packet_[3] = static_cast<std::uint8_t>(packet_.size());
    if (is_signed_whole(packet_[0])) {
        std::ranges::copy(secret.md5({packet_, secret.octets()}), packet_.begin() + authenticator_offset);
    } else {
        std::ranges::copy(secret.hmac_md5({packet_}), packet_.begin() + header_octets + 2);
    }
    return std::move(packet_);
}

View find(View packet, Attribute type) {
    if (!is_well_formed(packet)) return {};
    const auto offset = find_offset(packet, type);
    return offset ? packet.subspan(*offset, packet[*offset - 1] - 2U) : View{};
}

std::string find_text(View packet, Attribute type) {
    const auto value = find(packet, type);
    return {value.begin(), value.end()};
}

std::optional<std::uint32_t> find_number(View packet, Attribute type) {
    const auto value = find(packet, type);
    if (value.size() != sizeof(std::uint32_t)) return std::nullopt;
    std::uint32_t number{};
    for (const auto octet : value)
        number = number << 8 | octet;
    return number;
}

bool is_authentic(View datagram, const Secret& secret) {
    const auto request = without_padding(datagram);
    if (!is_well_formed(request)) return false;
    const auto authenticator = request.subspan(authenticator_offset, zeros.size());
    const auto offset = find_offset(request, Attribute::message_authenticator);
    if (!is_signed_whole(code_of(request)))
        return offset && message_authenticator_fits(request, authenticator, *offset, secret);

    const auto expected = secret.md5(
        {request.first(authenticator_offset), zeros, request.subspan(header_octets), secret.octets()});
    if (!std::ranges::equal(expected, authenticator)) return false;
    const bool is_accounting = code_of(request) == static_cast<std::uint8_t>(Code::accounting_request);
    return is_accounting || !offset || message_authenticator_fits(request, zeros, *offset, secret);
}

bool answers(View response, View request, const Secret& secret) {
    if (!is_well_formed(response) || identifier_of(response) != identifier_of(request)) return false;
    const auto request_authenticator = request.subspan(authenticator_offset, zeros.size());
    const auto expected = secret.md5({response.first(authenticator_offset), request_authenticator,
                                      response.subspan(header_octets), secret.octets()});
    if (!std::ranges::equal(expected, response.subspan(authenticator_offset, zeros.size()))) return false;

    // RFC 5997 section 3 has the Message-Authenticator of an Accounting-Response over the Request
    // Authenticator too, like that of an Access-Accept.
    const auto offset = find_offset(response, Attribute::message_authenticator);
    return !offset || message_authenticator_fits(response, request_authenticator, *offset, secret);
}

Octets answer_to(View request, std::optional<ErrorCause> refusal, const Secret& secret) {
    Octets answer(request.begin(), request.begin() + header_octets);
    answer[0] =
        static_cast<std::uint8_t>(answer[0] + (refusal ? 2 : 1));  // request, ACK and NAK are neighbours
    if (refusal) {
        const auto cause = static_cast<std::uint32_t>(*refusal);
        answer.insert(answer.end(),
                      {static_cast<std::uint8_t>(Attribute::error_cause), 6, 0, 0,
                       static_cast<std::uint8_t>(cause >> 8), static_cast<std::uint8_t>(cause)});
    }
    answer[2] = 0;
    answer[3] = static_cast<std::uint8_t>(answer.size());
    // Over the Request Authenticator, which stands in the header until the digest takes its place.
    std::ranges::copy(secret.md5({answer, secret.octets()}), answer.begin() + authenticator_offset);
    return answer;
}

}  // namespace hourglass::nas
