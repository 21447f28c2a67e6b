// The dictionary as the settings have it: the package's files may be missing, the operator's must be right.
#include "daemon/dictionary_files.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>

namespace hourglass::daemon {

namespace {

namespace fs = std::filesystem;

class File {
public:
    explicit File(const std::string& text) {
        const auto number = std::to_string(++made);
        path_ =
            fs::temp_directory_path() / ("hourglass-dictionary." + std::to_string(getpid()) + "." + number);
        std::ofstream(path_) << text;
    }
    ~File() { fs::remove(path_); }
    File(const File&) = delete;
    File& operator=(const File&) = delete;

    std::string path() const { return path_.string(); }

private:
    static inline int made = 0;
    fs::path path_;
};

Settings settings_of(std::string base, std::vector<std::string> own = {}) {
    Settings settings;
    settings.radius_dictionary_base = std::move(base);
    settings.radius_dictionary = std::move(own);
    return settings;
}

std::string refusal_of(const Settings& settings) {
    try {
        load_dictionary(settings);
    } catch (const SettingsError& mistake) {
        return mistake.what();
    }
    return "accepted";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(dictionary_files)

BOOST_AUTO_TEST_CASE(own_files_come_after_the_packages_and_may_build_on_them) {
    const File base("VENDOR Acme 9999\n");
    const File own("BEGIN-VENDOR Acme\nATTRIBUTE Acme-Rate 1 integer\nEND-VENDOR Acme\n");
    const auto [dictionary, warning] = load_dictionary(settings_of(base.path(), {own.path()}));
    BOOST_TEST(warning == "");
    BOOST_TEST(dictionary->find("Acme-Rate") != nullptr);
    BOOST_TEST(dictionary->find("User-Name") != nullptr);
}

BOOST_AUTO_TEST_CASE(without_the_packages_files_there_is_a_warning_and_the_built_in_table) {
    const File broken("ATTRIBUTE Good 201 integer\nATTRIBUTE Bad 202 strnig\n");
    const auto [dictionary, warning] = load_dictionary(settings_of(broken.path()));
    BOOST_TEST(warning.find(broken.path() + ":2: there is no type 'strnig'") != std::string::npos);
    BOOST_TEST(dictionary->find("User-Name") != nullptr);
    BOOST_TEST(dictionary->find("Good") == nullptr);
    BOOST_TEST(load_dictionary(settings_of("/nowhere")).warning.find("/nowhere: cannot be read") !=
               std::string::npos);
    BOOST_TEST(load_dictionary(settings_of("")).warning == "");
}

BOOST_AUTO_TEST_CASE(a_mistake_in_an_own_file_is_refused) {
    const File wrong("ATTRIBUTE X 201 strnig\n");
    BOOST_TEST(refusal_of(settings_of("", {wrong.path()})) == wrong.path() + ":1: there is no type 'strnig'");
    BOOST_TEST(refusal_of(settings_of("", {"/nowhere"})) == "/nowhere: cannot be read");
    BOOST_TEST(refusal_of(settings_of("", {"/dev/zero"})) == "/dev/zero: cannot be read");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace hourglass::daemon
