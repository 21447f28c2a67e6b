// The disaster drill: hourglass backup while the daemon works, everything wiped, hourglass restore; and what
// is refused on the way.
#include "tests/integration/fleet.hpp"
#include "tests/integration/shell.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <signal.h>
#include <thread>

using namespace hourglass::test;

namespace {

namespace fs = std::filesystem;

constexpr int users = 1000;
constexpr int users_with_stays = 10;
constexpr auto own_organization = "1";
constexpr auto fleet_organization = "2";
constexpr auto fleet_client =
    "[[radius.client]]\nname = \"fleet\"\naddress = \"127.77.0.0/16\"\nsecret = \"testing123\"\n";

fs::path state_of(const Daemon& daemon) {
    return daemon.token_file().parent_path();
}

// A key, a place for backups, and what is done with them.
class Vault {
public:
    Vault() {
        std::ofstream(key()) << std::string(32, 'k');
        fs::permissions(key(), fs::perms::owner_read);
    }
    fs::path key() const { return directory_ / "key"; }
    fs::path file() const { return directory_ / "hourglass.backup"; }

    Finished back_up(const Daemon& daemon, const Arguments& more = {}) const {
        return Shell(daemon)(with({"backup", file(), "--key-file", key()}, more));
    }
    Finished restore(const Daemon& daemon, const Arguments& more = {}) const {
        return run(with(
            {HOURGLASS, "restore", file(), "--key-file", key(), "--config", daemon.settings_file()}, more));
    }

private:
    static Arguments with(Arguments arguments, const Arguments& more) {
        arguments.insert(arguments.end(), more.begin(), more.end());
        return arguments;
    }

    TemporaryDirectory directory_;
};

Finished redis(const Daemon& daemon, const Arguments& command) {
    Arguments arguments{"redis-cli", "-s", state_of(daemon) / "redis/redis.sock"};
    arguments.insert(arguments.end(), command.begin(), command.end());
    return run(arguments);
}

void must(const Finished& finished) {
    BOOST_TEST_REQUIRE(finished.exit_status == ok, finished.output + finished.errors);
}

void report(const Daemon& daemon, const std::string& user, const std::string& session,
            const std::string& what) {
    const auto answer = radclient(
        daemon, "acct",
        "User-Name=" + user + ",NAS-Identifier=lab,Acct-Session-Id=" + session + ",Acct-Status-Type=" + what);
    BOOST_TEST_REQUIRE(answer.packet == "Accounting-Response");
}

// Some of everything.
void make_world(const Daemon& daemon, const Administrator& administrator) {
    std::string rows;
    for (int i = 1; i <= users; ++i) {
        rows += R"({"username": "user)" + std::to_string(i) + R"(", "password": "word)" + std::to_string(i) +
                R"(", "organization": 1, "user_time": )" + std::to_string(3600 + i) + "}\n";
    }
    must(Shell(daemon)({"import", "-"}, rows));
    const auto made = [&](const std::string& path, const Json& body) {
        const auto answer = administrator.ask("POST", path, body);
        BOOST_TEST_REQUIRE(answer.status == 201, answer.body.dump());
    };
    made("/organization/", {
                               {"id",   1      },
                               {"name", "north"}
    });
    made("/aaa_profile/", {
                              {"name",         "fast"},
                              {"organization", 1     }
    });
    made("/nas/", {
                      {"name",    "lobby"                },
                      {"address", "192.0.2.1"            },
                      {"secret",  "a secret of the lobby"}
    });
    made("/api_token/", {
                            {"name",   "desk"               },
                            {"scopes", Json::array({"read"})}
    });
    for (int i = 1; i <= users_with_stays; ++i) {
        const auto user = std::to_string(i);
        made("/user_token/" + user + "/credit/", {
                                                     {"seconds", 100 * i},
                                                     {"reason",  "paid" }
        });
        made("/user_extra/", {
                                 {"parent",          i         },
                                 {"city",            "Graz"    },
                                 {"passport_number", "X" + user}
        });
        report(daemon, "user" + user, "s1", "Start");
        report(daemon, "user" + user, "s1", "Interim-Update,Acct-Session-Time=" + std::to_string(30 + i));
        if (i % 2 == 0)
            report(daemon, "user" + user, "s1", "Stop,Acct-Session-Time=" + std::to_string(60 + i));
    }
    report(daemon, "stranger", "s1", "Start");
}

