// What `hourglass check` finds, from what the API says: a sound daemon, with one thing changed in each row.
#include "cli/findings.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace hourglass::cli;
using namespace std::chrono_literals;

namespace {

constexpr auto sound_status = R"({
    "time": "2027-01-31T12:00:00Z", "version": ")" HOURGLASS_VERSION
                              R"(", "started_at": "2027-01-01T00:00:00Z",
    "ready": true, "workers": 2,
    "listens": {"auth": ["0.0.0.0:1812"], "acct": ["0.0.0.0:1813"], "api": ["127.0.0.1:8080"]},
    "settings": {"file": "/etc/hourglass/hourglass.toml", "mistake": null},
    "redis": {"version": "7.0.15", "role": "master", "round_trip_us": 90, "memory_bytes": 1000000,
              "memory_bytes_max": null, "machine_memory_bytes": 8000000000, "append_file_bytes": 5000000,
              "last_write_good": true, "last_rewrite_good": true, "time": "2027-01-31T12:00:00Z"},
    "hazards": [], "sessions": {"running": 7, "overdue_users": 0},
    "journal": {"pending": 0, "refused": 0, "errors": 0, "set_aside": 0},
    "disk": {"path": "/var/lib/hourglass", "bytes": 40000000000, "free_bytes": 30000000000},
    "certificate_expiration": null})";

constexpr std::chrono::sys_seconds noon =
    std::chrono::sys_days{std::chrono::year(2027) / 1 / 31} + std::chrono::hours(12);

Facts sound() {
    return {
        .url = "http://127.0.0.1:8080",
        .is_local = true,
        .now = noon,
        .is_alive = true,
        .is_ready = true,
        .status = Json::parse(sound_status),
        .nases = Json::array(),
        .sources = Json::array(),
        .is_clock_disciplined = true,
    };
}

std::vector<Finding> troubles(const Facts& facts) {
    auto findings = examine(facts);
    std::erase_if(findings, [](const Finding& finding) { return finding.level == Level::ok; });
    return findings;
}

// The one thing that is wrong.
Finding trouble(const Facts& facts) {
    const auto found = troubles(facts);
    BOOST_TEST_REQUIRE(found.size() == 1U);
    return found.front();
}

Json nas(const char* name, Json last_seen) {
    return {
        {"name",      name                },
        {"last_seen", std::move(last_seen)}
    };
}

Json source(const char* address, const char* last_seen, Json traffic) {
    return {
        {"address",   address           },
        {"last_seen", last_seen         },
        {"traffic",   std::move(traffic)}
    };
}

}  // namespace

BOOST_AUTO_TEST_SUITE(cli_findings)

BOOST_AUTO_TEST_CASE(of_a_sound_daemon_everything_is_ok) {
    BOOST_TEST(troubles(sound()).empty());
    BOOST_TEST(examine(sound()).size() > 10U);
}

