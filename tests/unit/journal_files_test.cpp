// The journal's files on a disk that fails.
#include "daemon/journal_files.hpp"

#include "tests/integration/temporary_directory.hpp"
#include "tests/support/quiet_log.hpp"

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <sys/resource.h>

namespace hourglass::daemon {

namespace {

constexpr std::size_t disk_octets = 1000;

// No file may be larger than disk_octets while it lives.
class FullDisk {
public:
    FullDisk() : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
        getrlimit(RLIMIT_FSIZE, &before_);
        auto limit = before_;
        limit.rlim_cur = disk_octets;
        setrlimit(RLIMIT_FSIZE, &limit);
    }
    ~FullDisk() {
        setrlimit(RLIMIT_FSIZE, &before_);
        std::signal(SIGXFSZ, handler_);
    }
    FullDisk(const FullDisk&) = delete;
    FullDisk& operator=(const FullDisk&) = delete;

private:
    void (*handler_)(int);
    rlimit before_{};
};

std::string report(const std::string& session, std::size_t octets) {
    store::AccountingRecord record;
    record.nas = "id:lab";
    record.session_id = session;
    record.username.assign(octets, 'a');
    std::string frame;
    store::append_frame(frame, store::encode(store::JournalEntry(record)));
    return frame;
}

struct FilesFixture {
    std::size_t entries() {
        std::size_t entries = 0;
        for (const auto number : files.numbers())
            entries += files.read(number).value().entries.size();
        return entries;
    }
    std::size_t files_on_disk() const {
        return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(path), {}));
    }

    test::TemporaryDirectory directory;
    std::filesystem::path path = directory / "journal";
    test::QuietLog log;
    JournalFiles files{path, log};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(journal_files, FilesFixture)

BOOST_AUTO_TEST_CASE(what_did_not_fit_leaves_no_trace_and_what_did_stays) {
    const auto first = report("s1", 500);
    {
        const FullDisk full;
        BOOST_TEST(!files.append(first));
        BOOST_TEST(files.append(report("s2", 500)));
        BOOST_TEST(std::filesystem::file_size(*std::filesystem::directory_iterator(path)) == first.size());
    }
    BOOST_TEST(!files.append(report("s3", 500)));
    BOOST_TEST(entries() == 2U);
}

BOOST_AUTO_TEST_CASE(a_disk_that_stays_full_is_not_littered) {
    {
        const FullDisk full;
        for (int i = 0; i < 20; ++i)
            BOOST_TEST(files.append(report("s1", 2000)));
    }
    BOOST_TEST(files_on_disk() == 0U);
    BOOST_TEST(files.octets() == 0U);
    BOOST_TEST(!files.append(report("s1", 2000)));
    BOOST_TEST(entries() == 1U);
}

BOOST_AUTO_TEST_CASE(a_directory_that_is_gone_is_an_error_and_comes_back) {
    std::filesystem::remove(path);
    BOOST_TEST(files.append(report("s1", 10)));
    std::filesystem::create_directory(path);
    BOOST_TEST(!files.append(report("s1", 10)));
    BOOST_TEST(entries() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace hourglass::daemon
