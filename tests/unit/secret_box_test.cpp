#include "store/secret_box.hpp"

#include "store/error.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>
#include <sys/stat.h>

using hourglass::store::Error;
using hourglass::store::SecretBox;
namespace fs = std::filesystem;

namespace {

struct TemporaryDirectory {
    TemporaryDirectory() {
        auto name = (fs::temp_directory_path() / "hourglass-test-XXXXXX").string();
        BOOST_REQUIRE(::mkdtemp(name.data()));
        path = name;
    }
    ~TemporaryDirectory() { fs::remove_all(path); }
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
    fs::path path;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(secret_box)

BOOST_AUTO_TEST_CASE(what_is_sealed_is_opened_and_never_looks_the_same) {
    const SecretBox box(SecretBox::Key{1});
    for (const std::string text : {"", "x", "secret", "a longer secret than one block of the cipher"}) {
        const auto sealed = box.seal(text, "test");
        BOOST_TEST((box.open(sealed, "test").value() == text));
        BOOST_TEST(box.seal(text, "test") != sealed);
        BOOST_TEST((text.empty() || sealed.find(text) == std::string::npos || text.size() == 1));
    }
}

BOOST_AUTO_TEST_CASE(another_key_or_purpose_opens_nothing) {
    const SecretBox box(SecretBox::Key{1});
    const auto sealed = box.seal("secret", "password of user 1");
    BOOST_TEST((box.open(sealed, "password of user 2").error() == Error::corrupt));
    BOOST_TEST((SecretBox(SecretBox::Key{2}).open(sealed, "password of user 1").error() == Error::corrupt));
}

BOOST_AUTO_TEST_CASE(any_changed_or_missing_octet_is_noticed) {
    const SecretBox box(SecretBox::Key{1});
    const auto sealed = box.seal("secret", "test");
    for (std::size_t i = 0; i < sealed.size(); ++i) {
        auto changed = sealed;
        changed[i] = static_cast<char>(changed[i] ^ 1);
        BOOST_TEST((box.open(changed, "test").error() == Error::corrupt));
        BOOST_TEST((box.open(sealed.substr(0, i), "test").error() == Error::corrupt));
    }
}

BOOST_AUTO_TEST_CASE(the_key_file_is_made_once_and_read_again) {
    const TemporaryDirectory directory;
    const auto path = (directory.path / "key").string();
    const auto sealed = SecretBox::from_file(path).seal("secret", "test");
    struct stat status{};
    BOOST_REQUIRE(::stat(path.c_str(), &status) == 0);
    BOOST_TEST((status.st_mode & 0777) == 0600U);
    BOOST_TEST((SecretBox::from_file(path).open(sealed, "test").value() == "secret"));
    BOOST_TEST(std::distance(fs::directory_iterator(directory.path), {}) == 1);
}

BOOST_AUTO_TEST_CASE(a_key_file_that_is_malformed_or_readable_by_others_is_refused) {
    const TemporaryDirectory directory;
    const auto path = (directory.path / "key").string();
    std::ofstream(path) << std::string(64, 'a') << "\n";
    fs::permissions(path, fs::perms(0640));
    BOOST_CHECK_THROW(SecretBox::from_file(path), std::runtime_error);
    fs::permissions(path, fs::perms(0600));
    BOOST_CHECK_NO_THROW(SecretBox::from_file(path));
    for (const auto& text :
         {std::string(63, 'a'), std::string(65, 'a'), std::string(64, 'g'), std::string()}) {
        std::ofstream(path) << text;
        BOOST_CHECK_THROW(SecretBox::from_file(path), std::runtime_error);
    }
    BOOST_CHECK_THROW(SecretBox::from_file((directory.path / "nowhere" / "key").string()),
                      std::runtime_error);
}

BOOST_AUTO_TEST_CASE(a_key_file_that_must_exist_is_not_made) {
    const TemporaryDirectory directory;
    const auto path = (directory.path / "key").string();
    BOOST_CHECK_THROW(SecretBox::from_existing_file(path), std::runtime_error);
    BOOST_TEST(!fs::exists(path));
    const auto sealed = SecretBox::from_file(path).seal("secret", "test");
    BOOST_TEST((SecretBox::from_existing_file(path).open(sealed, "test").value() == "secret"));
}

BOOST_AUTO_TEST_SUITE_END()
