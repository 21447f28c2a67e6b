// What `auto` has learned of NASes, by the workers of this daemon and by others: the store remembers it, so
// that a NAS which once proved that it signs its requests is held to that everywhere, and after a restart as
// well.
#pragma once

#include "radius/learned_facts.hpp"
#include "store/log.hpp"

#include <string>
#include <vector>

namespace hourglass::daemon {

class NasMemory {
public:
    explicit NasMemory(Log& log) : log_(log) {}

    // What a worker has learned. False if it was known, or if there is no room for more.
    bool add(const radius::LearnedFact& fact);
    // What the store remembers; texts that make no sense are left out, and logged. False if nothing of it is
    // new.
    bool recall(const std::vector<std::string>& texts);
    // What was added and not yet told to the store, as texts for it; the caller gives back what it could not
    // tell.
    std::vector<std::string> take_untold();
    void give_back(std::vector<std::string> texts);

    const std::vector<radius::LearnedFact>& all() const { return facts_; }

private:
    bool keep(const radius::LearnedFact& fact);

    Log& log_;
    std::vector<radius::LearnedFact> facts_;  // in the order they were learned
    std::vector<std::string> untold_;
};

}  // namespace hourglass::daemon
