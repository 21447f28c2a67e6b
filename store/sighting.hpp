// What was seen of a NAS or of a source address: since it was last told, or in all. A value that adds up, so
// that workers and daemons may each tell their part.
#pragma once

#include "store/record.hpp"

#include <set>

namespace hourglass::store {

struct Sighting {
    static constexpr std::size_t words_max = 32;
    static constexpr std::string_view vendor_prefix = "vendor_";  // a word for each vendor, by its number

    Time first{};
    Time last{};                           // anything at all, forged or not
    std::optional<Time> last_authentic{};  // nullopt: never
    std::string nas{};                     // the name of the client that covers it; empty: none does
    std::optional<std::int64_t> nas_id{};  // in the registry
    std::string nas_identifier{};          // the last one; empty: none
    std::optional<Seconds> interim_interval{};
    std::map<std::string, std::uint64_t> counts{};  // packets, by what they were and what became of them
    std::set<std::string> words{};                  // what it was seen to do, words_max of them

    bool operator==(const Sighting&) const = default;
};

// `later` tells of the same source or NAS, from another worker or another time.
void add(Sighting& sum, const Sighting& later);

// JSON, without what is empty; as scripts/note_sightings.lua reads it.
std::string to_text(const Sighting& sighting);
// nullopt for what no version wrote.
std::optional<Sighting> parse_sighting(std::string_view text);

}  // namespace hourglass::store
