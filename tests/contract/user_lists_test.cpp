// Lists of users: every filter, by pages, in both directions, against the same done by hand.
#include "tests/support/store_fixture.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>

#include <map>
#include <random>

using namespace hourglass;
using test::StoreFixture;

namespace {

constexpr int many = 3000;
constexpr int organizations = 5;
constexpr int creates_at_once = 500;
constexpr std::int64_t beyond_every_id = 1'000'000;

struct ManyUsers : StoreFixture {
    ManyUsers() {
        for (int first = 1; first <= many; first += creates_at_once) {
            std::vector<awaitable<result<store::User>>> creates;
            for (int i = first; i < first + creates_at_once; ++i)
                creates.push_back(creating(i));
            for (auto& user : run_all(std::move(creates)))
                users.push_back(*std::move(user));
        }
        std::sort(users.begin(), users.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
    }

    awaitable<result<store::User>> creating(int i) {
        return store.users.create(
            {
                {"username",     "user" + std::to_string(i)           },
                {"password",     "p"                                  },
                {"organization", std::to_string(1 + i % organizations)},
                {"is_active",    i % 7 == 0 ? "0" : "1"               },
                {"external_id",  "x" + std::to_string(i % 100)        }
        },
            {}, "test", now);
    }

    // Every page behind the last id of the one before.
    std::vector<store::UserId> read_behind(const store::UserFilter& filter, bool descending,
                                           std::uint64_t limit, std::uint64_t count) {
        std::vector<store::UserId> listed;
        std::optional<std::int64_t> after = descending ? beyond_every_id : 0;
        while (after) {
            const auto page =
                must(store.users.list(filter, {.limit = limit, .descending = descending, .after = after}));
            BOOST_TEST(page.count == count);
            BOOST_TEST((page.items.size() == limit || !page.next_after));
            for (const auto& user : page.items)
                listed.push_back(user.id);
            after = page.next_after;
        }
        return listed;
    }

    // Pages through the whole list, by offset and by what the page before ended with.
    void check(const store::UserFilter& filter, auto is_match) {
        for (const bool descending : {false, true}) {
            std::vector<store::UserId> expected;
            for (const auto& user : users) {
                if (is_match(user.fields)) expected.push_back(user.id);
            }
            if (descending) std::reverse(expected.begin(), expected.end());

            std::vector<store::UserId> listed;
            for (std::uint64_t offset = 0; offset <= expected.size(); offset += 100) {
                const auto page = must(store.users.list(filter, {offset, 100, descending}));
                BOOST_TEST(page.count == expected.size());
                for (const auto& user : page.items)
                    listed.push_back(user.id);
            }
            BOOST_TEST((listed == expected));
            BOOST_TEST((read_behind(filter, descending, 100, expected.size()) == expected));
        }
    }

    // By name, in pages by offset.
    void check_by_name(const store::UserFilter& filter, auto is_match) {
        for (const bool descending : {false, true}) {
            std::map<std::string, store::UserId> matching;
            for (const auto& user : users) {
                if (is_match(user.fields)) matching.emplace(user.fields.at("username"), user.id);
            }
            std::vector<store::UserId> expected;
            for (const auto& [username, id] : matching)
                expected.push_back(id);
            if (descending) std::reverse(expected.begin(), expected.end());

            std::vector<store::UserId> listed;
            for (std::uint64_t offset = 0; offset <= expected.size(); offset += 300) {
                const auto page =
                    must(store.users.list(filter, {offset, 300, descending}, store::UserOrder::by_name));
                BOOST_TEST(page.count == expected.size());
                for (const auto& user : page.items)
                    listed.push_back(user.id);
            }
            BOOST_TEST((listed == expected));
        }
    }

    std::vector<store::User> users;
};

bool in(const store::Fields& fields, std::initializer_list<std::string_view> ids) {
    return std::find(ids.begin(), ids.end(), fields.at("organization")) != ids.end();
}

}  // namespace

BOOST_FIXTURE_TEST_CASE(every_filter_pages_through_exactly_what_matches, ManyUsers) {
    const auto is_active = [](const store::Fields& fields) { return fields.at("is_active") == "1"; };

    check({}, [](const auto&) { return true; });
    check({.organization = 2}, [](const auto& fields) { return in(fields, {"2"}); });
    check({.is_active = false}, [&](const auto& fields) { return !is_active(fields); });
    check({.is_active = true}, is_active);
    check({.is_active = true, .organization = 3},
          [&](const auto& fields) { return is_active(fields) && in(fields, {"3"}); });
    check(
        {
            .visible_organizations = {2, 4}
    },
        [](const auto& fields) { return in(fields, {"2", "4"}); });
    check(
        {
            .is_active = true, .visible_organizations = {1, 5}
    },
        [&](const auto& fields) { return is_active(fields) && in(fields, {"1", "5"}); });
    check({.organization = 1, .visible_organizations = {2}}, [](const auto&) { return false; });
    check({.username = "user17"}, [](const auto& fields) { return fields.at("username") == "user17"; });
    check({.username = "user17", .visible_organizations = {1}}, [](const auto&) { return false; });
    check({.username_prefix = "user29"},
          [](const auto& fields) { return fields.at("username").starts_with("user29"); });
    check(
        {
            .username_prefix = "user2", .is_active = true, .visible_organizations = {1, 2}
    },
        [&](const auto& fields) {
            return fields.at("username").starts_with("user2") && is_active(fields) && in(fields, {"1", "2"});
        });
    check({.external_id = "x42"}, [](const auto& fields) { return fields.at("external_id") == "x42"; });
    check({.external_id = "nothing"}, [](const auto&) { return false; });
}

BOOST_FIXTURE_TEST_CASE(what_names_begin_with_finds_all_of_them_by_name_or_by_id, ManyUsers) {
    must(store.users.create(
        {
            {"username",     "user"},
            {"password",     "p"   },
            {"organization", "7"   }
    },
        {}, "test", now));
    must(store.users.create(
        {
            {"username",     "usex"},
            {"password",     "p"   },
            {"organization", "7"   }
    },
        {}, "test", now));
    users.push_back(must(store.users.list({.username = "user"}, {.limit = 1})).items.at(0));
    const auto begins = [](std::string_view prefix) {
        return [prefix](const auto& fields) { return fields.at("username").starts_with(prefix); };
    };

    check({.username_prefix = "user"}, begins("user"));
    check_by_name({.username_prefix = "user"}, begins("user"));
    check_by_name({.username_prefix = "user29"}, begins("user29"));
    check_by_name({.username_prefix = "nobody"}, begins("nobody"));
    check_by_name({.username_prefix = "user", .organization = 7},
                  [](const auto& fields) { return in(fields, {"7"}); });
    check_by_name(
        {
            .username_prefix = "user1", .is_active = true, .visible_organizations = {1, 2}
    },
        [&](const auto& fields) {
            return begins("user1")(fields) && fields.at("is_active") == "1" && in(fields, {"1", "2"});
        });
}

BOOST_FIXTURE_TEST_CASE(a_search_finds_users_by_the_names_they_have_now, ManyUsers) {
    const auto changed = must(store.users.change(users[0].id,
                                                 {
                                                     {"username", "renamed"}
    },
                                                 {}, "test", now));
    must(store.users.remove(users[1].id, false));
    users.erase(users.begin(), users.begin() + 2);
    const auto begins = [](const auto& fields) { return fields.at("username").starts_with("user"); };

    check({.username_prefix = "user"}, begins);
    check_by_name({.username_prefix = "user"}, begins);
    const auto found =
        must(store.users.list({.username_prefix = "re"}, {.limit = 10}, store::UserOrder::by_name));
    BOOST_TEST(found.items.at(0).id == changed.id);
}

BOOST_FIXTURE_TEST_CASE(lists_follow_what_changes_and_goes, ManyUsers) {
    for (int i = 0; i < 60; ++i) {
        auto& user = users[static_cast<std::size_t>(i * 50)];
        if (i % 3 == 0) {
            must(store.users.remove(user.id, false));
            user.id = 0;
        } else {
            user = must(store.users.change(user.id,
                                           {
                                               {"organization", "9"              },
                                               {"is_active",    i % 2 ? "1" : "0"}
            },
                                           {}, "test", now));
        }
    }
    std::erase_if(users, [](const auto& user) { return user.id == 0; });
    check({}, [](const auto&) { return true; });
    check({.organization = 9}, [](const auto& fields) { return in(fields, {"9"}); });
    check(
        {
            .is_active = true, .visible_organizations = {1, 9}
    },
        [](const auto& fields) { return fields.at("is_active") == "1" && in(fields, {"1", "9"}); });
}

BOOST_DATA_TEST_CASE_F(ManyUsers, pages_behind_an_id_do_not_slip_while_users_come_and_go,
                       boost::unit_test::data::make({false, true}), descending) {
    const store::UserFilter filter{
        .is_active = true, .visible_organizations = {1, 2}
    };
    std::vector<store::UserId> expected;
    for (const auto& user : users) {
        if (user.fields.at("is_active") == "1" && in(user.fields, {"1", "2"})) expected.push_back(user.id);
    }
    if (descending) std::reverse(expected.begin(), expected.end());
    const auto half = expected.size() / 2;

    const auto first = must(store.users.list(
        filter, {.limit = half, .descending = descending, .after = descending ? beyond_every_id : 0}));
    for (std::size_t i = 0; i < 10; ++i)
        must(store.users.remove(first.items.at(i).id, false));
    const auto added = must(creating(many + organizations));

    const auto second =
        must(store.users.list(filter, {.limit = many, .descending = descending, .after = first.next_after}));
    std::vector<store::UserId> rest;
    for (const auto& user : second.items)
        rest.push_back(user.id);
    expected.erase(expected.begin(), expected.begin() + static_cast<std::ptrdiff_t>(half));
    if (!descending) expected.push_back(added.id);
    BOOST_TEST((rest == expected));
}
