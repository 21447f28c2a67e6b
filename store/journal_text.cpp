#include "store/journal_text.hpp"

#include "store/packed_text.hpp"
#include "store/session_text.hpp"

#include <boost/assert.hpp>
#include <boost/crc.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace hourglass::store {
namespace {

constexpr std::string_view frame_mark = "HGJ1";
constexpr std::string_view version = "1";
constexpr std::string_view restart_word = "restart";
constexpr auto status_words = std::to_array<std::string_view>({"start", "interim", "stop"});

using Arrival = std::chrono::system_clock::time_point;
constexpr auto arrival_max = std::chrono::floor<std::chrono::microseconds>(Arrival::duration::max());

using Crc32c = boost::crc_optimal<32, 0x1EDC6F41, 0xFFFFFFFF, 0xFFFFFFFF, true, true>;

template <class Number>
void append_number(std::string& text, Number number) {
    text.append(std::to_string(number)).push_back(' ');
}

void append_arrival(std::string& text, Arrival arrival) {
    append_number(text,
                  std::chrono::duration_cast<std::chrono::microseconds>(arrival.time_since_epoch()).count());
}

bool take_arrival(std::string_view& text, Arrival& arrival) {
    std::int64_t microseconds = 0;
    if (!take_number(text, microseconds)) return false;
    if (microseconds < 0 || microseconds > arrival_max.count()) return false;
    arrival = Arrival(std::chrono::microseconds(microseconds));
    return true;
}

bool take_seconds(std::string_view& text, Seconds& seconds) {
    std::int64_t count = 0;
    if (!take_number(text, count)) return false;
    seconds = Seconds(count);
    return true;
}

bool take_time(std::string_view& text, Time& time) {
    Seconds since_epoch{};
    if (!take_seconds(text, since_epoch)) return false;
    time = Time(since_epoch);
    return true;
}

bool take_flag(std::string_view& text, bool& flag) {
    const auto word = take_word(text);
    flag = word == "1";
    return flag || word == "0";
}

bool take_text(std::string_view& text, std::string& part) {
    const auto taken = take_with_length(text);
    if (taken) part = *taken;
    return taken.has_value();
}

void append_sought(std::string& text, const SoughtUser& sought) {
    append_with_length(text, sought.name);
    append_with_length(text, sought.other_spelling);
    for (const auto organization : sought.organizations)
        append_number(text, organization);
}

bool take_sought(std::string_view& text, SoughtUser& sought) {
    bool is_whole = take_text(text, sought.name) && take_text(text, sought.other_spelling);
    while (is_whole && !text.empty())
        is_whole = take_number(text, sought.organizations.emplace_back());
    return is_whole;
}

// What earlier versions did not write, and what is left out of a report that has none of it.
bool take_identity(std::string_view& text, AccountingRecord& record) {
    if (text.empty()) return true;
    if (!take_number(text, record.user)) return false;
    return text.empty() || take_sought(text, record.sought.emplace());
}

// The bindings name every member: who adds one has to decide here how it is kept.
std::string encode_record(const AccountingRecord& record) {
    const auto& [status, username, nas, session_id, received_at, event_time, session_time, input_octets,
                 output_octets, details, is_clamped, user, sought] = record;
    std::string text(version);
    text.append(" ").append(status_words.at(static_cast<std::size_t>(status))).append(" ");
    append_arrival(text, received_at);
    append_number(text, event_time.time_since_epoch().count());
    append_number(text, session_time.count());
    append_number(text, input_octets);
    append_number(text, output_octets);
    append_number(text, is_clamped ? 1 : 0);
    append_with_length(text, username);
    append_with_length(text, nas);
    append_with_length(text, session_id);
    append_with_length(text, details);
    if (user == 0 && !sought) return text;
    append_number(text, user);
    if (sought) append_sought(text, *sought);
    return text;
}

std::string encode_restart(const NasRestart& restart) {
    const auto& [nas, received_at, event_time] = restart;
    std::string text(version);
    text.append(" ").append(restart_word).append(" ");
    append_arrival(text, received_at);
    append_number(text, event_time.time_since_epoch().count());
    append_with_length(text, nas);
    return text;
}

result<JournalEntry> parse_restart(std::string_view text) {
    NasRestart restart;
    const bool is_whole = take_arrival(text, restart.received_at) && take_time(text, restart.event_time) &&
                          take_text(text, restart.nas);
    if (!is_whole || !text.empty()) return Error::corrupt;
    return JournalEntry(std::move(restart));
}

result<JournalEntry> parse_record(AccountingStatus status, std::string_view text) {
    AccountingRecord record;
    record.status = status;
    const bool is_whole = take_arrival(text, record.received_at) && take_time(text, record.event_time) &&
                          take_seconds(text, record.session_time) && take_number(text, record.input_octets) &&
                          take_number(text, record.output_octets) && take_flag(text, record.is_clamped) &&
                          take_text(text, record.username) && take_text(text, record.nas) &&
                          take_text(text, record.session_id) && take_text(text, record.details) &&
                          take_identity(text, record);
    if (!is_whole || !text.empty() || !parse_details(record.details)) return Error::corrupt;
    return JournalEntry(std::move(record));
}

void append_integer(std::string& text, std::uint32_t number) {
    for (int shift = 0; shift < 32; shift += 8)
        text.push_back(static_cast<char>(number >> shift));
}

std::uint32_t integer_at(std::string_view text, std::size_t at) {
    std::uint32_t number = 0;
    for (std::size_t i = 0; i < 4; ++i)
        number |= static_cast<std::uint32_t>(static_cast<std::uint8_t>(text[at + i])) << (8 * i);
    return number;
}

std::uint32_t checksum(std::uint32_t length, std::string_view text) {
    std::string octets;
    append_integer(octets, length);
    Crc32c crc;
    crc.process_bytes(octets.data(), octets.size());
    crc.process_bytes(text.data(), text.size());
    return crc.checksum();
}

// The text of the frame that begins here; nullopt if no whole and sound one does.
std::optional<std::string_view> frame_at(std::string_view frames) {
    if (frames.size() < journal_frame_header_octets || !frames.starts_with(frame_mark)) return std::nullopt;
    const auto length = integer_at(frames, frame_mark.size());
    if (length > journal_entry_octets_max || length > frames.size() - journal_frame_header_octets)
        return std::nullopt;
    const auto text = frames.substr(journal_frame_header_octets, length);
    if (integer_at(frames, frame_mark.size() + 4) != checksum(length, text)) return std::nullopt;
    return text;
}

}  // namespace

