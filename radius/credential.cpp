#include "radius/credential.hpp"

#include "radius/authenticator.hpp"

#include <boost/algorithm/hex.hpp>

namespace hourglass::radius {
namespace {

constexpr std::size_t chap_response_octets = 16;
constexpr std::size_t ms_chap_response_octets = 50;  // of both versions
constexpr std::size_t ms_chap1_challenge_octets = 8;
constexpr std::size_t ms_chap2_challenge_octets = 16;
constexpr std::size_t nt_response_octets = 24;
constexpr std::size_t eap_header_octets = 4;

// RFC 2548 sections 2.4.4 and 2.4.5.
constexpr std::uint32_t encryption_allowed = 1;
constexpr std::uint32_t rc4_40_bits_and_128_bits = 2 | 4;

constexpr std::uint8_t eap_failure = 4;

using Found = std::variant<Credential, RejectReason>;

Found pap(Bytes value) {
    return Pap{value};
}

Found chap(Bytes value, const Packet& request) {
    if (value.size() != 1 + chap_response_octets) return RejectReason::malformed_credential;
    return Chap{value[0], value.subspan(1), request.find(attr::chap_challenge).value_or(Bytes{})};
}

// Of the two responses only the NT response is looked at: the LAN Manager one is as good as the password.
Found ms_chap1(Bytes value, Bytes challenge) {
    if (value.size() != ms_chap_response_octets || challenge.size() != ms_chap1_challenge_octets)
        return RejectReason::malformed_credential;
    return MsChap1{value[0], challenge, value.last(nt_response_octets)};
}

Found ms_chap2(Bytes value, Bytes challenge) {
    if (value.size() != ms_chap_response_octets || challenge.size() != ms_chap2_challenge_octets)
        return RejectReason::malformed_credential;
    return MsChap2{value[0], challenge, value.subspan(2, ms_chap2_challenge_octets),
                   value.last(nt_response_octets)};
}

Found eap(Bytes value) {
    return Eap{value.size() < eap_header_octets ? std::uint8_t{0} : value[1]};
}

MsChapChallenge as_challenge(Bytes octets) {
    MsChapChallenge challenge;
    std::ranges::copy(octets, challenge.begin());
    return challenge;
}

// RFC 2759 section 8.2: what a peer hashes of its name goes without the Windows domain before it.
std::string_view without_domain(std::string_view user_name) {
    const auto backslash = user_name.find('\\');
    return backslash == std::string_view::npos ? user_name : user_name.substr(backslash + 1);
}

// One overload a method: is the credential right for this password?
struct Check {
    const Packet& request;
    std::string_view password;
    std::string_view secret;
    Digests& digests;

    Verdict operator()(const Pap& pap) const {
        PaddedPassword sent;
        PaddedPassword right;
        const bool is_well_hidden =
            reveal_password(sent, pap.hidden_password, request.authenticator(), secret, digests);
        const bool can_be_sent = right.assign(as_bytes(password));
        return {is_well_hidden && can_be_sent && sent == right, {}};
    }

    Verdict operator()(const Chap& chap) const {
        const auto authenticator = request.authenticator();
        const Bytes challenge = chap.challenge.empty() ? Bytes(authenticator) : chap.challenge;
        const auto expected = digests.md5({
            {&chap.identifier, 1},
            as_bytes(password), challenge
        });
        return {is_equal_secret(chap.response, expected), {}};
    }

    Verdict operator()(const MsChap1& ms_chap) const {
        const auto hash = nt_password_hash(password, digests);
        const auto expected = challenge_response(as_challenge(ms_chap.challenge), hash, digests);
        return {is_equal_secret(ms_chap.nt_response, expected), MsChap1Success{digests.md4(hash)}};
    }

    Verdict operator()(const MsChap2& ms_chap) const {
        const auto username = without_domain(request.find(attr::user_name).value_or(""));
        const auto hash = nt_password_hash(password, digests);
        const auto challenge = challenge_hash(ms_chap.peer_challenge, ms_chap.challenge, username, digests);
        const auto expected = challenge_response(challenge, hash, digests);
        const auto hash_hash = digests.md4(hash);
        return {
            is_equal_secret(ms_chap.nt_response, expected),
            MsChap2Success{ms_chap.identifier,
                           authenticator_response(hash_hash, ms_chap.nt_response, challenge, digests),
                           mppe_keys(hash_hash, ms_chap.nt_response, digests)}
        };
    }

