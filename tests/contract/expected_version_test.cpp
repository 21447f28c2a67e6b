// Writes that are meant for one version of a record: If-Match as the store keeps it, with writers between.
#include "tests/support/store_fixture.hpp"

using namespace hourglass;
using namespace std::chrono_literals;
using store::Error;

namespace {

constexpr int writers = 8;

struct ExpectedVersionFixture : test::StoreFixture {
    auto changing(store::UserId id, store::FieldChanges changes, store::ExpectedVersion expected) {
        return store.users.change(id, std::move(changes), {}, "test", now, expected);
    }

    auto renaming(std::string username, store::ExpectedVersion expected) {
        return changing(1,
                        {
                            {"username", std::move(username)}
        },
                        expected);
    }

    auto creating(std::string username) {
        return store.users.create(
            {
                {"username",     std::move(username)},
                {"password",     "secret"           },
                {"organization", "1"                }
        },
            {}, "test", now);
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(expected_version, ExpectedVersionFixture)

BOOST_AUTO_TEST_CASE(of_writers_that_expect_the_same_version_of_a_user_one_wins) {
    make_user("alice");
    std::vector<awaitable<result<store::User>>> changes;
    for (int i = 0; i < writers; ++i)
        changes.push_back(changing(1,
                                   {
                                       {"klass", "k" + std::to_string(i)}
        },
                                   1));
    const auto outcomes = run_all(std::move(changes));
    BOOST_TEST(count_errors(outcomes, {}) == 1);
    BOOST_TEST(count_errors(outcomes, Error::version_changed) == writers - 1);
    BOOST_TEST(must(store.users.find(1)).version == 2U);
}

BOOST_AUTO_TEST_CASE(of_renames_that_expect_the_same_version_one_wins_and_the_other_names_stay_free) {
    make_user("alice");
    std::vector<awaitable<result<store::User>>> renames;
    for (int i = 0; i < writers; ++i)
        renames.push_back(renaming("name" + std::to_string(i), 1));
    const auto outcomes = run_all(std::move(renames));
    BOOST_TEST(count_errors(outcomes, {}) == 1);
    BOOST_TEST(count_errors(outcomes, Error::version_changed) == writers - 1);

    const auto name = must(store.users.find(1)).fields.at("username");
    for (int i = 0; i < writers; ++i) {
        const auto other = "name" + std::to_string(i);
        BOOST_TEST(
            (error_of(creating(other)) == (other == name ? error_code(Error::name_taken) : error_code())));
    }
    BOOST_TEST(must(store.users.list({}, {.limit = 100})).count == static_cast<std::uint64_t>(writers));
}

BOOST_AUTO_TEST_CASE(a_refused_change_sets_no_balance) {
    make_user("alice", 60s);
    BOOST_TEST(
        (error_of(store.users.change(1, {}, store::Balance(5s), "test", now, 7)) == Error::version_changed));
    BOOST_TEST((must(store.users.find(1)).account.settled() == store::Balance(60s)));
    BOOST_TEST(must(store.credits.list(1, {.limit = 10})).count == 1U);
}

BOOST_AUTO_TEST_CASE(changes_that_expect_no_version_all_last) {
    make_user("alice");
    std::vector<awaitable<result<store::User>>> changes;
    for (int i = 0; i < writers; ++i)
        changes.push_back(changing(1,
                                   {
                                       {"field" + std::to_string(i), "x"}
        },
                                   {}));
    BOOST_TEST(count_errors(run_all(std::move(changes)), {}) == writers);
    BOOST_TEST(must(store.users.find(1)).version == 1U + writers);
}

BOOST_AUTO_TEST_CASE(a_user_is_removed_in_the_version_that_was_meant_only) {
    make_user("alice");
    must(changing(1,
                  {
                      {"klass", "k"}
    },
                  1));
    BOOST_TEST((error_of(store.users.remove(1, true, 1)) == Error::version_changed));
    must(store.users.find(1));
    must(store.users.remove(1, false, 2));
    BOOST_TEST((error_of(store.users.find(1)) == Error::not_found));
}

BOOST_AUTO_TEST_CASE(of_writers_that_expect_the_same_version_of_an_extra_one_wins_be_it_a_move) {
    make_user("alice");
    make_user("bob");
    must(store.extras.create(1, {}));
    std::vector<awaitable<result<store::Extra>>> changes;
    for (int i = 0; i < writers; ++i) {
        const auto parent = i % 2 == 0 ? std::optional<store::UserId>(2) : std::nullopt;
        changes.push_back(store.extras.change(1, parent,
                                              {
                                                  {"city", "c" + std::to_string(i)}
        },
                                              1));
    }
    const auto outcomes = run_all(std::move(changes));
    BOOST_TEST(count_errors(outcomes, {}) == 1);
    BOOST_TEST(count_errors(outcomes, Error::version_changed) == writers - 1);
    const auto winner = std::find_if(outcomes.begin(), outcomes.end(), [](const auto& one) { return !!one; });
    const auto extra = must(store.extras.find(1));
    BOOST_TEST((extra.fields == (*winner)->fields));
    BOOST_TEST(must(store.extras.list({}, {.limit = 10})).items.size() == 1U);
}

BOOST_AUTO_TEST_CASE(an_extra_is_moved_and_removed_in_the_version_that_was_meant_only) {
    make_user("alice");
    make_user("bob");
    must(store.extras.create(1, {}));
    BOOST_TEST((error_of(store.extras.change(1, 2, {}, 7)) == Error::version_changed));
    BOOST_TEST(must(store.extras.find(1)).parent == 1);
    BOOST_TEST((error_of(store.extras.remove(1, 7)) == Error::version_changed));

    const auto moved = must(store.extras.change(1, 2, {}, 1));
    BOOST_TEST(moved.parent == 2);
    BOOST_TEST((error_of(store.extras.remove(1, 1)) == Error::version_changed));
    must(store.extras.remove(1, moved.version));
    BOOST_TEST((error_of(store.extras.find(1)) == Error::not_found));
}

BOOST_AUTO_TEST_SUITE_END()
