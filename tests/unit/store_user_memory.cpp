// What a worker remembers of users, and what it must not keep.
#include "store/keys.hpp"
#include "store/user_memory.hpp"

#include <boost/test/unit_test.hpp>

using namespace hourglass;
using namespace std::chrono_literals;
using store::UserId;
using store::UserMemory;

namespace {

store::LoginUser user_of(UserId id) {
    store::LoginUser user;
    user.id = id;
    user.username = "user " + std::to_string(id);
    user.password = store::Secret("secret");
    user.account.credited = 100s;
    return user;
}

store::Account account_of(store::Seconds credited) {
    store::Account account;
    account.credited = credited;
    return account;
}

void learn(UserMemory& memory, UserId id) {
    memory.keep(user_of(id), memory.begin_read(id));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(user_memory)

BOOST_AUTO_TEST_CASE(who_was_read_is_remembered_until_he_changes) {
    UserMemory memory(10);
    learn(memory, 1);
    learn(memory, 2);
    BOOST_REQUIRE(memory.find(1));
    BOOST_TEST(memory.find(1)->username == "user 1");
    BOOST_TEST((memory.find(1)->password == "secret"));
    memory.forget(1);
    BOOST_TEST(!memory.find(1));
    BOOST_TEST(memory.find(2));
    memory.forget_account(2);
    BOOST_TEST(!memory.find(2)->has_account);
    learn(memory, 2);
    BOOST_TEST(memory.find(2)->has_account);
}

BOOST_AUTO_TEST_CASE(a_read_that_a_change_overtakes_is_not_kept) {
    UserMemory memory(10);
    const auto change_of_record = memory.begin_read(1);
    memory.forget(1);
    memory.keep(user_of(1), change_of_record);
    BOOST_TEST(!memory.find(1));

    const auto change_of_account = memory.begin_read(1);
    memory.forget_account(1);
    memory.keep(user_of(1), change_of_account);
    BOOST_TEST(!memory.find(1));

    const auto loss_of_connection = memory.begin_read(1);
    memory.clear();
    memory.keep(user_of(1), loss_of_connection);
    BOOST_TEST(!memory.find(1));
}

BOOST_AUTO_TEST_CASE(an_account_that_is_read_again_completes_the_record_that_stayed) {
    UserMemory memory(10);
    learn(memory, 1);
    memory.forget_account(1);
    BOOST_REQUIRE(memory.find(1));
    BOOST_TEST(!memory.find(1)->has_account);
    memory.keep_account(1, account_of(50s), memory.begin_read(1));
    BOOST_REQUIRE(memory.find(1));
    BOOST_TEST(memory.find(1)->has_account);
    BOOST_TEST((memory.find(1)->account.credited == 50s));
    BOOST_TEST((memory.find(1)->password == "secret"));
    memory.keep_account(2, account_of(50s), memory.begin_read(2));
    BOOST_TEST(!memory.find(2));
    BOOST_TEST(memory.size() == 1U);
}

BOOST_AUTO_TEST_CASE(an_account_whose_read_a_change_overtakes_completes_nothing) {
    const std::array<void (*)(UserMemory&), 4> changes{
        [](UserMemory& memory) { memory.forget_account(1); },
        [](UserMemory& memory) { memory.forget(1); },
        [](UserMemory& memory) {
            memory.forget(1);
            learn(memory, 1);
            memory.forget_account(1);
        },
        [](UserMemory& memory) { memory.clear(); },
    };
    for (const auto change : changes) {
        UserMemory memory(10);
        learn(memory, 1);
        memory.forget_account(1);
        const auto read = memory.begin_read(1);
        change(memory);
        memory.keep_account(1, account_of(50s), read);
        BOOST_TEST((!memory.find(1) || !memory.find(1)->has_account));
    }
}

BOOST_AUTO_TEST_CASE(the_change_of_another_does_not_keep_a_read_from_being_kept) {
    UserMemory memory(10);
    const auto read = memory.begin_read(1);
    memory.forget(2);
    memory.keep(user_of(1), read);
    BOOST_TEST(memory.find(1));
}

BOOST_AUTO_TEST_CASE(one_more_than_there_is_room_for_takes_the_place_of_one_who_was_not_asked_for) {
    UserMemory memory(3);
    for (const UserId id : {1, 2, 3})
        learn(memory, id);
    memory.find(1);
    memory.find(3);
    learn(memory, 4);
    BOOST_TEST(memory.size() == 3U);
    BOOST_TEST(!memory.find(2));
    for (const UserId id : {1, 3, 4})
        BOOST_TEST(memory.find(id));
    BOOST_TEST(memory.counts().displaced == 1U);
}

BOOST_AUTO_TEST_CASE(however_many_come_and_go_there_are_never_more_than_the_limit) {
    UserMemory memory(100);
    for (UserId id = 1; id <= 10'000; ++id) {
        learn(memory, id);
        if (id % 3 == 0) memory.find(id - 1);
        if (id % 7 == 0) memory.forget(id - 2);
        BOOST_REQUIRE(memory.size() <= 100U);
        BOOST_REQUIRE(memory.find(id));
        BOOST_REQUIRE(memory.find(id)->id == id);
    }
    memory.clear();
    BOOST_TEST(memory.size() == 0U);
    BOOST_TEST(!memory.find(10'000));
}

BOOST_AUTO_TEST_CASE(without_room_nobody_is_remembered) {
    UserMemory memory(0);
    learn(memory, 1);
    BOOST_TEST(!memory.find(1));
}

BOOST_AUTO_TEST_CASE(the_keys_of_users_are_read_as_they_are_written) {
    const auto tag = store::UserTag::of(42);
    const auto account = store::keys::account(tag);
    const auto record = store::keys::user(tag);
    BOOST_TEST(store::keys::read_user_key(account)->user == 42);
    BOOST_TEST(store::keys::read_user_key(account)->what == store::keys::account_part);
    BOOST_TEST(store::keys::read_user_key(record)->user == 42);
    BOOST_TEST(store::keys::read_user_key(record)->what != store::keys::account_part);
    const auto of_unknown = store::keys::account(store::UserTag::of_unknown("ann"));
    for (const std::string_view key :
         {std::string_view(of_unknown), store::keys::users, std::string_view("hg:{"),
          std::string_view("hg:{}:user"), std::string_view()})
        BOOST_TEST(!store::keys::read_user_key(key));
}

BOOST_AUTO_TEST_SUITE_END()
