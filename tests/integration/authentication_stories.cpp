// Who may come in, as radclient and a NAS of our own see it.
#include "tests/integration/clients.hpp"

#include <boost/test/unit_test.hpp>

using namespace hourglass::test;
namespace nas = hourglass::nas;

namespace {

constexpr std::uint8_t message_authenticator =
    static_cast<std::uint8_t>(nas::Attribute::message_authenticator);

std::optional<nas::Octets> ask_for_login(Nas& asking, const std::string& user, const std::string& password) {
    return asking.ask(asking.login(user, password), answer_time_limit);
}

bool is_accept(const std::optional<nas::Octets>& answer) {
    return answer && nas::code_of(*answer) == static_cast<std::uint8_t>(nas::Code::access_accept);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(authentication)

BOOST_AUTO_TEST_CASE(the_right_password_comes_in_by_every_method_and_a_wrong_one_by_none) {
    const Daemon daemon;
    Administrator(daemon).add_user("ann", {
                                              {"user_time", 3600}
    });
    for (const std::string method : {"User-Password", "CHAP-Password", "MS-CHAP-Password"}) {
        BOOST_TEST_CONTEXT(method) {
            BOOST_TEST(radclient(daemon, "auth", "User-Name=ann," + method + "=hello").packet ==
                       "Access-Accept");
            BOOST_TEST(radclient(daemon, "auth", "User-Name=ann," + method + "=hallo").packet ==
                       "Access-Reject");
        }
    }
    BOOST_TEST(radclient(daemon, "auth", "User-Name=nobody,User-Password=hello").packet == "Access-Reject");
}

// radclient cannot make an MS-CHAPv2 response, but it can send the one that RFC 2759 section 9.2 prints.
// Answer and NAS prove to each other that they know the password.
BOOST_AUTO_TEST_CASE(ms_chap_v2_proves_both_sides_and_brings_the_keys) {
    const Daemon daemon;
    Administrator(daemon).add_user("User", {
                                               {"user_time", 3600        },
                                               {"password",  "clientPass"}
    });
    const std::string identifier_and_flags = "2a00";
    const std::string peer_challenge = "21402324255e262a28295f2b3a337c7e";
    const std::string reserved(16, '0');
    const std::string nt_response = "82309ecd8d708b5ea08faa3981cd83544233114a3d85d6df";
    const std::string wrong_response = "82309ecd8d708b5ea08faa3981cd83544233114a3d85d6d0";
    const auto login = [&](const std::string& response) {
        return radclient(daemon, "auth",
                         "User-Name=User,MS-CHAP-Challenge=0x5b5d7c7d7b3f2f3e3c2c602132262628,"
                         "MS-CHAP2-Response=0x" +
                             identifier_and_flags + peer_challenge + reserved + response);
    };

    const auto accept = login(nt_response);
    BOOST_TEST(accept.packet == "Access-Accept");
    // Octet 0x2a, then "S=407A5589115FD0D6209F510FE9C04566932CDA56".
    BOOST_TEST(accept.has(
        "MS-CHAP2-Success = "
        "0x2a533d34303741353538393131354644304436323039463531304645394330343536363933324344413536"));
    BOOST_TEST(accept.has("MS-MPPE-Send-Key = 0x"));
    BOOST_TEST(accept.has("MS-MPPE-Recv-Key = 0x"));

    const auto reject = login(wrong_response);
    BOOST_TEST(reject.packet == "Access-Reject");
    BOOST_TEST(reject.has("MS-CHAP-Error"));
}

BOOST_AUTO_TEST_CASE(an_accept_says_how_long_and_as_what) {
    const Daemon daemon;
    const Administrator administrator(daemon);
    administrator.add_user("ann", {
                                      {"user_time", 3600  },
                                      {"klass",     "gold"}
    });
    administrator.add_user("eve", {
                                      {"user_time", nullptr}
    });

    const auto ann = radclient(daemon, "auth", "User-Name=ann,User-Password=hello");
    BOOST_TEST(ann.has("Session-Timeout = 3600"));
    BOOST_TEST(ann.has("Class = 0x676f6c64"));
    BOOST_TEST(ann.has("Acct-Interim-Interval = 300"));

    const auto eve = radclient(daemon, "auth", "User-Name=eve,User-Password=hello");
    BOOST_TEST(eve.packet == "Access-Accept");
    BOOST_TEST(!eve.has("Session-Timeout"));
    BOOST_TEST(eve.has("Class = 0x6867312e"));  // "hg1.": ours alone
}

BOOST_AUTO_TEST_CASE(no_time_left_inactive_and_expired_users_stay_out) {
    const Daemon daemon;
    const Administrator administrator(daemon);
    administrator.add_user("spent", {
                                        {"user_time", 0}
    });
    administrator.add_user("idle", {
                                       {"user_time", 60   },
                                       {"is_active", false}
    });
    administrator.add_user("past", {
                                       {"user_time",  60                    },
                                       {"expiration", "2001-01-01T00:00:00Z"}
    });
    for (const std::string name : {"spent", "idle", "past"}) {
        BOOST_TEST_CONTEXT(name) {
            const auto answer = radclient(daemon, "auth", "User-Name=" + name + ",User-Password=hello");
            BOOST_TEST(answer.packet == "Access-Reject");
        }
    }
}

BOOST_AUTO_TEST_CASE(a_reject_is_held_back_while_others_are_served) {
    const Daemon daemon({.reject_delay_ms = 3000});
    Administrator(daemon).add_user("ann", {
                                              {"user_time", 3600}
    });
    Nas asking(daemon.ports().auth, "127.0.0.1");

    const auto wrong = asking.login("ann", "wrong");
    asking.send(wrong);
    BOOST_TEST(is_accept(ask_for_login(asking, "ann", "hello")));
    BOOST_TEST(!asking.receive(silence_time));
    const auto late = asking.receive(answer_time_limit);
    BOOST_TEST_REQUIRE(late.has_value());
    BOOST_TEST(nas::answers(*late, wrong, asking.secret()));
    BOOST_TEST(nas::code_of(*late) == static_cast<std::uint8_t>(nas::Code::access_reject));
}

BOOST_AUTO_TEST_CASE(answers_begin_with_a_message_authenticator) {
    const Daemon daemon;
    Administrator(daemon).add_user("ann", {
                                              {"user_time", 3600}
    });
    Nas asking(daemon.ports().auth, "127.0.0.1");
    for (const auto* password : {"hello", "wrong"}) {
        const auto answer = ask_for_login(asking, "ann", password);
        BOOST_TEST_REQUIRE(answer.has_value());
        BOOST_TEST_REQUIRE(answer->size() > nas::header_octets);
        BOOST_TEST((*answer)[nas::header_octets] == message_authenticator);
    }
}

BOOST_AUTO_TEST_CASE(proxy_state_comes_back_in_order) {
    const Daemon daemon;
    Administrator(daemon).add_user("ann", {
                                              {"user_time", 3600}
    });
    const auto answer = radclient(daemon, "auth",
                                  "User-Name=ann,User-Password=hello,Message-Authenticator=0x00,"
                                  "Proxy-State=0x6669727374,Proxy-State=0x7365636f6e64");
    const auto first = answer.text.rfind("Proxy-State = 0x6669727374");
    const auto second = answer.text.rfind("Proxy-State = 0x7365636f6e64");
    const auto received = answer.text.find("Received Access-Accept");
    BOOST_TEST_REQUIRE(received != std::string::npos);
    BOOST_TEST(first > received);
    BOOST_TEST(second > first);
    BOOST_TEST(second != std::string::npos);
}

BOOST_AUTO_TEST_CASE(status_server_is_answered_on_both_ports) {
    const Daemon daemon;
    Nas auth(daemon.ports().auth, "127.0.0.1");
    Nas acct(daemon.ports().acct, "127.0.0.1");
    const auto from_auth = auth.ask(auth.status_server(), answer_time_limit);
    const auto from_acct = acct.ask(acct.status_server(), answer_time_limit);
    BOOST_TEST(is_accept(from_auth));
    BOOST_TEST_REQUIRE(from_acct.has_value());
    BOOST_TEST(nas::code_of(*from_acct) == static_cast<std::uint8_t>(nas::Code::accounting_response));
}

BOOST_AUTO_TEST_CASE(a_wrong_secret_and_an_unknown_nas_meet_silence) {
    const Daemon daemon;
    Administrator(daemon).add_user("ann", {
                                              {"user_time", 3600}
    });
    Nas with_wrong_secret(daemon.ports().auth, "127.0.0.1", "testing124");
    Nas unknown(daemon.ports().auth, "127.0.0.9");
    for (auto* asking : {&with_wrong_secret, &unknown}) {
        asking->send(asking->login("ann", "hello"));
        BOOST_TEST(!asking->receive(silence_time));
    }
}

BOOST_AUTO_TEST_CASE(a_required_message_authenticator_is_required) {
    const Daemon daemon({.client_flags = "require_message_authenticator = true"});
    Administrator(daemon).add_user("ann", {
                                              {"user_time", 3600}
    });
    const std::string login = "User-Name=ann,User-Password=hello";
    BOOST_TEST(radclient(daemon, "auth", login, {.timeout_s = 1}).packet.empty());
    BOOST_TEST(radclient(daemon, "auth", login + ",Message-Authenticator=0x00").packet == "Access-Accept");
}

// CVE-2024-3596: an attacker needs a Proxy-State to make his MD5 collision fit.
BOOST_AUTO_TEST_CASE(proxy_state_without_message_authenticator_is_dropped_where_limited) {
    const Daemon daemon({.client_flags = "limit_proxy_state = true"});
    Administrator(daemon).add_user("ann", {
                                              {"user_time", 3600}
    });
    const std::string login = "User-Name=ann,User-Password=hello";
    BOOST_TEST(radclient(daemon, "auth", login + ",Proxy-State=0x61", {.timeout_s = 1}).packet.empty());
    BOOST_TEST(radclient(daemon, "auth", login).packet == "Access-Accept");
    BOOST_TEST(radclient(daemon, "auth", login + ",Proxy-State=0x61,Message-Authenticator=0x00").packet ==
               "Access-Accept");
}

BOOST_AUTO_TEST_CASE(what_a_nas_was_seen_to_send_is_required_of_it_from_then_on) {
    Daemon daemon;
    Administrator(daemon).add_user("ann", {
                                              {"user_time", 3600}
    });
    const std::string login = "User-Name=ann,User-Password=hello";
    BOOST_TEST(radclient(daemon, "auth", login).packet == "Access-Accept");
    Nas asking(daemon.ports().auth, "127.0.0.1");
    BOOST_TEST(is_accept(ask_for_login(asking, "ann", "hello")));

    // Learned by one worker, known by all of them a moment later.
    std::string last = "none yet";
    for (int tries = 0; tries < 10 && !last.empty(); ++tries) {
        last = radclient(daemon, "auth", login, {.timeout_s = 1}).packet;
    }
    BOOST_TEST(last.empty());

    // Told to the store by the daemon's next beat, a second later at most.
    BOOST_TEST(radclient(daemon, "auth", login, {.timeout_s = 2}).packet.empty());
    daemon.kill();
    daemon.start();
    BOOST_TEST(radclient(daemon, "auth", login, {.timeout_s = 1}).packet.empty());
}

BOOST_AUTO_TEST_CASE(ipv6_works_like_ipv4) {
    const Daemon daemon;
    const Administrator administrator(daemon);
    const auto ann = administrator.add_user("ann", {
                                                       {"user_time", 3600}
    });
    const RadclientOptions by_ipv6{.server = "[::1]"};
    BOOST_TEST(radclient(daemon, "auth", "User-Name=ann,User-Password=hello", by_ipv6).packet ==
               "Access-Accept");
    BOOST_TEST(radclient(daemon, "acct",
                         "User-Name=ann,Acct-Status-Type=Stop,Acct-Session-Id=six,Acct-Session-Time=600,"
                         "NAS-IPv6-Address=2001:db8::1",
                         by_ipv6)
                   .packet == "Accounting-Response");
    BOOST_TEST(administrator.settled_time(ann) == 3000);
}

BOOST_AUTO_TEST_SUITE_END()
