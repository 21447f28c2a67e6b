// The journal's octets: what is written is read again, and what a crash or a disk does to them costs no more
// than what it touches.
#include "store/journal_text.hpp"

#include "store/session_text.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>

namespace hourglass::store {

namespace {

AccountingRecord record(std::string session_id) {
    AccountingRecord record;
    record.status = AccountingStatus::interim;
    record.username = "ann: 3:with anything in it";
    record.nas = "id:lab";
    record.session_id = std::move(session_id);
    record.received_at =
        std::chrono::system_clock::time_point(std::chrono::microseconds(1'700'000'000'123'456));
    record.event_time = Time(Seconds(1'700'000'000));
    record.session_time = Seconds(600);
    record.input_octets = 0xffff'ffff'ffff'ffff;
    record.output_octets = 1;
    record.details =
        encode(SessionDetails{.nas_name = "lab", .calling_station_id = "00-11", .nas_record = "7"});
    record.is_clamped = true;
    record.user = 42;
    record.sought = SoughtUser{
        "Ann", "ann", {1, 7}
    };
    return record;
}

std::string frames_of(const std::vector<JournalEntry>& entries) {
    std::string frames;
    for (const auto& entry : entries)
        append_frame(frames, encode(entry));
    return frames;
}

std::string session_of(const JournalEntry& entry) {
    return std::get<AccountingRecord>(entry).session_id;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(journal_text)

BOOST_AUTO_TEST_CASE(a_report_comes_back_as_it_was) {
    const auto written = record("s:1 2");
    const auto content = read_frames(frames_of({written}));
    BOOST_TEST_REQUIRE(content.entries.size() == 1U);
    const auto& read = std::get<AccountingRecord>(content.entries[0]);
    BOOST_TEST((read.status == written.status));
    BOOST_TEST(read.username == written.username);
    BOOST_TEST(read.nas == written.nas);
    BOOST_TEST(read.session_id == written.session_id);
    BOOST_TEST((read.received_at == written.received_at));
    BOOST_TEST((read.event_time == written.event_time));
    BOOST_TEST((read.session_time == written.session_time));
    BOOST_TEST(read.input_octets == written.input_octets);
    BOOST_TEST(read.output_octets == written.output_octets);
    BOOST_TEST((read.details == written.details));
    BOOST_TEST(read.is_clamped == written.is_clamped);
    BOOST_TEST(read.user == written.user);
    BOOST_TEST((read.sought == written.sought));
    BOOST_TEST(content.damaged_octets + content.torn_octets == 0U);
}

BOOST_AUTO_TEST_CASE(what_says_nothing_of_whose_it_is_is_written_as_before_and_read) {
    auto plain = record("s1");
    plain.user = 0;
    plain.sought.reset();
    auto sealed = plain;
    sealed.user = 42;
    BOOST_TEST(encode(sealed).starts_with(encode(plain)));
    const auto content = read_frames(frames_of({plain, sealed}));
    BOOST_TEST_REQUIRE(content.entries.size() == 2U);
    BOOST_TEST(std::get<AccountingRecord>(content.entries[0]).user == 0);
    BOOST_TEST(!std::get<AccountingRecord>(content.entries[0]).sought.has_value());
    BOOST_TEST(std::get<AccountingRecord>(content.entries[1]).user == 42);
    BOOST_TEST(!std::get<AccountingRecord>(content.entries[1]).sought.has_value());
}

BOOST_AUTO_TEST_CASE(a_restart_comes_back_as_it_was) {
    const NasRestart written{"ip:192.0.2.1", record("").received_at, Time(Seconds(5))};
    const auto content = read_frames(frames_of({written}));
    BOOST_TEST_REQUIRE(content.entries.size() == 1U);
    const auto& read = std::get<NasRestart>(content.entries[0]);
    BOOST_TEST(read.nas == written.nas);
    BOOST_TEST((read.received_at == written.received_at));
    BOOST_TEST((read.event_time == written.event_time));
}

BOOST_AUTO_TEST_CASE(cut_anywhere_it_keeps_the_whole_reports_and_counts_the_rest) {
    const auto one = frames_of({record("one")});
    const auto both = frames_of({record("one"), record("two")});
    for (std::size_t length = one.size(); length < both.size(); ++length) {
        const auto content = read_frames(std::string_view(both).substr(0, length));
        BOOST_TEST_REQUIRE(content.entries.size() == 1U);
        BOOST_TEST(content.torn_octets == length - one.size());
        BOOST_TEST(content.damaged_octets == 0U);
    }
}

BOOST_AUTO_TEST_CASE(an_octet_changed_anywhere_costs_one_report) {
    const auto one = frames_of({record("one")});
    for (std::size_t at = 0; at < one.size(); ++at) {
        auto frames = frames_of({record("one"), record("two")});
        frames[at] = static_cast<char>(frames[at] ^ 0x20);
        const auto content = read_frames(frames);
        BOOST_TEST_REQUIRE(content.entries.size() == 1U, "octet " << at);
        BOOST_TEST(session_of(content.entries[0]) == "two");
        BOOST_TEST(content.damaged_octets == one.size());
        BOOST_TEST(content.torn_octets == 0U);
    }
}

// A journal outlives an upgrade: what was written once must be read for ever.
BOOST_AUTO_TEST_CASE(frames_of_an_earlier_build_are_read) {
    std::ifstream file(HOURGLASS_SOURCE_DIR "/tests/fuzz/corpus/journal/two_frames", std::ios::binary);
    const std::string frames{std::istreambuf_iterator<char>(file), {}};
    const auto content = read_frames(frames);
    BOOST_TEST_REQUIRE(content.entries.size() == 2U);
    BOOST_TEST(content.damaged_octets + content.torn_octets == 0U);
    const auto& stop = std::get<AccountingRecord>(content.entries[1]);
    BOOST_TEST(session_of(content.entries[1]) == "s1");
    BOOST_TEST((stop.session_time == Seconds(600)));
    BOOST_TEST(!stop.is_clamped);
    BOOST_TEST(parse_details(stop.details)->nas_record == "3");
    BOOST_TEST(frames_of(content.entries) == frames);
}

BOOST_AUTO_TEST_CASE(a_frame_of_another_version_is_damage_and_not_a_guess) {
    std::string frames;
    append_frame(frames, "2 start and something new");
    const auto content = read_frames(frames);
    BOOST_TEST(content.entries.empty());
    BOOST_TEST(content.damaged_octets == frames.size());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace hourglass::store
