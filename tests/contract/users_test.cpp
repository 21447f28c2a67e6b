// Records of users: who gets a name, what a change touches, what a removal leaves.
#include "store/keys.hpp"
#include "store/redis_reply.hpp"
#include "tests/support/store_fixture.hpp"

#include <map>

using namespace hourglass;
using namespace std::chrono_literals;
using store::Error;
using store::UserTag;
using test::StoreFixture;

namespace {

struct UsersFixture : StoreFixture {
    store::AccountingRecord report(store::AccountingStatus status, std::string username,
                                   std::chrono::seconds time) {
        store::AccountingRecord record;
        record.status = status;
        record.username = std::move(username);
        record.nas = "nas";
        record.session_id = "s1";
        record.received_at = now + time;
        record.event_time = now + time;
        record.session_time = time;
        return record;
    }

    // Of the credits, each line's change of the balance.
    std::int64_t sum_of_credits(store::UserId id) {
        std::int64_t sum = 0;
        const auto lines = redis({"LRANGE", store::keys::credits(UserTag::of(id)), "0", "-1"});
        for (const auto* line : lines.elements()) {
            const auto text = std::string(store::text_of(line));
            sum += std::stoll(text.substr(text.find(' ')));
        }
        return sum;
    }

    std::int64_t account_value(store::UserId id, std::string_view field) {
        return redis({"HGET", store::keys::account(UserTag::of(id)), field}).integer();
    }

    store::FieldChanges change(std::string field, std::optional<std::string> value) {
        return {
            {std::move(field), std::move(value)}
        };
    }

    auto changing(store::UserId id, store::FieldChanges changes,
                  std::optional<store::Balance> user_time = {}) {
        return store.users.change(id, std::move(changes), user_time, "test", now);
    }