const std::string& nas_of(const JournalEntry& entry) {
    return std::visit([](const auto& kind) -> const std::string& { return kind.nas; }, entry);
}

std::string encode(const JournalEntry& entry) {
    if (const auto* restart = std::get_if<NasRestart>(&entry)) return encode_restart(*restart);
    return encode_record(std::get<AccountingRecord>(entry));
}

result<JournalEntry> parse_journal_entry(std::string_view text) {
    if (take_word(text) != version) return Error::corrupt;
    const auto kind = take_word(text);
    if (kind == restart_word) return parse_restart(text);
    const auto* const status = std::ranges::find(status_words, kind);
    if (status == status_words.end()) return Error::corrupt;
    return parse_record(static_cast<AccountingStatus>(status - status_words.begin()), text);
}

void append_frame(std::string& frames, std::string_view text) {
    BOOST_ASSERT(text.size() <= journal_entry_octets_max);
    const auto length = static_cast<std::uint32_t>(text.size());
    frames.append(frame_mark);
    append_integer(frames, length);
    append_integer(frames, checksum(length, text));
    frames.append(text);
}

JournalContent read_frames(std::string_view frames) {
    JournalContent content;
    std::size_t unread = 0;
    while (!frames.empty()) {
        const auto text = frame_at(frames);
        if (!text) {
            const auto next = std::min(frames.find(frame_mark, 1), frames.size());
            frames.remove_prefix(next);
            unread += next;
            continue;
        }
        content.damaged_octets += std::exchange(unread, 0);
        const auto octets = journal_frame_header_octets + text->size();
        auto entry = parse_journal_entry(*text);
        if (entry)
            content.entries.push_back(*std::move(entry));
        else
            content.damaged_octets += octets;
        frames.remove_prefix(octets);
    }
    content.torn_octets = unread;
    return content;
}

}  // namespace hourglass::store
