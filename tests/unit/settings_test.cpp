// Settings: what the file says is what the daemon gets, and each mistake is one sentence with its line.
#include "daemon/settings.hpp"

#include "daemon/setting_rows.hpp"
#include "daemon/state_directory.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <set>
#include <string>
#include <string_view>

namespace hourglass::daemon {

namespace {

std::string refusal_of(const std::string& text) {
    try {
        parse_configuration(text, "h.toml");
    } catch (const SettingsError& mistake) {
        return mistake.what();
    }
    return "accepted";
}

std::string client(const std::string& lines) {
    return "[[radius.client]]\nname = \"lab\"\naddress = \"192.0.2.0/24\"\nsecret = \"s\"\n" + lines;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(settings)

BOOST_AUTO_TEST_CASE(an_empty_file_means_the_defaults) {
    const auto defaults = parse_configuration("", "h.toml");
    BOOST_TEST(defaults.settings.daemon_state_dir == "/var/lib/hourglass");
    BOOST_TEST(defaults.settings.radius_reject_delay_ms == 1000);
    BOOST_TEST(defaults.settings.radius_acct.size() == 2u);
    BOOST_TEST(defaults.settings.store_redis == "embedded");
    BOOST_TEST(!defaults.settings.store_allow_unsafe);
    BOOST_TEST(defaults.clients.empty());
}

BOOST_AUTO_TEST_CASE(what_a_nas_takes_is_both_requests_unless_it_is_said) {
    struct Row {
        const char* line;
        bool takes_disconnect;
        bool takes_coa;
    };
    for (const auto& row : {
             Row{"",                                  true,  true },
             Row{"coa = [\"coa\", \"disconnect\"]\n", true,  true },
             Row{"coa = [\"disconnect\"]\n",          true,  false},
             Row{"coa = [\"coa\"]\n",                 false, true },
             Row{"coa = []\n",                        false, false},
    })
        BOOST_TEST_CONTEXT(row.line) {
            const auto clients = radius_clients(parse_configuration(client(row.line), "h.toml"));
            BOOST_TEST(clients[0].takes_disconnect == row.takes_disconnect);
            BOOST_TEST(clients[0].takes_coa == row.takes_coa);
        }
}

BOOST_AUTO_TEST_CASE(a_secret_of_fewer_than_12_octets_is_warned_of_with_its_line) {
    const auto warnings = warnings_of(parse_configuration(client(""), "h.toml"));
    BOOST_REQUIRE_EQUAL(warnings.size(), 1u);
    BOOST_TEST(warnings[0] ==
               "h.toml:4: The secret of \"lab\" has fewer than 12 octets: it can be guessed from a "
               "captured packet.");
    const std::string strong =
        "[[radius.client]]\nname = \"lab\"\naddress = \"192.0.2.1\"\nsecret = \"123456789012\"\n";
    BOOST_TEST(warnings_of(parse_configuration(strong, "h.toml")).empty());
}

BOOST_AUTO_TEST_CASE(what_the_file_sets_is_in_force) {
    const auto configuration = parse_configuration(
        "[daemon]\nworkers = 3\nlog_level = \"debug\"\n[store]\nredis = \"unix:///run/redis.sock\"\n" +
            client("require_message_authenticator = true\nlimit_proxy_state = \"false\"\ncoa_port = 1700\n"),
        "h.toml");
    BOOST_TEST(configuration.settings.daemon_workers == 3);
    BOOST_TEST(configuration.settings.daemon_log_level == "debug");

    const auto clients = radius_clients(configuration);
    BOOST_REQUIRE_EQUAL(clients.size(), 1u);
    BOOST_TEST(clients[0].name == "lab");
    BOOST_TEST(clients[0].network.to_string() == "192.0.2.0");
    BOOST_TEST(clients[0].prefix_length == 24u);
    BOOST_TEST(clients[0].secret.text() == "s");
    BOOST_CHECK(clients[0].require_message_authenticator == radius::Requirement::yes);
    BOOST_CHECK(clients[0].limit_proxy_state == radius::Requirement::no);
    BOOST_TEST(clients[0].coa_port == 1700);
}

BOOST_AUTO_TEST_CASE(own_words_are_a_table_by_reason_and_print_as_one) {
    const auto configuration = parse_configuration(
        "[radius]\nreply_message = \"full\"\n[radius.reply_messages]\nexpired = \"Renew it.\"\n"
        "no_time_left = \"Buy a \\\"voucher\\\".\"\n",
        "h.toml");
    const setting_type::TextTable expected{
        {"expired",      "Renew it."         },
        {"no_time_left", "Buy a \"voucher\"."}
    };
    BOOST_CHECK(configuration.settings.radius_reply_messages == expected);
    const auto printed = print_configuration(configuration);
    BOOST_CHECK(parse_configuration(printed, "printed").settings.radius_reply_messages == expected);
}

BOOST_AUTO_TEST_CASE(every_mistake_is_one_sentence_with_its_line) {
    struct Row {
        std::string text;
        std::string_view told;  // among others
    };
    const auto rows = std::to_array<Row>({
        {"[radius]\nreject_delay_ms = \"fast\"\n",
         "h.toml:2: radius.reject_delay_ms must be an integer from 0 to 10000, not \"fast\"."},
        {"[radius]\nreject_delay_ms = 10001\n", "h.toml:2: radius.reject_delay_ms must be"},
        {"[radius]\nreject_delay_ms = -1\n", "h.toml:2: radius.reject_delay_ms must be"},
        {"[radius]\nreject_delay_ms = 1.5\n", "h.toml:2: radius.reject_delay_ms must be"},
        {"[radius]\nreject_delay_ms = 1979-05-27\n", "h.toml:2: radius.reject_delay_ms must be"},
        {"[radius]\nreply_message = \"all\"\n",
         "h.toml:2: radius.reply_message must be off, safe or full, not \"all\"."},
        {"[radius.reply_messages]\nbored = \"Go away.\"\n",
         "radius.reply_messages must be a table of texts of 1 to 253 octets for any of wrong_password, "
         "inactive,"},
        {"[radius.reply_messages]\nunknown_user = \"Who?\"\n", "radius.reply_messages must be a table"},
        {"[radius.reply_messages]\nexpired = \"\"\n", "radius.reply_messages must be a table"},
        {"[radius.reply_messages]\nexpired = 1\n", "radius.reply_messages must be a table"},
        {"[radius]\nreply_messages = \"x\"\n", "h.toml:2: radius.reply_messages must be a table"},
        {"[radius]\n\nrejct_delay_ms = 1\n",
         "h.toml:3: There is no setting radius.rejct_delay_ms; did you mean reject_delay_ms?"},
        {"[radus]\nauth = []\n", "h.toml:1: There is no section [radus]; did you mean radius?"},
        {"radius = 3\n", "h.toml:1: radius must be a section"},
        {"[radius]\nauth = [\"localhost:1812\"]\n", "h.toml:2: radius.auth must be a list of addresses"},
        {"[radius]\nauth = [\"::1:1812\"]\n", "h.toml:2: radius.auth must be"},
        {"[radius]\nauth = [\"127.0.0.1\"]\n", "h.toml:2: radius.auth must be"},
        {"[radius]\nauth = [\"127.0.0.1:0\"]\n", "h.toml:2: radius.auth must be"},
        {"[radius]\nauth = [\"127.0.0.1:65536\"]\n", "h.toml:2: radius.auth must be"},
        {"[radius]\nauth = [1812]\n", "h.toml:2: radius.auth must be"},
        {"[radius]\nauth = [\"127.0.0.1:1813\"]\nacct = [\"127.0.0.1:1813\"]\n", "127.0.0.1:1813 twice"},
        {"[radius]\ncoa_source = [\"127.0.0.1:0\", \"127.0.0.2:0\"]\n",
         "h.toml:2: radius.coa_source must be at most one"},
        {"[radius]\ncoa_source = [\"127.0.0.1\"]\n", "h.toml:2: radius.coa_source must be"},
        {"[radius]\ncoa_source = \"127.0.0.1:0\"\n", "h.toml:2: radius.coa_source must be"},
        {"[api]\nlisten = [\"0.0.0.0:8080\"]\n", "without api.tls_certificate only loopback will do"},
        {"[api]\nlisten = [\"localhost:8080\"]\n", "h.toml:2: api.listen must be a list of addresses"},
        {"[api]\ntls_key = \"/key.pem\"\n", "are set both, or none"},
        {"[api]\ntls_key = \"key.pem\"\n", "h.toml:2: api.tls_key must be an absolute path, or empty"},
        {"[store]\nredis = \"sentinel://a,b/master\"\n", "not sentinel:// or cluster://"},
        {"[store]\nredis = \"cluster://a:1\"\n", "not sentinel:// or cluster://"},
        {"[accounting]\nlow_balance_s = [300, 0]\n",
         "h.toml:2: accounting.low_balance_s must be a list of at most 16 integers"},
        {"[accounting]\nlow_balance_s = 300\n", "h.toml:2: accounting.low_balance_s must be"},
        {"[accounting]\nlow_balance_s = [\"300\"]\n", "h.toml:2: accounting.low_balance_s must be"},
        {"[store]\nallow_unsafe = \"yes\"\n", "h.toml:2: store.allow_unsafe must be true or false"},
        {"[daemon]\nstate_dir = \"var\"\n", "h.toml:2: daemon.state_dir must be an absolute path"},
        {"[daemon]\nlog_level = \"loud\"\n", "h.toml:2: daemon.log_level must be error, warning,"},
        {"[daemon]\nworkers = 1\nworkers = 2\n", "h.toml:"},
        {"[daemon\nworkers = 1\n", "h.toml:1: This is not TOML: "},
        {"[daemon]\nworkers = \n", "h.toml:2: This is not TOML: "},
        {"[daemon]\n'\xff' = 1\n", "h.toml:2: This is not TOML: the line is not UTF-8"},
        {"#\n#" + std::string(8192, '-'), "h.toml:2: This is not TOML: the line is longer than 8192"},
        {"[radius]\nauth = " + std::string(33, '['),
         "h.toml:2: This is not TOML: values stand more than 32 deep"},
        {"[[radius.client]]\nname = \"lab\"\n", "h.toml:1: This radius.client has no address."},
        {"[radius.client]\nname = \"lab\"\n", "[[radius.client]], with two brackets"},
        {"[radius]\nuser_name_case = \"upper\"\n", "h.toml:2: radius.user_name_case must be exact or lower"},
        {"[radius.realm]\nname = \"a.org\"\n", "[[radius.realm]], with two brackets"},
        {"[[radius.realm]]\nname = \"a.org\"\n", "h.toml:1: This radius.realm has no organization."},
        {"[[radius.realm]]\nname = \"a..org\"\n",
         "h.toml:2: radius.realm.name must be a domain name, such as example.org, or empty"},
        {"[[radius.realm]]\nname = \"a\"\norganization = 0\n",
         "h.toml:3: radius.realm.organization must be an integer from 1"},
        {"[[radius.realm]]\nname = \"a\"\norganization = 1\n[[radius.realm]]\nname = \"A\"\norganization = "
         "2\n", "h.toml:4: Two radius.realm are called \"A\"."},
        {client("secret2 = \"\"\n"),
         "h.toml:5: There is no setting radius.client.secret2; did you mean secret?"},
        {client("coa = [\"both\"]\n"), "h.toml:5: radius.client.coa must be"},
        {client("coa = \"coa\"\n"), "h.toml:5: radius.client.coa must be"},
        {client("coa_port = 0\n"), "h.toml:5: radius.client.coa_port must be"},
        {client("limit_proxy_state = \"maybe\"\n"),
         "h.toml:5: radius.client.limit_proxy_state must be \"auto\", true or false"},
        {"[[radius.client]]\nname = \"lab\"\naddress = \"192.0.2.1/24\"\nsecret = \"s\"\n",
         "h.toml:3: radius.client.address must be"},
        {"[[radius.client]]\nname = \"lab\"\naddress = \"192.0.2.0/33\"\nsecret = \"s\"\n",
         "h.toml:3: radius.client.address must be"},
        {"[[radius.client]]\nname = \"lab\"\naddress = \"192.0.2.1\"\nsecret = \"\"\n",
         "h.toml:4: radius.client.secret must be a text of 1 to"},
        {client("") + client(""), "h.toml:5: Two radius.client are called \"lab\"."},
        {client("") + "[[radius.client]]\nname = \"b\"\naddress = \"192.0.2.0/24\"\nsecret = \"s\"\n",
         "h.toml:5: Two radius.client have the address"},
    });
    for (const auto& row : rows) {
        const auto told = refusal_of(row.text);
        BOOST_TEST_CONTEXT(row.text) {
            BOOST_TEST(told.find(row.told) != std::string::npos, told);
            BOOST_TEST(told.find('\n') == std::string::npos, told);
        }
    }
}

BOOST_AUTO_TEST_CASE(realms_stand_for_organizations_and_those_below_them) {
    const auto configuration = parse_configuration(
        "[radius]\nuser_name_case = \"lower\"\nmac_auth = true\nunknown_realm = \"reject\"\n"
        "[[radius.realm]]\nname = \"A.example\"\norganization = 1\n"
        "[[radius.realm]]\nname = \"\"\norganization = 2\nstrip = false\n",
        "h.toml");
    const radius::Directory directory(
        {
    },
        {{.id = 3, .name = {}, .parent = 1}});
    const auto rules = name_rules(configuration, directory);
    BOOST_TEST(rules.ignores_case);
    BOOST_TEST(rules.has_mac_addresses);
    BOOST_TEST(!rules.has_domains);
    BOOST_CHECK(rules.unknown_realm == radius::UnknownRealm::rejected);
    BOOST_REQUIRE_EQUAL(rules.realms.size(), 2u);
    BOOST_TEST(rules.realms[0].name == "a.example");
    BOOST_TEST(rules.realms[0].is_stripped);
    BOOST_CHECK((rules.realms[0].organizations == std::vector<store::OrganizationId>{1, 3}));
    BOOST_TEST(rules.realms[1].name.empty());
    BOOST_TEST(!rules.realms[1].is_stripped);
    BOOST_TEST(print_configuration(configuration).find("organization = 1  # h.toml:7") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(of_two_mistakes_the_first_in_the_file_is_told) {
    const auto told = refusal_of("[store]\nfoo = 1\n[api]\nbar = 2\n[daemon]\nbaz = 3\n");
    BOOST_TEST(told.starts_with("h.toml:2:"), told);
}

BOOST_AUTO_TEST_CASE(limits_hold_at_the_edge_and_not_beyond) {
    for (const auto* const good : {"0", "10000"}) {
        BOOST_TEST(refusal_of("[radius]\nreject_delay_ms = " + std::string(good)) == "accepted");
    }
    for (const auto* const bad : {"-1", "10001"}) {
        BOOST_TEST(refusal_of("[radius]\nreject_delay_ms = " + std::string(bad)) != "accepted");
    }
}

BOOST_AUTO_TEST_CASE(a_secret_is_never_shown) {
    const auto configuration = parse_configuration(
        "[store]\nredis = \"redis://u:hunter2@127.0.0.1:6379/0\"\n[[radius.client]]\nname = \"lab\"\naddress "
        "= "
        "\"192.0.2.1\"\nsecret = \"hunter2\"\n",
        "h.toml");
    BOOST_TEST(print_configuration(configuration).find("hunter2") == std::string::npos);
    BOOST_TEST(refusal_of("[store]\nredis = \"redis://u:hunter2@:x\"\n").find("hunter2") ==
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(print_config_tells_where_each_value_comes_from) {
    const auto printed = print_configuration(parse_configuration("[daemon]\n\nworkers = 3\n", "h.toml"));
    BOOST_TEST(printed.find("workers = 3  # h.toml:3\n") != std::string::npos, printed);
    BOOST_TEST(printed.find("log_level = \"info\"  # default\n") != std::string::npos, printed);
    BOOST_TEST(refusal_of(printed) == "accepted");
}

BOOST_AUTO_TEST_CASE(a_missing_file_is_the_defaults_unless_it_was_asked_for) {
    BOOST_TEST(!load_configuration("/nowhere/h.toml", false).has_file);
    BOOST_CHECK_THROW(load_configuration("/nowhere/h.toml", true), SettingsError);
    BOOST_CHECK_THROW(load_configuration("/tmp", true), SettingsError);
}

BOOST_AUTO_TEST_CASE(a_reload_changes_what_can_change_and_names_the_rest) {
    auto running = parse_configuration("[daemon]\nworkers = 1\n", "h.toml");
    const auto fresh = parse_configuration(
        "[daemon]\nworkers = 2\nlog_level = \"debug\"\n[radius]\nreject_delay_ms = 0\n" + client(""),
        "h.toml");

    const auto changes = reload_configuration(running, fresh);
    BOOST_TEST(running.settings.radius_reject_delay_ms == 0);
    BOOST_TEST(running.settings.daemon_log_level == "debug");
    BOOST_TEST(running.clients.size() == 1u);
    BOOST_TEST(running.settings.daemon_workers == 1);
    BOOST_TEST(changes.in_force ==
                   (std::vector<std::string>{"daemon.log_level", "radius.reject_delay_ms", "radius.client"}),
               boost::test_tools::per_element());
    BOOST_TEST(changes.after_restart == std::vector<std::string>{"daemon.workers"},
               boost::test_tools::per_element());

    // It still waits at the next reload.
    BOOST_TEST(reload_configuration(running, fresh).after_restart.size() == 1u);
    BOOST_TEST(reload_configuration(running, fresh).in_force.empty());
}

BOOST_AUTO_TEST_CASE(every_row_has_a_default_that_its_own_rule_accepts_and_a_help) {
    std::set<std::string> names;
    for (const auto& row : setting_rows) {
        const auto name = std::string(row.section) + "." + std::string(row.key);
        BOOST_TEST_CONTEXT(name) {
            BOOST_TEST(names.insert(name).second);
            BOOST_TEST(!row.help.empty());
            const auto text = "[" + std::string(row.section) + "]\n" + std::string(row.key) + " = " +
                              std::string(row.fallback) + "\n";
            BOOST_TEST(refusal_of(text) == "accepted");
        }
    }
}

// To write them anew: hourglassd --example > etc/hourglass.toml; hourglassd --manual > docs/settings.md
BOOST_AUTO_TEST_CASE(the_example_file_and_the_manual_are_those_of_the_rows) {
    BOOST_TEST(read_file(HOURGLASS_SOURCE_DIR "/etc/hourglass.toml") == example_configuration());
    BOOST_TEST(read_file(HOURGLASS_SOURCE_DIR "/docs/settings.md") == settings_manual());
}

BOOST_AUTO_TEST_CASE(the_example_file_with_its_comments_taken_off_is_the_defaults) {
    std::string bare;
    std::istringstream lines(example_configuration());
    for (std::string line; std::getline(lines, line);) {
        const bool is_setting =
            line.starts_with("#") && line.find(" = ") != std::string::npos && line[1] != ' ';
        bare += (is_setting ? line.substr(1) : line) + "\n";
        if (line.starts_with("# One [[radius.client]]")) break;
    }
    auto running = parse_configuration("", "h.toml");
    const auto changes = reload_configuration(running, parse_configuration(bare, "h.toml"));
    BOOST_TEST(changes.in_force.empty());
    BOOST_TEST(changes.after_restart.empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace hourglass::daemon
