// What `auto` has learned of NASes, by all workers together. Kept in a file, so that a NAS which once proved
// that it signs its requests is held to that after a restart as well.
#pragma once

#include "radius/server.hpp"

#include <filesystem>
#include <vector>

namespace hourglass::daemon {

class NasMemory {
public:
    // Reads the file if there is one; lines that make no sense are left out, and logged.
    NasMemory(std::filesystem::path file, Log& log);

    // False if it was known, or if there is no room for more.
    bool add(const radius::LearnedFact& fact);
    const std::vector<radius::LearnedFact>& all() const { return facts_; }
    // Writes the file anew. A failure is logged: the facts stay in force until the daemon ends.
    void save() const;

private:
    std::filesystem::path file_;
    Log& log_;
    std::vector<radius::LearnedFact> facts_;  // in the order they were learned
};

}  // namespace hourglass::daemon