// All items of a list, with what changes by itself left out.
Json list_of(const Administrator& administrator, const std::string& list) {
    constexpr std::size_t page_items = 100;
    const auto separator = list.find('?') == list.npos ? "?" : "&";
    Json items = Json::array();
    for (Json page; page.is_null() || page["results"].size() == page_items;) {
        page = administrator
                   .ask("GET", list + separator + "limit=" + std::to_string(page_items) +
                                   "&offset=" + std::to_string(items.size()))
                   .body;
        BOOST_TEST_REQUIRE(page.contains("results"), list << ": " << page.dump());
        for (auto& item : page["results"])
            items.push_back(item);
    }
    return items;
}

std::map<std::string, Json> look_at_everything(const Administrator& administrator) {
    std::map<std::string, Json> seen;
    for (const auto* list : {"/user_token/", "/user_extra/", "/session/", "/aaa_accounting/"}) {
        const auto own = std::string(list) + "?organization=" + own_organization;
        seen[own] = list_of(administrator, own);
    }
    for (const auto* list : {"/aaa_profile/", "/nas/", "/organization/", "/api_token/"})
        seen[list] = list_of(administrator, list);
    for (int i = 1; i <= users_with_stays; ++i) {
        const auto ledger = "/user_token/" + std::to_string(i) + "/ledger/";
        seen[ledger] = administrator.ask("GET", ledger).body;
    }
    seen["one user"] = administrator.ask("GET", "/user_token/500/").body;
    return seen;
}

