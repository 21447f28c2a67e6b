// The state directory belongs to one daemon, and its files are whole or not there.
#include "daemon/state_directory.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <sys/stat.h>

namespace hourglass::daemon {

namespace {

namespace fs = std::filesystem;

struct TemporaryDirectory {
    TemporaryDirectory() {
        std::string name = (fs::temp_directory_path() / "hourglass-XXXXXX").string();
        path = mkdtemp(name.data());
    }
    ~TemporaryDirectory() { fs::remove_all(path); }
    fs::path path;
};

unsigned mode_of(const fs::path& path) {
    return static_cast<unsigned>(fs::status(path).permissions());
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(state_directory, TemporaryDirectory)

BOOST_AUTO_TEST_CASE(it_is_made_for_the_daemon_alone) {
    const StateDirectory state(path / "state");
    BOOST_TEST(mode_of(path / "state") == 0700u);
}

BOOST_AUTO_TEST_CASE(a_second_daemon_is_refused_until_the_first_has_ended) {
    {
        const StateDirectory first(path);
        BOOST_CHECK_THROW(StateDirectory{path}, std::runtime_error);
    }
    BOOST_CHECK_NO_THROW(StateDirectory{path});
}

BOOST_AUTO_TEST_CASE(a_place_that_cannot_be_used_is_one_sentence) {
    replace_file(path / "file", "x");
    BOOST_CHECK_THROW(StateDirectory{path / "file"}, std::runtime_error);
    BOOST_CHECK_THROW(StateDirectory{"/proc/hourglass"}, std::runtime_error);
}

BOOST_AUTO_TEST_CASE(a_replaced_file_is_whole_and_private) {
    replace_file(path / "admin.token", "first\n");
    replace_file(path / "admin.token", "second\n");
    BOOST_TEST(read_file(path / "admin.token") == "second\n");
    BOOST_TEST(mode_of(path / "admin.token") == 0600u);
    BOOST_TEST(!fs::exists(path / "admin.token.part"));
    BOOST_TEST(read_file(path / "nothing").empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace hourglass::daemon
