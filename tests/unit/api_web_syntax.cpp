// Mail addresses and URLs that Django takes, and those it does not.
#include "api/web_syntax.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <array>

using namespace hourglass::api;

namespace {

const auto emails = std::to_array<std::string_view>({
    "anna@example.org",
    "anna.lee+prepaid@mail.example.org",
    "a@localhost",
    "a@[127.0.0.1]",
    "a@[::1]",
    "\"quoted\"@example.org",
    "anna@bücher.example",
    "!#$%&'*+/=?^_`{}|~-@example.org",
});

const auto no_emails = std::to_array<std::string_view>({
    "anna",
    "@example.org",
    "anna@",
    "anna@example",
    "anna@@example.org",
    "anna@example.org.",
    "anna@-example.org",
    "anna@example-.org",
    "anna@exa_mple.org",
    "anna@[127.0.0.256]",
    ".anna@example.org",
    "an..na@example.org",
    "an na@example.org",
    "\"quo\"ted\"@example.org",
    "\"quoted\\\"@example.org",
    "anna@example.o",
});

const auto urls = std::to_array<std::string_view>({
    "http://example.org",
    "https://example.org/avatars/anna.png?size=2#face",
    "HTTPS://example.org:8443/",
    "ftp://anna:secret@example.org/",
    "http://localhost:8080",
    "http://127.0.0.1/",
    "http://[::1]:80/",
    "http://example.org.",
    "http://bücher.example/",
    "http://example.xn--p1ai/",
});

const auto no_urls = std::to_array<std::string_view>({
    "example.org",
    "http://",
    "http:///path",
    "javascript:alert(1)",
    "file:///etc/passwd",
    "http://example",
    "http://-example.org",
    "http://example-.org",
    "http://example.org:port/",
    "http://example.org:123456/",
    "http://example.org/a b",
    "http://256.0.0.1/",
    "http://::1/",
    "http://[::1/",
    "http://a:b:c@example.org/",
    "http://example.123/",
    "http://.org/",
});

}  // namespace

BOOST_AUTO_TEST_SUITE(api_web_syntax)

BOOST_DATA_TEST_CASE(an_address_is_taken, emails) {
    BOOST_TEST(is_email(sample));
}

BOOST_DATA_TEST_CASE(what_is_no_address_is_refused, no_emails) {
    BOOST_TEST(!is_email(sample));
}

BOOST_DATA_TEST_CASE(a_url_is_taken, urls) {
    BOOST_TEST(is_url(sample));
}

BOOST_DATA_TEST_CASE(what_is_no_url_is_refused, no_urls) {
    BOOST_TEST(!is_url(sample));
}

BOOST_AUTO_TEST_SUITE_END()
