#include "tests/integration/fleet.hpp"

#include <boost/test/unit_test.hpp>

namespace hourglass::test {

Fleet::Fleet(const Daemon& daemon, const Arguments& more, std::string coa_port)
    : coa_port_(coa_port.empty() ? std::to_string(daemon.ports().auth) : std::move(coa_port)),
      process_(arguments(daemon, more), log()) {}

Json Fleet::result() const {
    const auto text = output();
    return Json::parse(text.substr(std::min(text.find("{\n"), text.size())));
}

Arguments Fleet::arguments(const Daemon& daemon, const Arguments& more) const {
    Arguments all{HOURGLASS,
                  "--url",
                  daemon.api_url(),
                  "--token-file",
                  daemon.token_file(),
                  "--json",
                  "simulate",
                  "--auth-port",
                  std::to_string(daemon.ports().auth),
                  "--acct-port",
                  std::to_string(daemon.ports().acct),
                  "--coa-port",
                  coa_port_,
                  "--repeat-after-ms",
                  "200",
                  "--ramp",
                  "1s"};
    all.insert(all.end(), more.begin(), more.end());
    return all;
}

void expect_conserved(Fleet& fleet) {
    BOOST_TEST(fleet.wait() == 0, fleet.output());
    const auto result = fleet.result();
    BOOST_TEST(result["violations"].empty());
    BOOST_TEST(result["sessions"].get<int>() > 0);
    BOOST_TEST(result["acknowledged"].get<int>() > 0);
    BOOST_TEST(result["consumed"].get<int>() > 0);
    BOOST_TEST(result["audited"].get<int>() > 0);
}

}  // namespace hourglass::test
