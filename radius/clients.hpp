// The NASes we talk to: an immutable snapshot, found by source address, longest prefix first. Reload makes a
// new one and swaps it whole.
#pragma once

#include "radius/shared_secret.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/unordered/unordered_flat_map.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hourglass::radius {

// auto_: required once it was seen from that address, and remembered.
enum class Requirement : std::uint8_t { no, yes, auto_ };

struct Client {
    std::string name;
    boost::asio::ip::address network;  // of the prefix
    unsigned prefix_length{};          // 0..32 or 0..128
    SharedSecret secret;
    Requirement require_message_authenticator = Requirement::auto_;
    Requirement limit_proxy_state =
        Requirement::auto_;  // CVE-2024-3596: Proxy-State without Message-Authenticator
    std::uint16_t coa_port = 3799;
    bool takes_disconnect = true;
    bool takes_coa = true;
    bool clamp_to_wall_clock = false;            // its sessions are charged no more than our clock allows
    std::optional<std::int64_t> organization{};  // whose NAS it is; nullopt: of all
    std::optional<std::int64_t> record{};        // its id in the registry; nullopt: of the settings
};

class Clients {
public:
    // Of entries with one and the same prefix the first counts.
    explicit Clients(std::vector<Client> clients);
    // nullptr if no entry covers the address. IPv4-mapped IPv6 addresses are looked up as IPv4.
    const Client* find(const boost::asio::ip::address& source) const;
    // By an entry's name; for people, not on the way of a request.
    const Client* find_named(std::string_view name) const;

private:
    struct Prefix {
        std::uint64_t first_half;  // of the network; IPv4 as IPv4-mapped
        std::uint64_t second_half;
        unsigned length;  // 0..128
        bool operator==(const Prefix&) const = default;
    };
    friend std::size_t hash_value(const Prefix& prefix);
    static Prefix prefix_of(std::uint64_t first_half, std::uint64_t second_half, unsigned length);

    std::vector<Client> clients_;
    boost::unordered_flat_map<Prefix, std::size_t> by_prefix_;  // index into clients_
    std::vector<unsigned> lengths_;                             // that occur, longest first
};

}  // namespace hourglass::radius
