// Conditional requests: which ETags a header names.
#include "api/etag.hpp"

#include <boost/test/unit_test.hpp>

using namespace hourglass::api;

namespace {

Request request_with(http::field name, std::string_view value) {
    Request request;
    request.message.set(name, value);
    return request;
}

bool is_stale_for(std::string_view if_match) {
    return is_stale(request_with(http::field::if_match, if_match), etag(7, 3));
}

bool is_known_for(std::string_view if_none_match) {
    return is_known_to_client(request_with(http::field::if_none_match, if_none_match), etag(7, 3));
}

bool is_known_at(std::string_view moment, std::string_view if_none_match) {
    return is_known_to_client(request_with(http::field::if_none_match, if_none_match), etag(7, 3, moment));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(api_conditions)

BOOST_AUTO_TEST_CASE(a_write_without_a_condition_is_never_stale) {
    BOOST_TEST(!is_stale(Request{}, etag(7, 3)));
}

BOOST_AUTO_TEST_CASE(a_write_is_stale_unless_its_condition_names_the_version) {
    BOOST_TEST(!is_stale_for(R"("7-3")"));
    BOOST_TEST(!is_stale_for(R"("7-1", "7-3" )"));
    BOOST_TEST(!is_stale_for("*"));
    BOOST_TEST(is_stale_for(R"("7-2")"));
    BOOST_TEST(is_stale_for(R"("7-30")"));
    BOOST_TEST(is_stale_for("7-3"));
    BOOST_TEST(is_stale_for(R"(W/"7-3")"));  // RFC 9110 section 13.1.1: strong comparison
}

BOOST_AUTO_TEST_CASE(a_write_with_a_condition_is_meant_for_the_version_that_was_read) {
    const auto expected_for = [](std::string_view if_match) {
        return *read_if_match(request_with(http::field::if_match, if_match), 7, 3);
    };
    BOOST_TEST(expected_for(R"("7-1", "7-3")").value() == 3U);
    BOOST_TEST(!expected_for("*").has_value());
    BOOST_TEST(!read_if_match(Request{}, 7, 3)->has_value());
    const auto stale = read_if_match(request_with(http::field::if_match, R"("7-2")"), 7, 3);
    BOOST_TEST((stale.error().status == http::status::precondition_failed));
}

BOOST_AUTO_TEST_CASE(a_read_is_known_if_its_condition_names_the_version_even_weakly) {
    BOOST_TEST(is_known_for(R"("7-3")"));
    BOOST_TEST(is_known_for(R"(W/"7-3")"));
    BOOST_TEST(is_known_for("*"));
    BOOST_TEST(!is_known_for(R"("7-2")"));
    BOOST_TEST(!is_known_for(""));
}

BOOST_AUTO_TEST_CASE(what_changes_without_a_write_is_new_to_a_reader_and_no_matter_to_a_writer) {
    BOOST_TEST(etag(7, 3, "") == R"("7-3")");
    BOOST_TEST(etag(7, 3, "1700000000") == R"("7-3-1700000000")");
    BOOST_TEST(is_known_at("1700000000", R"("7-3-1700000000")"));
    BOOST_TEST(!is_known_at("1700000001", R"("7-3-1700000000")"));
    BOOST_TEST(!is_known_at("1700000000", R"("7-3")"));
    BOOST_TEST(!is_stale_for(R"("7-3-1700000000")"));
    BOOST_TEST(is_stale_for(R"("7-2-1700000000")"));
    BOOST_TEST(is_stale_for(R"("7-30-1700000000")"));
}

BOOST_AUTO_TEST_SUITE_END()
