// The API under TLS, as curl, openssl and the tool meet it.
#include "tests/integration/clients.hpp"

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <thread>

using namespace hourglass::test;

namespace {

constexpr int unreachable = 3;  // the tool's exit status

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

// A self-made certificate for localhost and 127.0.0.1, valid from now for a day.
class Certificate {
public:
    explicit Certificate(const std::string& name)
        : certificate_(directory_ / (name + ".pem")), key_(directory_ / (name + ".key")) {
        renew();
    }

    void renew() const {
        const auto made =
            run({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                 "-days", "1", "-subj", "/CN=localhost", "-addext",
                 "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key_, "-out", certificate_});
        BOOST_TEST_REQUIRE(made.exit_status == 0, made.errors);
    }
    void spoil() const { std::filesystem::resize_file(certificate_, 10); }

    std::string path() const { return certificate_; }
    std::string serial() const {
        return run({"openssl", "x509", "-in", certificate_, "-noout", "-serial"}).output;
    }
    DaemonSettings settings() const { return {.tls_certificate = certificate_, .tls_key = key_}; }

private:
    TemporaryDirectory directory_;
    std::filesystem::path certificate_;
    std::filesystem::path key_;
};

std::string address_of(const Daemon& daemon) {
    return "127.0.0.1:" + std::to_string(daemon.ports().api);
}

// What the daemon shows to a new connection; empty if the handshake fails.
std::string serial_shown(const Daemon& daemon) {
    const auto shown = run({"openssl", "s_client", "-connect", address_of(daemon)});
    return run({"openssl", "x509", "-noout", "-serial"}, {.input = shown.output}).output;
}

bool shakes_hands(const Daemon& daemon, const Arguments& options) {
    Arguments arguments{"openssl", "s_client", "-connect", address_of(daemon)};
    arguments.insert(arguments.end(), options.begin(), options.end());
    return run(arguments).exit_status == 0;
}

std::string curl(const Daemon& daemon, const Certificate& trusted, const std::string& path) {
    return run({"curl", "-s", "-S", "--max-time", "10", "--cacert", trusted.path(), daemon.api_url() + path})
        .output;
}

Finished tool(const Daemon& daemon, const Arguments& arguments, const std::string& host = "127.0.0.1") {
    Arguments all{HOURGLASS, "--url", "https://" + host + ":" + std::to_string(daemon.ports().api)};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return run(all, {.environment = {"HOURGLASS_TOKEN=" + daemon.token()}});
}

template <class Condition>
bool comes_true(Condition condition) {
    for (int tries = 0; tries < 200; ++tries) {
        if (condition()) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return false;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(tls)

BOOST_AUTO_TEST_CASE(the_api_speaks_http11_under_modern_tls_only) {
    const Certificate certificate("api");
    const Daemon daemon(certificate.settings());
    BOOST_TEST(curl(daemon, certificate, "/healthz") == R"({"status":"ok"})");
    const auto plain = run({"curl", "-s", "--max-time", "10", "http://" + address_of(daemon) + "/healthz"});
    BOOST_TEST(plain.exit_status != 0);

    BOOST_TEST(shakes_hands(daemon, {"-tls1_3"}));
    BOOST_TEST(shakes_hands(daemon, {"-tls1_2"}));
    BOOST_TEST(!shakes_hands(daemon, {"-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0"}));
    BOOST_TEST(!shakes_hands(daemon, {"-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-SHA"}));
    BOOST_TEST(shakes_hands(daemon, {"-alpn", "h2,http/1.1"}));
    BOOST_TEST(!shakes_hands(daemon, {"-alpn", "h2"}));
}

BOOST_AUTO_TEST_CASE(links_lead_back_by_https) {
    const Certificate certificate("api");
    const Daemon daemon(certificate.settings());
    const auto page =
        run({"curl", "-s", "--cacert", certificate.path(), "-H", "Authorization: Bearer " + daemon.token(),
             daemon.api_url() + "/api/v1/user_token/?limit=1&offset=5"});
    BOOST_TEST(contains(page.output, R"("previous":"https://127.0.0.1:)"), page.output);
}

BOOST_AUTO_TEST_CASE(a_reload_shows_new_connections_the_new_certificate_and_keeps_a_bad_one_out) {
    const Certificate certificate("api");
    const Daemon daemon(certificate.settings());
    const auto old_serial = certificate.serial();
    BOOST_TEST(serial_shown(daemon) == old_serial);

    certificate.renew();
    BOOST_TEST(serial_shown(daemon) == old_serial);
    daemon.send(SIGHUP);
    BOOST_TEST(comes_true([&] { return serial_shown(daemon) == certificate.serial(); }));

    const auto good_serial = certificate.serial();
    certificate.spoil();
    daemon.send(SIGHUP);
    BOOST_TEST(comes_true([&] { return contains(daemon.log(), "The certificate stays as it was"); }));
    BOOST_TEST(serial_shown(daemon) == good_serial);
}

BOOST_AUTO_TEST_CASE(the_expiry_is_a_metric) {
    const Certificate certificate("api");
    const Daemon daemon(certificate.settings());
    BOOST_TEST(
        contains(curl(daemon, certificate, "/metrics"), "\nhourglass_api_certificate_expiry_seconds "));
}

BOOST_AUTO_TEST_CASE(a_client_that_says_nothing_keeps_nobody_waiting) {
    const Certificate certificate("api");
    const Daemon daemon(certificate.settings());
    std::vector<std::unique_ptr<BackgroundProcess>> silent;
    const TemporaryDirectory directory;
    for (int i = 0; i < 5; ++i) {
        silent.push_back(std::make_unique<BackgroundProcess>(
            Arguments{"bash", "-c",
                      "exec 3<>/dev/tcp/127.0.0.1/" + std::to_string(daemon.ports().api) + "; cat <&3"},
            directory / "log"));
    }
    BOOST_TEST(curl(daemon, certificate, "/healthz") == R"({"status":"ok"})");
    // The handshake has its time, then the connection ends.
    for (const auto& process : silent)
        BOOST_TEST(process->wait(std::chrono::seconds(20)).has_value());
}

BOOST_AUTO_TEST_CASE(the_tool_trusts_whom_it_is_told_to_and_says_why_not) {
    const Certificate certificate("api");
    const Certificate other("other");
    const Daemon daemon(certificate.settings());
    const auto trusted = tool(daemon, {"--ca-file", certificate.path(), "status"});
    BOOST_TEST(trusted.exit_status == 0, trusted.errors);
    BOOST_TEST(tool(daemon, {"--ca-file", certificate.path(), "user", "list"}, "localhost").exit_status == 0);

    const auto untrusted = tool(daemon, {"status"});
    BOOST_TEST(untrusted.exit_status == unreachable);
    BOOST_TEST(contains(untrusted.errors, "is not trusted: self-signed certificate."), untrusted.errors);
    BOOST_TEST(contains(untrusted.errors, "--ca-file"));
    BOOST_TEST(tool(daemon, {"--ca-file", other.path(), "status"}).exit_status == unreachable);
}

BOOST_AUTO_TEST_SUITE_END()