void wipe(const Daemon& daemon) {
    fs::remove_all(state_of(daemon));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(backup)

BOOST_AUTO_TEST_CASE(what_is_restored_is_what_was_backed_up_while_a_fleet_was_sending) {
    Daemon daemon({.more = fleet_client});
    const Administrator administrator(daemon);
    const Vault vault;
    make_world(daemon, administrator);
    const auto token = daemon.token();

    Fleet fleet(daemon, {"--users", "20", "--for", "6s", "--stay", "2s", "--pause", "0", "--interim", "1",
                         "--organization", fleet_organization, "--keep"});
    std::this_thread::sleep_for(std::chrono::seconds(3));
    const auto backed_up = vault.back_up(daemon, {"--json"});
    must(backed_up);
    BOOST_TEST(fleet.is_running());
    BOOST_TEST(Json::parse(backed_up.output)["users"].get<int>() >= users);
    BOOST_TEST((fs::status(vault.file()).permissions() == (fs::perms::owner_read | fs::perms::owner_write)));
    BOOST_TEST(!fs::exists(vault.file().string() + ".part"));
    expect_conserved(fleet);
    const auto before = look_at_everything(administrator);

    daemon.stop();
    wipe(daemon);
    const auto restored = vault.restore(daemon);
    must(restored);
    BOOST_TEST(contains(restored.output, "The audit finds nothing wrong"), restored.output);
    BOOST_TEST(!fs::exists(state_of(daemon) / "copy"));
    daemon.start();

    BOOST_TEST(daemon.token() == token);
    const auto after = look_at_everything(administrator);
    for (const auto& [what, content] : before)
        BOOST_TEST((after.at(what) == content), what << " was\n"
                                                     << content.dump() << "\nand is\n"
                                                     << after.at(what).dump());
    must(Shell(daemon)({"audit", "--rate", "20000"}));
    BOOST_TEST(radclient(daemon, "auth", "User-Name=user7,User-Password=word7").packet == "Access-Accept");

    // What the backup does not know of a session its next report tells.
    const auto settled = administrator.settled_time(1);
    report(daemon, "user1", "s1", "Interim-Update,Acct-Session-Time=131");
    BOOST_TEST(administrator.settled_time(1) == settled - 100);
}

BOOST_AUTO_TEST_CASE(a_restore_is_refused_where_something_would_be_lost) {
    Daemon daemon;
    const Administrator administrator(daemon);
    const Vault vault;
    administrator.add_user("ann");
    must(vault.back_up(daemon));

    const auto again = vault.back_up(daemon);
    BOOST_TEST(again.exit_status == usage);
    BOOST_TEST(contains(again.errors, "is there already"), again.errors);
    must(vault.back_up(daemon, {"--force"}));

    const auto running = vault.restore(daemon);
    BOOST_TEST(running.exit_status == refused);
    BOOST_TEST(contains(running.errors, "Another hourglassd is running"), running.errors);

    daemon.stop();
    const auto occupied = vault.restore(daemon);
    BOOST_TEST(occupied.exit_status == refused);
    BOOST_TEST(contains(occupied.errors, "is not empty: it has 1 user."), occupied.errors);
    daemon.start();
    BOOST_TEST(administrator.ask("GET", "/user_token/").body["count"] == 1);
}

BOOST_AUTO_TEST_CASE(a_damaged_backup_changes_nothing) {
    Daemon daemon;
    const Administrator administrator(daemon);
    const Vault vault;
    administrator.add_user("ann");
    must(vault.back_up(daemon));
    must(vault.restore(daemon, {"--check"}));
    const auto whole = read_file(vault.file());
    daemon.stop();
    wipe(daemon);

    const auto try_with = [&](const std::string& content, const std::string& sentence) {
        std::ofstream(vault.file(), std::ios::binary) << content;
        for (const Arguments& more : {Arguments{}, Arguments{"--check"}}) {
            const auto tried = vault.restore(daemon, more);
            BOOST_TEST(tried.exit_status == refused);
            BOOST_TEST(contains(tried.errors, sentence), tried.errors);
        }
    };
    auto changed = whole;
    changed[whole.size() / 2] ^= 1;
    try_with(changed, "is damaged");
    try_with(whole.substr(0, whole.size() - 1), "is cut short");
    try_with("username,password\n", "is no backup");
    std::ofstream(vault.file(), std::ios::binary) << whole;

    fs::permissions(vault.key(), fs::perms::owner_all);
    std::ofstream(vault.key()) << std::string(32, 'o');
    try_with(whole, "was encrypted with another key");
    std::ofstream(vault.key()) << std::string(32, 'k');

    daemon.start();
    BOOST_TEST(administrator.ask("GET", "/user_token/").body["count"] == 0);
    daemon.stop();
    must(vault.restore(daemon));
    daemon.start();
    BOOST_TEST(administrator.ask("GET", "/user_token/").body["count"] == 1);
}

BOOST_AUTO_TEST_CASE(half_a_backup_and_newer_data_are_not_served) {
    Daemon daemon;
    const Vault vault;
    Administrator(daemon).add_user("ann");
    must(vault.back_up(daemon));
    const auto must_refuse = [&](const std::string& sentence) {
        daemon.stop();
        BOOST_CHECK_THROW(daemon.start(), std::runtime_error);
        BOOST_TEST(contains(daemon.log(), sentence), daemon.log());
    };

    must(redis(daemon, {"SET", "hg:restore", "1"}));
    must_refuse("A restore into this store was not finished");
    must(vault.restore(daemon));  // begins anew, over what there is
    daemon.start();
    BOOST_TEST(Administrator(daemon).ask("GET", "/user_token/").body["count"] == 1);

    must(redis(daemon, {"SET", "hg:schema", "99"}));
    must_refuse("The data are of version 99, written by a newer hourglassd");
    const auto migrated = run({HOURGLASSD, "--config", daemon.settings_file(), "--migrate", "--dry-run"});
    BOOST_TEST(migrated.exit_status == 1);
    BOOST_TEST(contains(migrated.errors, "The data are of version 99"), migrated.errors);
}

BOOST_AUTO_TEST_CASE(a_restore_that_is_killed_begins_anew) {
    Daemon daemon;
    const Vault vault;
    make_world(daemon, Administrator(daemon));
    must(vault.back_up(daemon));
    daemon.stop();
    wipe(daemon);

    const TemporaryDirectory directory;
    BackgroundProcess restore(
        {HOURGLASS, "restore", vault.file(), "--key-file", vault.key(), "--config", daemon.settings_file()},
        directory / "log");
    const auto deadline = std::chrono::steady_clock::now() + start_time_limit;
    while (redis(daemon, {"EXISTS", "hg:restore"}).output != "1\n" &&
           std::chrono::steady_clock::now() < deadline)
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    for (const auto hourglassd : children_of(restore.pid()))
        ::kill(hourglassd, SIGKILL);
    BOOST_TEST(restore.wait(start_time_limit).value_or(-1) == refused);

    BOOST_CHECK_THROW(daemon.start(), std::runtime_error);
    BOOST_TEST(contains(daemon.log(), "A restore into this store was not finished"), daemon.log());
    must(vault.restore(daemon));
    daemon.start();
    must(Shell(daemon)({"audit", "--rate", "20000"}));
    BOOST_TEST(Administrator(daemon).ask("GET", "/user_token/").body["count"] == users);
}

BOOST_AUTO_TEST_CASE(another_redis_takes_it_too) {
    Daemon daemon;
    const Administrator administrator(daemon);
    const Vault vault;
    make_world(daemon, administrator);
    must(vault.back_up(daemon));
    const auto before = look_at_everything(administrator);
    daemon.stop();
    wipe(daemon);

    const TemporaryDirectory directory;
    const auto socket = (directory / "redis.sock").string();
    const BackgroundProcess redis(
        {"redis-server", "--port", "0", "--unixsocket", socket, "--dir", directory / "", "--save", "",
         "--appendonly", "yes", "--appendfsync", "always"},
        directory / "log");
    daemon.change_settings({.more = "[store]\nredis = \"unix://" + socket + "\"\n"});
    must(vault.restore(daemon));
    daemon.start();
    const auto after = look_at_everything(administrator);
    for (const auto& [what, content] : before)
        BOOST_TEST((after.at(what) == content), what);

    // And back again, from there.
    must(vault.back_up(daemon, {"--force"}));
    daemon.stop();
    wipe(daemon);
    daemon.change_settings({});
    must(vault.restore(daemon));
    daemon.start();
    BOOST_TEST((look_at_everything(administrator) == before));
}

BOOST_AUTO_TEST_CASE(in_a_directory_the_newest_stay) {
    const Daemon daemon;
    const Vault vault;
    const TemporaryDirectory directory;
    const auto backups = [&] {
        std::size_t count = 0;
        for (const auto& entry : fs::directory_iterator(directory / ""))
            count += entry.path().extension() == ".backup" ? 1 : 0;
        return count;
    };
    for (const auto* old :
         {"hourglass-2026-01-01T000000Z.backup", "hourglass-2026-01-02T000000Z.backup", "else"})
        std::ofstream(directory / old) << "x";
    const auto taken = Shell(daemon)({"backup", directory / "", "--key-file", vault.key(), "--keep", "2"});
    must(taken);
    BOOST_TEST(backups() == 2U);
    BOOST_TEST(fs::exists(directory / "else"));
    BOOST_TEST(!fs::exists(directory / "hourglass-2026-01-01T000000Z.backup"));
}

BOOST_AUTO_TEST_SUITE_END()