    Verdict operator()(const Eap&) const { return {}; }
    Verdict operator()(const CallCheck&) const { return {}; }
};

// RFC 2548 section 2.4.2: salt, then length, key and padding, hidden as User-Password is, under the Request
// Authenticator and the salt.
std::array<std::uint8_t, 34> salted(const MppeKey& key, std::uint16_t salt, const Packet& request,
                                    std::string_view secret, Digests& digests) {
    std::array<std::uint8_t, 34> value{static_cast<std::uint8_t>(salt >> 8), static_cast<std::uint8_t>(salt),
                                       static_cast<std::uint8_t>(key.size())};
    std::ranges::copy(key, value.begin() + 3);

    std::array<std::uint8_t, 18> vector;
    std::ranges::copy(request.authenticator(), vector.begin());
    std::copy_n(value.begin(), 2, vector.begin() + 16);
    hide(std::span(value).subspan(2), vector, secret, digests);
    return value;
}

void add_encryption(PacketWriter& accept) {
    accept.add(attr::ms_mppe_encryption_policy, encryption_allowed);
    accept.add(attr::ms_mppe_encryption_types, rc4_40_bits_and_128_bits);
}

}  // namespace

std::variant<Credential, RejectReason> find_credential(const Packet& request) {
    const auto ms_challenge = request.find(attr::ms_chap_challenge).value_or(Bytes{});
    std::size_t count = 0;
    Found found = RejectReason::no_credential;
    const auto note = [&](auto attribute, auto make) {
        if (const auto value = request.find(attribute)) {
            ++count;
            found = make(*value);
        }
    };
    note(attr::user_password, pap);
    note(attr::chap_password, [&](Bytes value) { return chap(value, request); });
    note(attr::ms_chap_response, [&](Bytes value) { return ms_chap1(value, ms_challenge); });
    note(attr::ms_chap2_response, [&](Bytes value) { return ms_chap2(value, ms_challenge); });
    note(attr::eap_message, eap);
    if (count > 1) return RejectReason::several_credentials;
    return found;
}

Verdict check(const Credential& credential, const Packet& request, std::string_view password,
              std::string_view secret, Digests& digests) {
    auto verdict = std::visit(Check{request, password, secret, digests}, credential);
    verdict.is_right = verdict.is_right && !password.empty();
    return verdict;
}

void add_success(PacketWriter& accept, const Verdict& verdict, const Packet& request, const Nonces& nonces,
                 std::string_view secret, Digests& digests) {
    if (const auto* v1 = std::get_if<MsChap1Success>(&verdict.success)) {
        // RFC 2548 section 2.4.1: LM key (left zero: it would need the LAN Manager hash), NT key, padding.
        std::array<std::uint8_t, 32> keys{};
        std::ranges::copy(v1->password_hash_hash, keys.begin() + 8);
        hide(keys, request.authenticator(), secret, digests);
        add_encryption(accept);
        accept.add(attr::ms_chap_mppe_keys, keys);
    }
    if (const auto* v2 = std::get_if<MsChap2Success>(&verdict.success)) {
        std::string success(1, static_cast<char>(v2->identifier));
        success += v2->authenticator_response;
        accept.add(attr::ms_chap2_success, as_bytes(success));
        add_encryption(accept);
        // The salts of one packet must differ and have their highest bit set.
        const auto salt = static_cast<std::uint16_t>(nonces.salt | 0x8000);
        const auto other_salt = static_cast<std::uint16_t>(salt ^ 1);
        accept.add(attr::ms_mppe_send_key, salted(v2->keys.send, salt, request, secret, digests));
        accept.add(attr::ms_mppe_recv_key, salted(v2->keys.receive, other_salt, request, secret, digests));
    }
}

void add_failure(PacketWriter& reject, const Credential& credential, const Nonces& nonces) {
    const auto add_error = [&](std::uint8_t identifier, std::string_view text) {
        std::string value(1, static_cast<char>(identifier));
        value += text;
        reject.add(attr::ms_chap_error, as_bytes(value));
    };
    if (const auto* v1 = std::get_if<MsChap1>(&credential)) add_error(v1->identifier, "E=691 R=0");
    if (const auto* v2 = std::get_if<MsChap2>(&credential)) {
        std::string text = "E=691 R=0 C=";
        boost::algorithm::hex(nonces.new_challenge, std::back_inserter(text));
        add_error(v2->identifier, text + " V=3");
    }
    if (const auto* eap = std::get_if<Eap>(&credential))
        reject.add(attr::eap_message, std::array<std::uint8_t, eap_header_octets>{
                                          eap_failure, eap->identifier, 0, eap_header_octets});
}

}  // namespace hourglass::radius
