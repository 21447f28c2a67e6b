// VPN gateways of Debian as NASes, with their own clients behind them: ocserv with openconnect, OpenVPN with
// radiusplugin. All of them live in a network of the story's own.
#include "tests/integration/clients.hpp"
#include "tests/integration/own_network.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <functional>
#include <signal.h>
#include <thread>
#include <unistd.h>

using namespace hourglass::test;

namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

constexpr auto tun_device = "/dev/net/tun";
constexpr auto radiusplugin = "/usr/lib/openvpn/radiusplugin.so";
constexpr auto gateway_port = "9443";
constexpr std::chrono::seconds patience{60};
constexpr std::chrono::milliseconds look_interval{100};

boost::test_tools::assertion_result missing(const std::string& what) {
    boost::test_tools::assertion_result no(false);
    no.message() << "needs " << what;
    return no;
}

boost::test_tools::assertion_result has_files(std::initializer_list<const char*> files) {
    for (const auto* file : files)
        if (!fs::exists(file)) return missing(file);
    if (access(tun_device, R_OK | W_OK) != 0) return missing("a TUN device that it may open, and root");
    try {
        const OwnNetwork network;
    } catch (const std::system_error&) {
        return missing("the right to make a network namespace");
    }
    return true;
}

boost::test_tools::assertion_result can_use_ocserv(boost::unit_test::test_unit_id /*id*/) {
    return has_files({"/usr/sbin/ocserv", "/usr/sbin/openconnect", "/usr/bin/openssl"});
}

boost::test_tools::assertion_result can_use_openvpn(boost::unit_test::test_unit_id /*id*/) {
    return has_files({"/usr/sbin/openvpn", radiusplugin, "/usr/bin/openssl"});
}

bool comes_true(const std::function<bool()>& condition) {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (!condition()) {
        if (std::chrono::steady_clock::now() >= deadline) return false;
        std::this_thread::sleep_for(look_interval);
    }
    return true;
}

// The gateway's certificate, and the hash by which openconnect knows it.
struct Certificate {
    explicit Certificate(const TemporaryDirectory& directory)
        : certificate(directory / "certificate.pem"), key(directory / "key.pem") {
        run({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
             "-days", "2", "-subj", "/CN=localhost", "-keyout", key, "-out", certificate});
        const auto hash = run({"sh", "-c",
                               "openssl x509 -in \"$0\" -pubkey -noout | openssl pkey -pubin -outform der |"
                               " openssl dgst -sha256 -binary | base64",
                               certificate});
        pin = "pin-sha256:" + hash.output.substr(0, hash.output.find('\n'));
    }

    std::string certificate;
    std::string key;
    std::string pin;
};

// A program that runs, and what it says.
class Program {
public:
    Program(const TemporaryDirectory& directory, const std::string& name, const Arguments& arguments)
        : log_(directory / name), process_(arguments, log_) {}

    bool says(const std::string& words) const {
        return comes_true([&] { return log().find(words) != std::string::npos; });
    }
    void end(int signal) {
        process_.send(signal);
        BOOST_TEST(process_.wait(patience).has_value());
    }
    std::string log() const { return read_file(log_); }

private:
    fs::path log_;
    BackgroundProcess process_;
};

class Ocserv {
public:
    explicit Ocserv(const Daemon& daemon)
        : certificate_(directory_),
          server_(directory_, "ocserv.log", {"ocserv", "-f", "-c", configure(daemon)}) {
        BOOST_TEST_REQUIRE(server_.says("listening"), server_.log());
    }

    Arguments client(const std::string& user, const std::string& password) const {
        const std::string input = directory_ / (password + ".txt");
        std::ofstream(input) << password << "\n";
        return {"sh",
                "-c",
                "exec openconnect --user \"$0\" --passwd-on-stdin --servercert \"$2\" --script /bin/true"
                " --no-dtls --non-inter https://127.0.0.1:\"$3\" <\"$1\"",
                user,
                input,
                certificate_.pin,
                gateway_port};
    }
    const TemporaryDirectory& directory() const { return directory_; }

private:
    std::string configure(const Daemon& daemon) const {
        const auto ports = daemon.ports();
        std::ofstream(directory_ / "servers") << "127.0.0.1 " << nas_secret << "\n";
        const std::string radius = directory_ / "radcli.conf";
        std::ofstream(radius) << "nas-identifier vpn1\n"
                              << "authserver 127.0.0.1:" << ports.auth << "\n"
                              << "acctserver 127.0.0.1:" << ports.acct << "\n"
                              << "servers " << (directory_ / "servers").string() << "\n"
                              << "dictionary /etc/radcli/dictionary\n"
                              << "default_realm\nradius_timeout 3\nradius_retries 3\nbindaddr *\n";
        const std::string file = directory_ / "ocserv.conf";
        std::ofstream(file)
            << "auth = \"radius[config=" << radius << ",groupconfig=false]\"\n"
            << "acct = \"radius[config=" << radius << "]\"\n"
            << "tcp-port = " << gateway_port << "\n"
            << "run-as-user = root\nrun-as-group = root\n"
            << "socket-file = " << (directory_ / "socket").string() << "\n"
            << "server-cert = " << certificate_.certificate << "\n"
            << "server-key = " << certificate_.key << "\n"
            << "isolate-workers = false\nuse-occtl = false\nmin-reauth-time = 0\nmax-ban-score = 0\n"
            << "device = vpns\nipv4-network = 10.99.0.0\nipv4-netmask = 255.255.255.0\n"
            << "stats-report-time = 30\n";
        return file;
    }

