// The journal's files: segments, numbered in the order they were written. One is appended to; an earlier one
// is only read, and removed when Redis has all that it holds. Used by one thread at a time; blocks for the
// disk.
#pragma once

#include "daemon/state_directory.hpp"
#include "store/journal_text.hpp"
#include "store/log.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

namespace hourglass::daemon {

class JournalFiles {
public:
    static constexpr std::size_t segment_octets_max = std::size_t{1} << 20;

    // Makes the directory, and finds the segments of an earlier run. Throws std::system_error.
    JournalFiles(std::filesystem::path directory, Log& log);

    // On disk when it returns. An error_code: nothing of it counts, though a later read may find some of it.
    error_code append(std::string_view frames);

    // Of what is to be replayed first; what is appended from now on goes to a later one. nullopt: there is
    // nothing.
    std::optional<std::uint64_t> oldest();
    // What of it makes no sense is logged.
    result<store::JournalContent> read(std::uint64_t segment) const;
    // One with damage between good frames is kept under another name, for a person to look at.
    error_code remove(std::uint64_t segment, bool is_damaged);

    // Keeps what Redis refuses, out of the way of the rest.
    error_code set_aside(std::string_view frames);

    std::vector<std::uint64_t> numbers() const;        // ascending
    std::uint64_t newest() const { return current_; }  // the one last appended to; 0: none yet
    std::uint64_t octets() const { return octets_; }

private:
    std::filesystem::path path_of(std::uint64_t segment) const;
    error_code open_next();
    void take_back();
    error_code sync() const;

    std::filesystem::path directory_;
    Log& log_;
    std::map<std::uint64_t, std::uint64_t> octets_of_segments_;
    std::uint64_t octets_ = 0;
    std::uint64_t next_ = 1;
    std::uint64_t current_ = 0;
    File file_;  // of the current segment; none between segments
};

}  // namespace hourglass::daemon
