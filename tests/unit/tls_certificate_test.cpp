// A certificate that clients would refuse is refused before they meet it.
#include "daemon/tls_certificate.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

namespace hourglass::daemon {

namespace {

// Valid in January 2020.
const std::string directory = HOURGLASS_TEST_DATA "/tls/";
constexpr std::chrono::sys_days january_10{std::chrono::year(2020) / 1 / 10};
constexpr std::chrono::sys_days february_1{std::chrono::year(2020) / 2 / 1};

std::string refusal_of(const std::string& certificate, const std::string& key, std::chrono::sys_seconds now) {
    try {
        load_certificate(directory + certificate, directory + key, now);
    } catch (const SettingsError& mistake) {
        return mistake.what();
    }
    return "accepted";
}

bool tells(const std::string& refusal, const std::string& part) {
    return refusal.find(part) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(tls_certificate)

BOOST_AUTO_TEST_CASE(a_good_pair_says_when_it_expires) {
    const auto loaded = load_certificate(directory + "certificate.pem", directory + "key.pem", january_10);
    BOOST_TEST((loaded.context != nullptr));
    BOOST_TEST((loaded.expires_at == february_1));
}

BOOST_AUTO_TEST_CASE(each_unusable_pair_is_one_sentence) {
    const std::string good = "certificate.pem";
    BOOST_TEST(tells(refusal_of("none.pem", "key.pem", january_10),
                     "none.pem (api.tls_certificate) cannot be read: No such file or directory."));
    BOOST_TEST(tells(refusal_of("key.pem", "key.pem", january_10), "holds no certificate in PEM."));
    BOOST_TEST(tells(refusal_of(good, "none.pem", january_10), "none.pem (api.tls_key) cannot be read"));
    BOOST_TEST(tells(refusal_of(good, good, january_10), "(api.tls_key) holds no key in PEM"));
    BOOST_TEST(tells(refusal_of(good, "other_key.pem", january_10), "does not belong to the certificate"));
    BOOST_TEST(tells(refusal_of(good, "key.pem", february_1), "expired on 2020-02-01."));
    BOOST_TEST(
        tells(refusal_of(good, "key.pem", january_10 - std::chrono::days(10)), "valid from 2020-01-01."));
}

BOOST_AUTO_TEST_CASE(settings_without_a_certificate_mean_plain_http) {
    BOOST_TEST((load_certificate(Settings{}).context == nullptr));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace hourglass::daemon
