// What Redis answers to SYNC, cut anywhere.
#include "store/error.hpp"
#include "store/snapshot_stream.hpp"

#include <boost/test/unit_test.hpp>

namespace hourglass::store {
namespace {

const std::string mark = "09908d9d22cd2960a136632b5c1aa864af6ae5f5";
// The data end like a beginning of the mark.
const std::string data = std::string("REDIS0010\0\r\n$EOF:\xff", 18) + mark.substr(0, 39);

// What came of the answer, in pieces of so many octets; a refusal as text.
std::string read(std::string_view answer, std::size_t step, bool* is_complete = nullptr) {
    SnapshotStream stream;
    std::string read;
    while (!answer.empty()) {
        const auto piece = answer.substr(0, step);
        answer.remove_prefix(piece.size());
        const auto taken = stream.take(piece);
        if (!taken) return "failed: " + stream.refusal();
        read += *taken;
    }
    if (is_complete != nullptr) *is_complete = stream.is_complete();
    return read;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(store_snapshot_stream)

BOOST_AUTO_TEST_CASE(data_end_at_the_mark_however_they_arrive) {
    const auto answer = "\n\n$EOF:" + mark + "\r\n" + data + mark;
    for (std::size_t step = 1; step <= answer.size(); ++step) {
        bool is_complete = false;
        BOOST_TEST((read(answer, step, &is_complete) == data), "pieces of " << step);
        BOOST_TEST(is_complete);
        read(answer.substr(0, answer.size() - 1), step, &is_complete);
        BOOST_TEST(!is_complete);
    }
}

BOOST_AUTO_TEST_CASE(writes_behind_the_data_are_left_out) {
    const auto behind = "*1\r\n$4\r\nPING\r\n";
    BOOST_TEST((read("$EOF:" + mark + "\r\n" + data + mark + behind, std::string::npos) == data));
    BOOST_TEST(read(std::string("$5\r\nREDIS") + behind, std::string::npos) == "REDIS");
}

BOOST_AUTO_TEST_CASE(data_of_a_known_size_end_after_it) {
    const auto answer = "\n$" + std::to_string(data.size()) + "\r\n" + data;
    for (std::size_t step = 1; step <= answer.size(); ++step) {
        bool is_complete = false;
        BOOST_TEST((read(answer, step, &is_complete) == data), "pieces of " << step);
        BOOST_TEST(is_complete);
    }
}

BOOST_AUTO_TEST_CASE(a_refusal_is_kept_as_redis_words_it) {
    BOOST_TEST(read("-NOPERM this user has no permissions\r\n", 7) ==
               "failed: NOPERM this user has no permissions");
    for (const auto* nonsense : {"+OK\r\n", "$\r\n", "$-1\r\n", "$EOF:short\r\n", "$5x\r\n"})
        BOOST_TEST(read(nonsense, 3) == "failed: ", nonsense);
    BOOST_TEST(read(std::string(4096, 'x'), 100) == "failed: ");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace hourglass::store
