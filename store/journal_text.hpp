// The journal's octets. An entry is a text in a frame: mark, length, CRC-32C of length and text, text. A
// crash leaves half a frame at the end of a file, a failing disk a bad one anywhere; reading goes on at the
// next good frame.
#pragma once

#include "store/journal.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace hourglass::store {

inline constexpr std::size_t journal_frame_header_octets = 12;
// An Accounting-Request has 4096 octets; not all of them are kept, and lengths take a few.
inline constexpr std::size_t journal_entry_octets_max = 8192;

std::string encode(const JournalEntry& entry);
// Error::corrupt: of another version, or no entry at all.
result<JournalEntry> parse_journal_entry(std::string_view text);

// `text` has journal_entry_octets_max at most.
void append_frame(std::string& frames, std::string_view text);

struct JournalContent {
    std::vector<JournalEntry> entries;  // in the order they were written
    std::size_t damaged_octets{};       // between good frames, or in frames whose text makes no sense
    std::size_t torn_octets{};          // after the last good frame
};
// Never fails: what cannot be read is counted.
JournalContent read_frames(std::string_view frames);

}  // namespace hourglass::store
