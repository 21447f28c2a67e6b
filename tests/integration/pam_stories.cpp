// pam_radius as a NAS: logs in and accounts to its port + 1. It needs a file in /etc/pam.d, so root.
#include "tests/integration/clients.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <unistd.h>

using namespace hourglass::test;

namespace {

constexpr auto module_file = "/lib/x86_64-linux-gnu/security/pam_radius_auth.so";

boost::test_tools::assertion_result can_use_pam(boost::unit_test::test_unit_id /*id*/) {
    if (geteuid() == 0 && std::filesystem::exists(module_file)) return true;
    boost::test_tools::assertion_result no(false);
    no.message() << "needs root, to put a file into /etc/pam.d, and libpam-radius-auth";
    return no;
}

// A service of PAM that asks our daemon, for as long as it lives.
class PamService {
public:
    explicit PamService(const Daemon& daemon)
        : name_("hourglass-test-" + std::to_string(getpid())), file_("/etc/pam.d/" + name_) {
        const std::string servers = directory_ / "servers";
        std::ofstream(servers) << "127.0.0.1:" << daemon.ports().auth << " " << nas_secret << " 5\n";
        std::ofstream(file_) << "auth required pam_radius_auth.so conf=" << servers << "\n"
                             << "account required pam_permit.so\n"
                             << "session required pam_radius_auth.so conf=" << servers << "\n";
    }
    ~PamService() { unlink(file_.c_str()); }
    PamService(const PamService&) = delete;
    PamService& operator=(const PamService&) = delete;

    Finished log_in(const std::string& user, const std::string& password) const {
        return run({"pamtester", name_, user, "authenticate", "open_session", "close_session"},
                   {.input = password + "\n"});
    }

private:
    TemporaryDirectory directory_;
    std::string name_;
    std::string file_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(pam)

BOOST_AUTO_TEST_CASE(pam_radius_logs_in_and_accounts, *boost::unit_test::precondition(can_use_pam)) {
    const Daemon daemon;
    Administrator(daemon).add_user("ann", {
                                              {"user_time", 3600}
    });
    const PamService service(daemon);
    const auto welcome = service.log_in("ann", "hello");
    BOOST_TEST(welcome.exit_status == 0, welcome.output + welcome.errors);
    BOOST_TEST(service.log_in("ann", "wrong").exit_status != 0);
}

BOOST_AUTO_TEST_SUITE_END()
