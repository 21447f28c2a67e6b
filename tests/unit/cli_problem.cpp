#include "cli/problem.hpp"

#include <boost/test/unit_test.hpp>

using namespace hourglass::cli;
using Sentences = std::vector<std::string>;

BOOST_AUTO_TEST_SUITE(cli_problem)

BOOST_AUTO_TEST_CASE(refusals_are_told_as_sentences) {
    BOOST_TEST(sentences_of(R"({"detail": "Not found."})") == Sentences{"Not found."},
               boost::test_tools::per_element());
    BOOST_TEST(
        sentences_of(R"({"username": ["user with this username already exists."], "age": ["a", "b"]})") ==
            (Sentences{"username: user with this username already exists.", "age: a", "age: b"}),
        boost::test_tools::per_element());
    BOOST_TEST(sentences_of(R"({"profile": {"1": ["Not a valid string."]}})") ==
                   Sentences{"profile[1]: Not a valid string."},
               boost::test_tools::per_element());
    BOOST_TEST(sentences_of(R"({"non_field_errors": ["Invalid data."]})") == Sentences{"Invalid data."},
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_body_of_another_kind_leaves_the_status_to_speak) {
    BOOST_TEST(sentences_of("<html>").empty());
    BOOST_TEST(sentences_of("[]").empty());
    const auto failure = failure_of({.status = 502, .content_type = "text/html", .body = "<html>"});
    BOOST_TEST(failure.what() == std::string("The answer was HTTP status 502."));
    BOOST_TEST((failure.status() == ExitStatus::unavailable));
}

BOOST_AUTO_TEST_CASE(each_kind_of_refusal_has_its_exit_status) {
    const auto status_of = [](unsigned http_status) {
        return failure_of({.status = http_status, .content_type = {}, .body = {}}).status();
    };
    BOOST_TEST((status_of(400) == ExitStatus::refused));
    BOOST_TEST((status_of(401) == ExitStatus::unauthorized));
    BOOST_TEST((status_of(404) == ExitStatus::refused));
    BOOST_TEST((status_of(503) == ExitStatus::unavailable));
}

BOOST_AUTO_TEST_SUITE_END()