BOOST_AUTO_TEST_CASE(each_trouble_is_found_and_has_a_next_step) {
    struct Row {
        const char* pointer;  // into the status
        Json value;
        Level level;
        const char* subject;
        const char* part;
    };
    const std::vector<Row> rows{
        {"/version",                 "0.0.9",                             Level::warning, "version",     "0.0.9"          },
        {"/settings/mistake",        "line 3: no such setting.",          Level::failure, "settings",    "line 3"         },
        {"/listens/auth",            Json::array({"127.0.0.1:1812"}),     Level::warning, "ports",       "another machine"},
        {"/hazards",                 Json::array({"Redis is a replica"}), Level::failure, "redis",       "a replica."     },
        {"/redis/last_write_good",   false,                               Level::failure, "redis",       "write to"       },
        {"/redis/last_rewrite_good", false,                               Level::failure, "redis",       "rewrite"        },
        {"/redis/round_trip_us",     20'000,                              Level::warning, "redis",       "20 ms"          },
        {"/redis/memory_bytes",      6'100'000'000,                       Level::warning, "memory",      "the machine's"  },
        {"/redis/memory_bytes_max",  1'050'000U,                          Level::failure, "memory",      "its limit"      },
        {"/redis/time",              "2027-01-31T12:00:03Z",              Level::warning, "clock",       "Redis' are 3s"  },
        {"/time",                    "2027-01-31T12:01:00Z",              Level::failure, "clock",       "1m apart"       },
        {"/disk/free_bytes",         5'900'000'000,                       Level::warning, "disk",        "5.5 GiB free"   },
        {"/disk/free_bytes",         1'000'000'000,                       Level::failure, "disk",        "free of"        },
        {"/redis/append_file_bytes", 31'000'000'000,                      Level::failure, "disk",        "free of"        },
        {"/journal/pending",         12U,                                 Level::warning, "journal",     "12 reports wait"},
        {"/journal/set_aside",       1U,                                  Level::failure, "journal",     "set aside"      },
        {"/certificate_expiration",  "2027-03-01T12:00:00Z",              Level::warning, "certificate", "29d"            },
        {"/certificate_expiration",  "2027-02-06T12:00:00Z",              Level::failure, "certificate", "6d"             },
        {"/certificate_expiration",  "2027-01-01T12:00:00Z",              Level::failure, "certificate", "has expired"    },
        {"/sessions/overdue_users",  2U,                                  Level::failure, "sessions",    "2 users'"       },
    };
    for (const auto& row : rows) {
        BOOST_TEST_CONTEXT(row.pointer << " " << row.value) {
            auto facts = sound();
            facts.status[Json::json_pointer(row.pointer)] = row.value;
            const auto found = troubles(facts);
            BOOST_TEST_REQUIRE(!found.empty());
            BOOST_TEST(word_of(found.front().level) == word_of(row.level));
            BOOST_TEST(found.front().subject == row.subject);
            BOOST_TEST(found.front().sentence.find(row.part) != std::string::npos, found.front().sentence);
            BOOST_TEST(!found.front().next_step.empty());
        }
    }
}

BOOST_AUTO_TEST_CASE(of_what_does_not_answer_nothing_else_is_said) {
    auto facts = sound();
    facts.is_alive = false;
    BOOST_TEST(trouble(facts).subject == "daemon");
    BOOST_TEST(examine(facts).size() == 1U);
}

BOOST_AUTO_TEST_CASE(without_a_token_that_is_found_and_the_rest_is_left_out) {
    auto facts = sound();
    facts.status = nullptr;
    facts.refusal = "Invalid token.";
    facts.refused_as = ExitStatus::unauthorized;
    const auto found = trouble(facts);
    BOOST_TEST(found.subject == "token");
    BOOST_TEST(found.next_step.find("admin.token") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_clock_that_nobody_keeps_right_is_found) {
    auto facts = sound();
    facts.is_clock_disciplined = false;
    BOOST_TEST(trouble(facts).subject == "clock");
}

BOOST_AUTO_TEST_CASE(a_nas_that_never_asked_or_is_silent_is_found) {
    auto facts = sound();
    facts.nases = Json::array(
        {nas("lobby", "2027-01-31T11:00:00Z"), nas("hall", "2027-01-30T11:59:59Z"), nas("roof", nullptr)});
    const auto found = troubles(facts);
    BOOST_TEST_REQUIRE(found.size() == 2U);
    BOOST_TEST(found[0].sentence == "NAS \"hall\" has been silent for 1d 1s.");
    BOOST_TEST(found[1].sentence == "NAS \"roof\" has never asked.");
    BOOST_TEST(examine(facts, {.nas_silence = 30min}).size() > examine(facts).size());
}

BOOST_AUTO_TEST_CASE(of_many_silent_nases_some_are_named_and_the_others_counted) {
    auto facts = sound();
    for (int i = 0; i < 40; ++i)
        facts.nases.push_back(nas("ap", nullptr));
    const auto found = troubles(facts);
    BOOST_TEST(found.size() == 6U);
    BOOST_TEST(found.back().sentence == "35 other NASes are silent.");
}

BOOST_AUTO_TEST_CASE(who_asks_in_vain_is_found_while_it_goes_on) {
    const Json unknown = Json::parse(R"({"access_requests": 0, "drops": {"unknown_client": 312}})");
    const Json wrong = Json::parse(R"({"access_requests": 20, "drops": {"bad_message_authenticator": 2}})");
    const Json guessed = Json::parse(R"({"access_requests": 2000, "drops": {"bad_authenticator": 2}})");
    auto facts = sound();
    facts.sources = Json::array({source("192.0.2.7", "2027-01-31T11:59:00Z", unknown),
                                 source("192.0.2.8", "2027-01-31T11:59:00Z", wrong),
                                 source("192.0.2.9", "2027-01-31T11:59:00Z", guessed),
                                 source("192.0.2.10", "2027-01-31T10:59:00Z", unknown)});
    const auto found = troubles(facts);
    BOOST_TEST_REQUIRE(found.size() == 2U);
    BOOST_TEST(found[0].sentence == "312 packets from 192.0.2.7, which is no NAS, got no answer.");
    BOOST_TEST(found[1].sentence == "2 packets from 192.0.2.8 have a wrong secret.");
}

BOOST_AUTO_TEST_SUITE_END()