    TemporaryDirectory directory_;
    Certificate certificate_;
    Program server_;
};

class OpenVpn {
public:
    explicit OpenVpn(const Daemon& daemon)
        : certificate_(directory_),
          server_(directory_, "openvpn.log", {"openvpn", "--config", configure(daemon)}) {
        BOOST_TEST_REQUIRE(server_.says("Initialization Sequence Completed"), server_.log());
    }

    Arguments client(const std::string& user, const std::string& password) const {
        const fs::path credentials = directory_ / (password + ".txt");
        std::ofstream(credentials) << user << "\n" << password << "\n";
        fs::permissions(credentials, fs::perms::owner_read | fs::perms::owner_write);
        return {"openvpn",
                "--client",
                "--dev",
                "tun",
                "--proto",
                "udp",
                "--remote",
                "127.0.0.1",
                gateway_port,
                "--ca",
                certificate_.certificate,
                "--auth-user-pass",
                credentials,
                "--ifconfig-noexec",
                "--route-noexec",
                "--explicit-exit-notify",
                "1"};
    }
    const TemporaryDirectory& directory() const { return directory_; }

private:
    std::string configure(const Daemon& daemon) const {
        const auto ports = daemon.ports();
        const std::string plugin = directory_ / "radiusplugin.cnf";
        const std::string file = directory_ / "server.conf";
        const std::string status = directory_ / "status";
        std::ofstream(plugin) << "NAS-Identifier=vpn2\nNAS-IP-Address=127.0.0.1\nNAS-Port-Type=5\n"
                              << "Service-Type=5\nFramed-Protocol=1\n"
                              << "OpenVPNConfig=" << file
                              << "\nsubnet=255.255.255.0\noverwriteccfiles=false\n"
                              << "server\n{\n  name=127.0.0.1\n  authport=" << ports.auth
                              << "\n  acctport=" << ports.acct
                              << "\n  retry=3\n  wait=3\n  sharedsecret=" << nas_secret << "\n}\n";
        std::ofstream(file) << "port " << gateway_port << "\nproto udp\ndev tun\n"
                            << "server 10.98.0.0 255.255.255.0\ntopology subnet\n"
                            << "ca " << certificate_.certificate << "\ncert " << certificate_.certificate
                            << "\nkey " << certificate_.key << "\ndh none\n"
                            << "verify-client-cert none\nusername-as-common-name\n"
                            << "status " << status << " 1\n"
                            << "plugin " << radiusplugin << " " << plugin << "\nkeepalive 2 10\n";
        return file;
    }

    TemporaryDirectory directory_;
    Certificate certificate_;
    Program server_;
};

Json only_session(const Administrator& administrator, const std::string& list) {
    const auto sessions = administrator.ask("GET", list).body["results"];
    return sessions.size() == 1 ? sessions[0] : Json();
}

// The whole of a stay, at either gateway.
template <class Gateway>
void log_in_stay_and_leave(const std::string& nas, const std::string& refusal, int leave) {
    const OwnNetwork network;
    const Daemon daemon;
    const Administrator administrator(daemon);
    const auto ann = administrator.add_user("ann", {
                                                       {"user_time", 3600}
    });
    const Gateway gateway(daemon);

    Program wrong(gateway.directory(), "wrong.log", gateway.client("ann", "goodbye"));
    BOOST_TEST(wrong.says(refusal), wrong.log());
    BOOST_TEST(administrator.ask("GET", "/session/").body["count"] == 0);

    Program client(gateway.directory(), "client.log", gateway.client("ann", "hello"));
    BOOST_TEST_REQUIRE(comes_true([&] { return !only_session(administrator, "/session/").is_null(); }),
                       client.log());
    const auto session = only_session(administrator, "/session/");
    BOOST_TEST(session["username"] == "ann");
    BOOST_TEST(session["nas_identifier"] == nas);
    BOOST_TEST(session["session_status"] == "active");

    std::this_thread::sleep_for(2s);
    client.end(leave);
    BOOST_TEST_REQUIRE(comes_true([&] {
        const auto closed = only_session(administrator, "/aaa_accounting/");
        return !closed.is_null() && closed["session_status"] == "completed";
    }));
    const auto closed = only_session(administrator, "/aaa_accounting/");
    BOOST_TEST(closed["session_duration"].get<int>() >= 2);
    BOOST_TEST(closed["charged"] == closed["session_duration"]);
    BOOST_TEST(administrator.time_left(ann) == 3600 - closed["charged"].get<int>());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(vpn)

BOOST_AUTO_TEST_CASE(ocserv_logs_in_and_accounts, *boost::unit_test::precondition(can_use_ocserv)) {
    log_in_stay_and_leave<Ocserv>("vpn1", "Login failed", SIGINT);
}

BOOST_AUTO_TEST_CASE(openvpn_logs_in_and_accounts, *boost::unit_test::precondition(can_use_openvpn)) {
    log_in_stay_and_leave<OpenVpn>("vpn2", "AUTH_FAILED", SIGTERM);
}

BOOST_AUTO_TEST_SUITE_END()
