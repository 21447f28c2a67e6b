#include "bench/mutator.hpp"

#include <algorithm>
#include <fstream>
#include <limits>
#include <optional>
#include <stdexcept>

namespace hourglass::bench {

namespace {

constexpr std::size_t noise_octets_max = 300;
constexpr std::size_t changes_max = 4;
constexpr std::size_t noise_odds = 16;
constexpr std::size_t mending_odds = 2;
constexpr std::size_t signing_odds = 3;
constexpr std::size_t codes = 50;  // beyond those of dynamic authorization
constexpr std::size_t authenticator_offset = 4;

std::ptrdiff_t offset(std::size_t at) {
    return static_cast<std::ptrdiff_t>(at);
}

void mend_length(nas::Octets& packet) {
    if (packet.size() < nas::header_octets) return;
    packet[2] = static_cast<std::uint8_t>(packet.size() >> 8U);
    packet[3] = static_cast<std::uint8_t>(packet.size());
}

// Where attributes begin, as far as their lengths make sense.
std::vector<std::size_t> attributes_of(const nas::Octets& packet) {
    std::vector<std::size_t> begins;
    for (auto at = nas::header_octets; at + 1 < packet.size(); at += packet[at + 1]) {
        if (packet[at + 1] < 2 || at + packet[at + 1] > packet.size()) break;
        begins.push_back(at);
    }
    return begins;
}

void remove_message_authenticators(nas::Octets& packet) {
    auto begins = attributes_of(packet);
    std::ranges::reverse(begins);
    for (const auto at : begins) {
        if (packet[at] == static_cast<std::uint8_t>(nas::Attribute::message_authenticator))
            packet.erase(packet.begin() + offset(at), packet.begin() + offset(at + packet[at + 1]));
    }
}

// As somebody would who knows the secret, whatever the rest of the packet is.
void sign(nas::Octets& packet, const nas::Secret& secret) {
    if (packet.size() < nas::header_octets) return;
    const auto put = [&](const nas::Authenticator& digest, std::size_t at) {
        std::ranges::copy(digest, packet.begin() + offset(at));
    };
    if (nas::code_of(packet) == static_cast<std::uint8_t>(nas::Code::accounting_request)) {
        mend_length(packet);
        put({}, authenticator_offset);
        put(secret.md5({packet, secret.octets()}), authenticator_offset);
        return;
    }
    remove_message_authenticators(packet);
    const auto at = packet.size() + 2;
    packet.push_back(static_cast<std::uint8_t>(nas::Attribute::message_authenticator));
    packet.push_back(static_cast<std::uint8_t>(2 + nas::Authenticator{}.size()));
    packet.resize(packet.size() + nas::Authenticator{}.size());
    mend_length(packet);
    put(secret.hmac_md5({packet}), at);
}

std::optional<nas::Octets> parse_hexadecimal(std::string_view word) {
    if (word.size() < 2 * nas::header_octets || word.size() % 2 != 0) return std::nullopt;
    nas::Octets octets;
    for (std::size_t at = 0; at < word.size(); at += 2) {
        constexpr std::string_view digits = "0123456789abcdef";
        const auto high = digits.find(word[at]);
        const auto low = digits.find(word[at + 1]);
        if (high == digits.npos || low == digits.npos) return std::nullopt;
        octets.push_back(static_cast<std::uint8_t>(high << 4U | low));
    }
    return octets;
}

}  // namespace

const std::array<Mutator::Change, 13> Mutator::changes{
    &Mutator::flip_bit,
    &Mutator::set_octet,
    &Mutator::set_length,
    &Mutator::set_code,
    &Mutator::cut,
    &Mutator::insert,
    &Mutator::erase,
    &Mutator::set_attribute_type,
    &Mutator::set_attribute_length,
    &Mutator::fill_attribute,
    &Mutator::repeat_attribute,
    &Mutator::borrow_attribute,
    &Mutator::fill_up,
};

Mutator::Mutator(std::vector<nas::Octets> packets, Signing signing, std::uint64_t seed)
    : packets_(std::move(packets)), signing_(signing), random_(seed) {
    if (packets_.empty()) throw std::invalid_argument("a mutator needs packets to start from");
}

nas::Octets Mutator::next(const nas::Secret& secret) {
    if (happens(noise_odds)) return noise();
    auto packet = packets_[below(packets_.size())];
    for (auto count = below(changes_max) + 1; count > 0; --count) {
        const auto change = changes[below(changes.size())];
        if (!packet.empty()) (this->*change)(packet);
    }
    if (happens(mending_odds)) mend_length(packet);
    if (signing_ == Signing::some && happens(signing_odds)) sign(packet, secret);
    return packet;
}

void Mutator::flip_bit(nas::Octets& packet) {
    packet[below(packet.size())] ^= static_cast<std::uint8_t>(1U << below(8));
}

void Mutator::set_octet(nas::Octets& packet) {
    packet[below(packet.size())] = octet();
}

void Mutator::set_length(nas::Octets& packet) {
    if (packet.size() > 3) packet[2 + below(2)] = octet();
}

void Mutator::set_code(nas::Octets& packet) {
    packet[0] = static_cast<std::uint8_t>(below(codes));
}

void Mutator::cut(nas::Octets& packet) {
    packet.resize(below(packet.size()));
}

void Mutator::insert(nas::Octets& packet) {
    packet.insert(packet.begin() + offset(below(packet.size())), octet());
}

void Mutator::erase(nas::Octets& packet) {
    packet.erase(packet.begin() + offset(below(packet.size())));
}

void Mutator::set_attribute_type(nas::Octets& packet) {
    if (const auto at = some_attribute(packet)) packet[at] = octet();
}

void Mutator::set_attribute_length(nas::Octets& packet) {
    constexpr auto lengths = std::to_array<std::uint8_t>({0, 1, 2, 3, 6, 7, 254, 255});
    if (const auto at = some_attribute(packet)) packet[at + 1] = lengths[below(lengths.size())];
}

void Mutator::fill_attribute(nas::Octets& packet) {
    const auto at = some_attribute(packet);
    if (at == 0) return;
    const auto value = happens(2) ? std::numeric_limits<std::uint8_t>::max() : std::uint8_t{0};
    std::fill(packet.begin() + offset(at + 2), packet.begin() + offset(at + packet[at + 1]), value);
}

void Mutator::repeat_attribute(nas::Octets& packet) {
    const auto at = some_attribute(packet);
    if (at == 0) return;
    const nas::Octets copy(packet.begin() + offset(at), packet.begin() + offset(at + packet[at + 1]));
    packet.insert(packet.end(), copy.begin(), copy.end());
    mend_length(packet);
}

void Mutator::borrow_attribute(nas::Octets& packet) {
    const auto& other = packets_[below(packets_.size())];
    const auto at = some_attribute(other);
    if (at == 0) return;
    packet.insert(packet.end(), other.begin() + offset(at), other.begin() + offset(at + other[at + 1]));
    mend_length(packet);
}

// With Proxy-State, to the largest packet or just beyond: the answer has to carry all of it.
void Mutator::fill_up(nas::Octets& packet) {
    const auto size = nas::packet_octets_max - below(64) + below(64);
    while (packet.size() + 2 <= size) {
        const auto length = std::min<std::size_t>(size - packet.size(), 255);
        packet.push_back(static_cast<std::uint8_t>(nas::Attribute::proxy_state));
        packet.push_back(static_cast<std::uint8_t>(length));
        packet.resize(packet.size() + length - 2);
    }
    mend_length(packet);
}

std::size_t Mutator::below(std::size_t limit) {
    return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random_);
}

std::uint8_t Mutator::octet() {
    return static_cast<std::uint8_t>(below(256));
}

std::size_t Mutator::some_attribute(const nas::Octets& packet) {
    const auto begins = attributes_of(packet);
    return begins.empty() ? 0 : begins[below(begins.size())];
}

nas::Octets Mutator::noise() {
    nas::Octets packet(below(noise_octets_max));
    for (auto& value : packet)
        value = octet();
    return packet;
}

std::vector<nas::Octets> read_packets(const std::string& file) {
    std::ifstream stream(file);
    if (!stream) throw std::runtime_error("cannot read " + file);
    std::vector<nas::Octets> packets;
    for (std::string word; stream >> word;) {
        if (auto octets = parse_hexadecimal(word)) packets.push_back(*std::move(octets));
    }
    return packets;
}

}  // namespace hourglass::bench
