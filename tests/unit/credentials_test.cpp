// What a setting may name of the credentials that the service manager hands over.
#include "daemon/credentials.hpp"

#include "daemon/settings.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>

namespace hourglass::daemon {
namespace {

struct Credentials {
    explicit Credentials(const char* directory) { setenv("CREDENTIALS_DIRECTORY", directory, 1); }
    ~Credentials() { unsetenv("CREDENTIALS_DIRECTORY"); }
    Credentials(const Credentials&) = delete;
    Credentials& operator=(const Credentials&) = delete;
};

BOOST_AUTO_TEST_SUITE(credentials)

BOOST_AUTO_TEST_CASE(a_credential_is_a_file_of_the_directory_and_nothing_deeper) {
    BOOST_TEST(is_credential("$CREDENTIALS_DIRECTORY/tls.key"));
    for (const auto* path : {"$CREDENTIALS_DIRECTORY/", "$CREDENTIALS_DIRECTORY", "$CREDENTIALS_DIRECTORY/..",
                             "$CREDENTIALS_DIRECTORY/a/b", "/etc/tls.key", "tls.key", "$HOME/tls.key", ""})
        BOOST_TEST(!is_credential(path), path);
}

BOOST_AUTO_TEST_CASE(a_credential_is_found_where_the_service_manager_says) {
    const Credentials here("/run/credentials/hourglassd.service");
    BOOST_TEST(find_credential("$CREDENTIALS_DIRECTORY/tls.key") ==
               "/run/credentials/hourglassd.service/tls.key");
    BOOST_TEST(find_credential("/etc/tls.key") == "/etc/tls.key");
}

BOOST_AUTO_TEST_CASE(without_credentials_one_is_a_sentence) {
    BOOST_TEST(find_credential("/etc/tls.key") == "/etc/tls.key");
    BOOST_CHECK_EXCEPTION(find_credential("$CREDENTIALS_DIRECTORY/tls.key"), SettingsError,
                          [](const SettingsError& mistake) {
                              return std::string(mistake.what()).find("LoadCredential=") != std::string::npos;
                          });
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace hourglass::daemon