    auto creating(std::string username) {
        return store.users.create(
            {
                {"username",     std::move(username)},
                {"password",     "p"                },
                {"organization", "1"                }
        },
            {}, "test", now);
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(users, UsersFixture)

BOOST_AUTO_TEST_CASE(a_created_user_is_found_with_his_fields_and_without_his_password) {
    const auto user = must(store.users.create(
        {
            {"username",     "alice" },
            {"password",     "secret"},
            {"organization", "7"     },
            {"klass",        "gold"  },
            {"is_active",    "1"     }
    },
        100s, "test", now));
    BOOST_TEST(user.id == 1);
    BOOST_TEST(user.version == 1U);
    BOOST_TEST(user.fields.at("klass") == "gold");
    BOOST_TEST(!user.fields.contains("password"));
    BOOST_TEST((user.account.settled() == store::Balance(100s)));
    BOOST_TEST(must(store.users.find(1)).fields.at("username") == "alice");
    BOOST_TEST((error_of(store.users.find(2)) == Error::not_found));
}

BOOST_AUTO_TEST_CASE(passwords_are_sealed_in_redis) {
    make_user("alice");
    const auto stored = redis({"HGET", store::keys::user(UserTag::of(1)), "password"});
    BOOST_TEST(stored.text().find("secret") == std::string_view::npos);
    BOOST_TEST((must(store.users.find_login("alice")).password == "secret"));
}

BOOST_AUTO_TEST_CASE(a_login_reads_all_it_needs) {
    must(store.users.create(
        {
            {"username",     "alice"      },
            {"password",     "p"          },
            {"organization", "7"          },
            {"is_active",    "0"          },
            {"expiration",   "1800000000" },
            {"profile",      R"(["gold"])"},
            {"klass",        "k"          }
    },
        100s, "test", now));
    must(store.ledger.apply(report(store::AccountingStatus::interim, "alice", 10s)));

    const auto user = must(store.users.find_login("alice"));
    BOOST_TEST(user.id == 1);
    BOOST_TEST(!user.is_active);
    BOOST_TEST(user.klass.value() == "k");
    BOOST_TEST(user.organization == 7);
    BOOST_TEST(user.profiles == std::vector<std::string>{"gold"});
    BOOST_TEST((user.expiration == store::Time(1'800'000'000s)));
    BOOST_TEST((user.account.settled() == store::Balance(90s)));
    BOOST_TEST(user.account.heard.size() == 1U);
    BOOST_TEST((error_of(store.users.find_login("bob")) == Error::not_found));
}

BOOST_AUTO_TEST_CASE(an_expiration_with_a_fraction_is_an_expiration) {
    must(store.users.create(
        {
            {"username",     "alice"            },
            {"password",     "p"                },
            {"organization", "7"                },
            {"expiration",   "1800000000.500000"}
    },
        100s, "test", now));
    const auto user = must(store.users.find_login("alice"));
    BOOST_TEST((user.expiration == store::Time(1'800'000'000s)));
}

BOOST_AUTO_TEST_CASE(a_taken_name_is_refused_and_leaves_nothing_behind) {
    make_user("alice");
    BOOST_TEST((error_of(creating("alice")) == Error::name_taken));
    BOOST_TEST(must(store.users.list({}, {0, 10, false})).count == 1U);
}

BOOST_AUTO_TEST_CASE(of_many_creates_of_one_name_at_once_exactly_one_succeeds) {
    std::vector<awaitable<result<store::User>>> creates;
    for (int i = 0; i < 20; ++i)
        creates.push_back(creating("alice"));
    const auto outcomes = run_all(std::move(creates));
    BOOST_TEST(count_errors(outcomes, {}) == 1);
    BOOST_TEST(count_errors(outcomes, Error::name_taken) == 19);
    BOOST_TEST(must(store.users.list({}, {0, 10, false})).count == 1U);
    BOOST_TEST(must(store.users.find_login("alice")).username == "alice");
}

// A daemon died after it claimed the name and before it wrote the record.
BOOST_AUTO_TEST_CASE(a_claim_without_a_record_may_be_taken_over_once_it_is_stale) {
    redis({"SET", store::keys::name("alice"), "77 " + std::to_string(now.time_since_epoch().count())});
    now += 10s;
    BOOST_TEST((error_of(creating("alice")) == Error::name_taken));
    now += 1s;
    BOOST_TEST(must(creating("alice")).id == 2);
    BOOST_TEST(must(store.users.find_login("alice")).id == 2);
}

BOOST_AUTO_TEST_CASE(a_rename_frees_the_old_name_and_is_never_served_stale) {
    make_user("alice");
    must(store.users.find_login("alice"));
    must(changing(1, change("username", "bob")));
    BOOST_TEST((error_of(store.users.find_login("alice")) == Error::not_found));
    BOOST_TEST(must(store.users.find_login("bob")).id == 1);
    BOOST_TEST(make_user("alice").id == 2);
    BOOST_TEST((error_of(changing(2, change("username", "bob"))) == Error::name_taken));
    BOOST_TEST(must(store.users.find_login("alice")).id == 2);
}

// Another daemon renamed him: this one's cache still says that "alice" is user 1.
BOOST_AUTO_TEST_CASE(usage_under_a_name_that_moved_is_charged_to_its_owner_of_today) {
    make_user("alice", 100s);
    must(store.ledger.apply(report(store::AccountingStatus::start, "alice", 0s)));
    store::Store other(loop, store::RedisAddress::parse(server.address()), secrets, log);
    other.redis.start();
    BOOST_TEST(run(other.redis.wait_until_ready(10s)));
    must(other.users.change(1, change("username", "bob"), {}, "test", now));
    must(other.users.create(
        {
            {"username",     "alice"},
            {"password",     "p"    },
            {"organization", "1"    }
    },
        50s, "test", now));

    const auto applied = must(store.ledger.apply(report(store::AccountingStatus::interim, "alice", 30s)));
    BOOST_TEST((applied.balance == store::Balance(20s)));
    BOOST_TEST((must(store.users.find(1)).account.settled() == store::Balance(100s)));
}

BOOST_AUTO_TEST_CASE(a_change_touches_the_named_fields_and_nothing_else) {
    make_user("alice", 100s);
    must(changing(1, {
                         {"klass", "gold"         },
                         {"email", "a@example.org"}
    }));
    const auto user = must(changing(1, {
                                           {"email",      std::nullopt},
                                           {"first_name", "A"         }
    }));
    BOOST_TEST(user.fields.at("klass") == "gold");
    BOOST_TEST(user.fields.at("first_name") == "A");
    BOOST_TEST(!user.fields.contains("email"));
    BOOST_TEST(user.version == 3U);
    BOOST_TEST((user.account.settled() == store::Balance(100s)));
    BOOST_TEST((must(store.users.find_login("alice")).password == "secret"));
}

BOOST_AUTO_TEST_CASE(concurrent_changes_of_different_fields_all_last) {
    make_user("alice");
    std::vector<awaitable<result<store::User>>> changes;
    for (int i = 0; i < 40; ++i)
        changes.push_back(changing(1, change("field" + std::to_string(i), "x")));
    BOOST_TEST(count_errors(run_all(std::move(changes)), {}) == 40);
    const auto user = must(store.users.find(1));
    for (int i = 0; i < 40; ++i)
        BOOST_TEST(user.fields.contains("field" + std::to_string(i)));
    BOOST_TEST(user.version == 41U);
}

// Each writer adds and cleans the indexes; whoever is last, the lists must name the organization he ended in.
BOOST_AUTO_TEST_CASE(concurrent_moves_leave_the_lists_true) {
    make_user("alice");
    for (int round = 0; round < 10; ++round) {
        std::vector<awaitable<result<store::User>>> moves;
        for (int i = 0; i < 8; ++i) {
            moves.push_back(changing(1, {
                                            {"organization", std::to_string(1 + i % 3)  },
                                            {"is_active",    std::to_string(i % 2)      },
                                            {"username",     i % 4 < 2 ? "alice" : "bob"}
            }));
        }
        run_all(std::move(moves));
        const auto fields = must(store.users.find(1)).fields;
        for (store::OrganizationId organization = 1; organization <= 3; ++organization) {
            const auto page = must(store.users.list({.organization = organization}, {0, 10, false}));
            const bool is_his = fields.at("organization") == std::to_string(organization);
            BOOST_TEST(page.count == (is_his ? 1U : 0U));
        }
        const auto active = must(store.users.list({.is_active = true}, {0, 10, false}));
        BOOST_TEST(active.count == (fields.at("is_active") == "1" ? 1U : 0U));
        BOOST_TEST(must(store.users.find_login(fields.at("username"))).id == 1);
        const auto other_name = fields.at("username") == "alice" ? "bob" : "alice";
        BOOST_TEST((error_of(store.users.find_login(other_name)) == Error::not_found));
    }
}

BOOST_AUTO_TEST_CASE(a_change_never_brings_a_removed_user_back) {
    make_user("alice", 100s);
    must(store.users.remove(1, false));
    BOOST_TEST((error_of(changing(1, change("klass", "gold"))) == Error::not_found));
    BOOST_TEST((error_of(changing(1, change("username", "bob"))) == Error::not_found));
    BOOST_TEST((error_of(changing(1, {}, store::Balance(5s))) == Error::not_found));
    store.users.note_login(1, now);
    BOOST_TEST(redis({"EXISTS", store::keys::user(UserTag::of(1))}).integer() == 0);
    BOOST_TEST(redis({"EXISTS", store::keys::account(UserTag::of(1))}).integer() == 0);
}

BOOST_AUTO_TEST_CASE(a_login_is_noted_first_and_last) {
    make_user("alice");
    store.users.note_login(1, now);
    store.users.note_login(1, now + 5s);
    const auto user = must(store.users.find(1));
    BOOST_TEST(user.fields.at("first_login") == "1700000000");
    BOOST_TEST(user.fields.at("last_login") == "1700000005");
    BOOST_TEST(user.version == 1U);
}

BOOST_AUTO_TEST_CASE(every_balance_set_is_in_the_ledger_and_the_sums_agree) {
    make_user("alice", 100s);
    must(store.ledger.apply(report(store::AccountingStatus::interim, "alice", 30s)));
    must(changing(1, {}, store::Balance(500s)));
    BOOST_TEST((must(store.users.find(1)).account.settled() == store::Balance(500s)));
    must(store.ledger.apply(report(store::AccountingStatus::stop, "alice", 40s)));
    must(changing(1, {}, store::Balance()));
    BOOST_TEST((must(store.users.find(1)).account.settled() == store::Balance()));
    BOOST_TEST(sum_of_credits(1) == 0);
    must(changing(1, {}, store::Balance(7s)));
    BOOST_TEST((must(store.users.find(1)).account.settled() == store::Balance(7s)));
    BOOST_TEST(sum_of_credits(1) == account_value(1, "credited"));
    BOOST_TEST(account_value(1, "consumed") == 40);
    BOOST_TEST(redis({"LLEN", store::keys::credits(UserTag::of(1))}).integer() == 4);
}

BOOST_AUTO_TEST_CASE(a_balance_beyond_what_is_counted_exactly_is_cut_to_it) {
    make_user("alice", store::balance_max + 1s);
    BOOST_TEST((must(store.users.find(1)).account.settled() == store::Balance(store::balance_max)));
    const auto applied = must(store.ledger.apply(report(store::AccountingStatus::interim, "alice", 1s)));
    BOOST_TEST((applied.balance == store::Balance(store::balance_max - 1s)));
}

BOOST_AUTO_TEST_CASE(a_user_with_a_running_session_is_removed_by_force_only) {
    make_user("alice", 100s);
    must(store.ledger.apply(report(store::AccountingStatus::interim, "alice", 30s)));
    BOOST_TEST((error_of(store.users.remove(1, false)) == Error::session_running));
    must(store.users.remove(1, true));
    BOOST_TEST((error_of(store.users.find(1)) == Error::not_found));

    const auto sessions = must(store.ledger.sessions_of(1));
    BOOST_TEST_REQUIRE(sessions.size() == 1U);
    BOOST_TEST(!sessions[0].is_running);
    BOOST_TEST((sessions[0].charged == 30s));
    const auto late = must(store.ledger.apply(report(store::AccountingStatus::stop, "alice", 40s)));
    BOOST_TEST(!late.is_known_user);
}

BOOST_AUTO_TEST_CASE(of_concurrent_removals_exactly_one_succeeds_and_nothing_is_listed) {
    must(store.users.create(
        {
            {"username",     "alice"},
            {"password",     "p"    },
            {"organization", "3"    },
            {"external_id",  "x"    },
            {"is_active",    "0"    }
    },
        5s, "test", now));
    must(store.extras.create(1, {}));
    std::vector<awaitable<result<void>>> removals;
    for (int i = 0; i < 10; ++i)
        removals.push_back(store.users.remove(1, false));
    const auto outcomes = run_all(std::move(removals));
    BOOST_TEST(count_errors(outcomes, {}) == 1);
    BOOST_TEST(count_errors(outcomes, Error::not_found) == 9);
    const auto left = redis({"KEYS", "hg:*"});
    for (const auto* key : left.elements()) {
        BOOST_TEST(store::text_of(key).starts_with("hg:next_"), store::text_of(key) << " is left");
    }
}

// Whoever can time our answers must not learn from them which names there are.
BOOST_AUTO_TEST_CASE(a_name_that_nobody_has_costs_as_many_reads_as_a_known_one) {
    make_user("alice");
    const auto reads_of_login = [&](const char* name) {
        const auto commands = [&] {
            const auto stats = std::string(redis({"INFO", "commandstats"}).text());
            std::map<std::string, std::int64_t> calls;
            for (const std::string command : {"get", "hmget", "hgetall"}) {
                const auto at = stats.find("cmdstat_" + command + ":calls=");
                if (at != std::string::npos)
                    calls[command] = std::stoll(stats.substr(stats.find('=', at) + 1));
            }
            return calls;
        };
        auto before = commands();
        run(store.users.find_login(name));
        auto after = commands();
        return std::vector{after["hmget"] - before["hmget"], after["hgetall"] - before["hgetall"]};
    };
    const std::vector<std::int64_t> one_user{1, 1};
    store.users.forget_name("alice");
    for (int login = 1; login <= 3; ++login) {
        BOOST_TEST(reads_of_login("alice") == one_user, boost::test_tools::per_element());
        BOOST_TEST(reads_of_login("stranger") == one_user, boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(a_name_that_was_nobodys_is_known_as_soon_as_somebody_has_it) {
    for (int login = 1; login <= 2; ++login)
        BOOST_TEST((error_of(store.users.find_login("alice")) == Error::not_found));
    const auto id = make_user("alice").id;
    BOOST_TEST(must(store.users.find_login("alice")).id == id);
    BOOST_TEST(must(store.users.find_login("alice")).id == id);
}

BOOST_AUTO_TEST_SUITE_END()
