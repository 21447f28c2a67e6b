// What the tool tells a shell that completes a line, with a daemon and without.
#include "tests/integration/shell.hpp"

using namespace hourglass::test;

BOOST_AUTO_TEST_SUITE(completion)

BOOST_AUTO_TEST_CASE(users_are_offered_by_name) {
    const Daemon daemon;
    const Administrator administrator(daemon);
    const Shell hourglass(daemon);
    for (const auto* name : {"ann", "anton", "ben", "an`reboot`"})
        administrator.add_user(name);
    BOOST_TEST(hourglass({"--complete", "user", "show", "an"}).output == "ann\t\nanton\t\n");
}

BOOST_AUTO_TEST_CASE(without_a_daemon_nobody_is_disturbed) {
    const auto finished = run(
        {
            HOURGLASS, "--complete", "user", "show", "an"
    },
        {.environment = {"HOURGLASS_URL=http://127.0.0.1:1", "HOURGLASS_TOKEN=x"}});
    BOOST_TEST(finished.exit_status == ok);
    BOOST_TEST(finished.output + finished.errors == "");
}

BOOST_AUTO_TEST_SUITE_END()
