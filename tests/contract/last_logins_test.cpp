// The times of logins on their way to Redis: none is lost, none goes back, and a storm of them is spread out.
#include "store/keys.hpp"
#include "tests/support/store_fixture.hpp"

using namespace hourglass;
using namespace std::chrono_literals;
using store::LastLogins;
using store::UserTag;

namespace {

struct LastLoginsFixture : test::StoreFixture {
    std::string field(store::UserId id, const std::string& name) {
        return must(store.users.find(id)).fields.at(name);
    }
    std::string first_login(store::UserId id) { return field(id, "first_login"); }
    std::string last_login(store::UserId id) { return field(id, "last_login"); }

    awaitable<bool> finish() {
        co_await store.last_logins.finish();
        co_return true;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(last_logins, LastLoginsFixture)

BOOST_AUTO_TEST_CASE(a_single_login_is_noted_at_once) {
    make_user("alice");
    store.users.note_login(1, now);
    BOOST_TEST(store.last_logins.waiting() == 0U);
    BOOST_TEST(last_login(1) == "1700000000");
}

BOOST_AUTO_TEST_CASE(of_many_logins_of_one_user_the_first_and_the_last_are_noted) {
    make_user("alice");
    constexpr int logins = 10'000;
    for (int i = 0; i < logins; ++i)
        store.users.note_login(1, now + std::chrono::seconds(i));
    BOOST_TEST(store.last_logins.waiting() == 1U);
    BOOST_TEST(run(finish()));
    BOOST_TEST(store.last_logins.waiting() == 0U);
    BOOST_TEST(first_login(1) == "1700000000");
    BOOST_TEST(last_login(1) == "1700009999");
}

BOOST_AUTO_TEST_CASE(who_must_wait_is_noted_in_his_turn) {
    const auto users = static_cast<store::UserId>(2 * LastLogins::writes_per_turn_max);
    for (store::UserId id = 1; id <= users; ++id)
        make_user("user " + std::to_string(id));
    for (store::UserId id = 1; id <= users; ++id)
        store.users.note_login(id, now);
    BOOST_TEST(store.last_logins.waiting() ==
               2 * LastLogins::writes_per_turn_max - LastLogins::writes_at_once_max);
    while (store.last_logins.waiting() > 0)
        redis({"PING"});
    for (store::UserId id = 1; id <= users; ++id)
        BOOST_TEST(last_login(id) == "1700000000");
}

BOOST_AUTO_TEST_CASE(a_note_that_is_late_does_not_take_a_later_one_back) {
    make_user("alice");
    store.users.note_login(1, now + 60s);
    store.users.note_login(1, now);
    BOOST_TEST(last_login(1) == "1700000060");
    BOOST_TEST(first_login(1) == "1700000060");
}

// An older version kept them in the record, and an import writes them there.
BOOST_AUTO_TEST_CASE(of_a_time_in_the_record_and_a_noted_one_the_earlier_first_and_the_later_last_count) {
    make_user("alice");
    const auto keep_in_record = [&](std::string_view first, std::string_view last) {
        redis({"HSET", store::keys::user(UserTag::of(1)), "first_login", first, "last_login", last});
    };
    keep_in_record("1600000000", "1650000000.500000");
    BOOST_TEST(first_login(1) == "1600000000");
    BOOST_TEST(last_login(1) == "1650000000.500000");
    store.users.note_login(1, now);
    BOOST_TEST(first_login(1) == "1600000000");
    BOOST_TEST(last_login(1) == "1700000000");
    keep_in_record("1800000000", "1800000000");  // an older version beside this one
    BOOST_TEST(first_login(1) == "1700000000");
    BOOST_TEST(last_login(1) == "1800000000");
}

BOOST_AUTO_TEST_CASE(of_who_was_removed_no_time_is_kept_nor_comes_back) {
    make_user("alice");
    store.users.note_login(1, now);
    BOOST_TEST(redis({"EXISTS", store::keys::logins(UserTag::of(1))}).integer() == 1);
    must(store.users.remove(1, false));
    store.users.note_login(1, now + 60s);
    BOOST_TEST(run(finish()));
    BOOST_TEST(redis({"EXISTS", store::keys::logins(UserTag::of(1))}).integer() == 0);
}

BOOST_AUTO_TEST_CASE(what_redis_cannot_take_now_it_takes_when_it_is_back) {
    make_user("alice");
    server.kill();
    while (store.redis.is_ready())
        loop.run_one();
    store.users.note_login(1, now);
    BOOST_TEST(store.last_logins.waiting() == 1U);
    server.start();
    wait_until_ready();
    BOOST_TEST(run(finish()));
    BOOST_TEST(last_login(1) == "1700000000");
}

BOOST_AUTO_TEST_SUITE_END()
