// What one worker saw of each source address since it was last asked: how many packets of which kind came of
// it, and what the NAS shows of itself in them. Plain numbers on the worker's loop, no lock and no clock; the
// daemon takes them now and then and brings them to the store. Bounded: what comes from more addresses than
// are kept is counted for its client.
#pragma once

#include "radius/clients.hpp"
#include "radius/packet.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <map>

namespace hourglass::radius {

enum class Sight : std::uint8_t {
#define SIGHT(what) what,
#include "radius/sightings.def"
#undef SIGHT
};

inline constexpr auto sight_names = std::to_array<std::string_view>({
#define SIGHT(what) #what,
#include "radius/sightings.def"
#undef SIGHT
});

// What a NAS was seen to do, by an attribute in its requests.
struct Trait {
    std::uint8_t attribute;
    std::string_view name;
};
inline constexpr auto traits = std::to_array<Trait>({
    {attr::klass.type,                 "sends_class"                },
    {attr::proxy_state.type,           "sends_proxy_state"          },
    {attr::acct_delay_time.type,       "sends_acct_delay_time"      },
    {attr::acct_input_gigawords.type,  "sends_gigawords"            },
    {attr::event_timestamp.type,       "sends_event_timestamp"      },
    {attr::message_authenticator.type, "sends_message_authenticator"},
});

struct SourceSighting {
    std::optional<boost::asio::ip::address> source{};  // nullopt: beyond those that are kept
    std::string client{};                              // empty: no client covers the address
    std::optional<std::int64_t> record{};              // the client's
    std::chrono::sys_seconds first{};
    std::chrono::sys_seconds last{};
    std::optional<std::chrono::sys_seconds> last_authentic{};
    std::array<std::uint32_t, sight_names.size()> counts{};  // by Sight
    std::uint32_t traits{};                                  // a bit for each of `traits`
    std::vector<std::uint32_t> vendors{};                    // of its Vendor-Specific attributes
    std::string nas_identifier{};                            // the last one; empty: none
    std::optional<std::chrono::seconds> interim_interval{};  // the shortest between reports of one session

    std::uint32_t& operator[](Sight what) { return counts[static_cast<std::size_t>(what)]; }
    std::uint32_t operator[](Sight what) const { return counts[static_cast<std::size_t>(what)]; }
};

class Sightings {
public:
    static constexpr std::size_t sources_max = 4096;    // that sent something authentic
    static constexpr std::size_t strangers_max = 1024;  // others, of whom a flood may forge many
    static constexpr std::size_t vendors_max = 8;       // of one source
    static constexpr int looks_per_second_max = 64;     // at attributes, for one source
    static constexpr std::chrono::hours idle_max{1};    // then a source gives its place away

    using Address = boost::asio::ip::address;
    using Time = std::chrono::sys_seconds;

    // An authentic request that is no repeat.
    void note_request(const Address& source, const Client& client, const Packet& packet, Time now);
    // What became of it, or that it is a repeat.
    void note(const Address& source, const Client& client, Sight what, Time now);
    // `reason` is an Error. Of addresses that no client covers the first strangers_max are noted.
    void note_drop(const Address& source, const Clients& clients, error_code reason, Time now);

    // What was noted since the last call, each source at most twice.
    std::vector<SourceSighting> take(Time now);

private:
    struct Entry {
        SourceSighting sighting;
        Time look_second;
        int looks = 0;
        std::size_t followed_session = 0;  // a hash; 0: none
        Time followed_at;
        std::chrono::seconds followed_time{};  // its Acct-Session-Time then
    };

    Entry& heard(const Address& source, const Client& client, Time now);
    Entry& find_heard(const Address& source, const Client& client, Time now);
    Entry& stranger(const Address& source, const Client* client, Time now);
    Entry& unlisted(const Client& client, Time now);
    static void look_at(Entry& entry, const Packet& packet, Time now);
    static void follow(Entry& entry, const Packet& packet, Time now);

    boost::unordered_flat_map<Address, Entry, std::hash<Address>> heard_;
    Entry* recent_ = nullptr;  // of heard_: who asked last is mostly who is answered next
    boost::unordered_flat_map<Address, Entry, std::hash<Address>> strangers_;
    std::map<std::string, Entry> unlisted_;  // by client
};

}  // namespace hourglass::radius
