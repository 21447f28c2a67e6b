// A host with several addresses: the answer leaves from the one that was asked, or the NAS, whose socket is
// connected, never sees it.
#include "tests/integration/clients.hpp"

#include <boost/test/unit_test.hpp>

#include <fcntl.h>
#include <future>
#include <sched.h>
#include <unistd.h>

using namespace hourglass::test;

namespace {

void expect_answers(const Daemon& daemon, const std::string& source, const std::string& server) {
    BOOST_TEST_CONTEXT(source << " asks " << server) {
        Nas logins(daemon.ports().auth, source, nas_secret, server);
        BOOST_TEST(logins.ask(logins.login("ann", "hello"), answer_time_limit).has_value());
        Nas reports(daemon.ports().acct, source, nas_secret, server);
        const auto start = reports.report(hourglass::nas::AcctStatus::start, "ann", server, 0);
        BOOST_TEST(reports.ask(start, answer_time_limit).has_value());
    }
}

void ip(const Arguments& words) {
    Arguments line{"ip"};
    line.insert(line.end(), words.begin(), words.end());
    const auto finished = run(line);
    BOOST_TEST_REQUIRE(finished.exit_status == 0, finished.errors);
}

// The network namespace of this thread, kept; programs that it starts are in it too.
class Namespace {
public:
    // A new one, which the thread enters. It has loopback alone.
    Namespace() {
        if (unshare(CLONE_NEWNET) != 0) return;
        handle_ = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
        ip({"link", "set", "lo", "up"});
    }
    ~Namespace() {
        if (handle_ >= 0) close(handle_);
    }
    Namespace(const Namespace&) = delete;
    Namespace& operator=(const Namespace&) = delete;

    bool is_made() const { return handle_ >= 0; }
    void enter() const { BOOST_TEST_REQUIRE(setns(handle_, CLONE_NEWNET) == 0); }
    std::string path() const {
        return "/proc/" + std::to_string(getpid()) + "/fd/" + std::to_string(handle_);
    }

private:
    int handle_ = -1;
};

void ask_both_addresses_from_another_host() {
    const Namespace client;
    const Namespace server;
    if (!client.is_made() || !server.is_made()) {
        BOOST_TEST_MESSAGE("skipped: network namespaces are not for us here");
        return;
    }
    ip({"link", "add", "radius", "type", "veth", "peer", "name", "nas", "netns", client.path()});
    ip({"address", "add", "192.0.2.1/24", "dev", "radius"});
    ip({"address", "add", "192.0.2.2/24", "dev", "radius"});
    ip({"link", "set", "radius", "up"});
    const Daemon daemon(
        {.on_all_addresses = true,
         .more = "[[radius.client]]\nname = \"field\"\naddress = \"192.0.2.0/24\"\nsecret = \"" +
                 std::string(nas_secret) + "\"\n"});
    Administrator(daemon).add_user("ann");

    client.enter();
    ip({"address", "add", "192.0.2.9/24", "dev", "nas"});
    ip({"link", "set", "nas", "up"});
    expect_answers(daemon, "192.0.2.9", "192.0.2.1");
    expect_answers(daemon, "192.0.2.9", "192.0.2.2");
    server.enter();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(addresses)

BOOST_AUTO_TEST_CASE(a_daemon_on_all_addresses_answers_from_the_one_of_loopback_that_was_asked) {
    const Daemon daemon({.on_all_addresses = true});
    Administrator(daemon).add_user("ann");
    expect_answers(daemon, "127.0.0.1", "127.0.0.1");
    expect_answers(daemon, "127.0.0.1", "127.0.0.5");
}

// Of two addresses of one interface the kernel would choose the first for whatever leaves by it.
BOOST_AUTO_TEST_CASE(a_daemon_answers_from_the_second_address_of_an_interface_if_that_was_asked) {
    // In a thread of its own, with which the namespaces end.
    std::async(std::launch::async, ask_both_addresses_from_another_host).get();
}

BOOST_AUTO_TEST_SUITE_END()
