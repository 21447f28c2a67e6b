// Datagrams that no NAS sends: noise, and packets that NASes do send with a few changes, some signed anew, so
// that what lies behind the authenticators is met as well. All of it follows from the seed.
#pragma once

#include "nas/packet.hpp"

#include <array>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace hourglass::bench {

class Mutator {
public:
    // Whether some are signed with the secret once they are changed.
    enum class Signing : std::uint8_t { never, some };

    // `packets` is what to start from, at least one.
    Mutator(std::vector<nas::Octets> packets, Signing signing, std::uint64_t seed);

    nas::Octets next(const nas::Secret& secret);

private:
    using Change = void (Mutator::*)(nas::Octets& packet);

    void flip_bit(nas::Octets& packet);
    void set_octet(nas::Octets& packet);
    void set_length(nas::Octets& packet);
    void set_code(nas::Octets& packet);
    void cut(nas::Octets& packet);
    void insert(nas::Octets& packet);
    void erase(nas::Octets& packet);
    void set_attribute_type(nas::Octets& packet);
    void set_attribute_length(nas::Octets& packet);
    void fill_attribute(nas::Octets& packet);
    void repeat_attribute(nas::Octets& packet);
    void borrow_attribute(nas::Octets& packet);
    void fill_up(nas::Octets& packet);

    static const std::array<Change, 13> changes;

    std::size_t below(std::size_t limit);
    std::uint8_t octet();
    // One with the odds 1 in `odds`.
    bool happens(std::size_t odds) { return below(odds) == 0; }
    // Where an attribute begins; 0 if there is none.
    std::size_t some_attribute(const nas::Octets& packet);
    nas::Octets noise();

    std::vector<nas::Octets> packets_;
    Signing signing_;
    std::mt19937_64 random_;
};

// Packets in hexadecimal, wherever a file has a word of them: text, or columns.
std::vector<nas::Octets> read_packets(const std::string& file);

}  // namespace hourglass::bench
