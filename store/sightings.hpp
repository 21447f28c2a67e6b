// What all daemons saw of NASes, kept for the operator: of each source address, and of each NAS of the
// registry. No money depends on it: a minute may be lost when Redis goes away, and what nobody heard of for
// long is forgotten.
#pragma once

#include "store/error.hpp"
#include "store/network.hpp"
#include "store/sighting.hpp"

namespace hourglass::store {

class RedisConnection;

struct SeenSource {
    boost::asio::ip::address address;
    Sighting sighting;
};

struct SeenSourceFilter {
    std::optional<bool> is_authentic{};  // that it ever sent something authentic
    std::optional<Network> within{};
};

class Sightings {
public:
    static constexpr std::size_t sources_max = 10'000;   // with something authentic; then the oldest go
    static constexpr std::size_t strangers_max = 1'000;  // without
    static constexpr std::size_t nases_max = 65'536;
    static constexpr std::chrono::days sources_kept{90};
    static constexpr std::chrono::days strangers_kept{1};

    explicit Sightings(RedisConnection& redis) : redis_(redis) {}

    // Adds to what is known. After an error some of it may have been added, and repeating it would count it
    // twice: it is better left out.
    awaitable<result<void>> note_sources(std::vector<SeenSource> seen, Time now);
    awaitable<result<void>> note_nases(std::map<std::int64_t, Sighting> seen, Time now);

    // The last seen first. Reads the names of all there are, since they are few.
    awaitable<result<Page<SeenSource>>> sources(SeenSourceFilter filter, PageRequest page);
    // In the order of `nases`; nullopt: never seen.
    awaitable<result<std::vector<std::optional<Sighting>>>> of_nases(std::vector<std::int64_t> nases);
    // Not awaited: a lost one does no harm.
    void forget_nas(std::int64_t nas);

private:
    struct Note {
        std::string name;
        bool is_authentic{};
        std::string text;
    };
    awaitable<result<void>> note(std::vector<std::string_view> book_keys, std::vector<std::string> limits,
                                 std::vector<Note> notes);

    RedisConnection& redis_;
};

}  // namespace hourglass::store
