// Whom a worker lets in while the store is away, and for how much.
#include "radius/grace.hpp"

#include <boost/test/unit_test.hpp>

namespace hourglass::radius {

namespace {

using store::Seconds;

store::LoginUser user(std::string name, store::Balance balance) {
    store::LoginUser user;
    user.id = 7;
    user.username = std::move(name);
    user.password = store::Secret("hello");
    user.is_active = true;
    user.account.credited = balance;
    return user;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(grace)

BOOST_AUTO_TEST_CASE(only_who_was_accepted_before_is_known_with_his_password) {
    Grace grace;
    BOOST_TEST(!grace.find({"ann"}));
    BOOST_TEST((grace.left("ann", Seconds(900)) == Seconds(0)));
    grace.remember(user("ann", Seconds(1000)));
    const auto ann = grace.find({"ann"});
    BOOST_TEST_REQUIRE(ann.has_value());
    BOOST_TEST((ann->password == "hello"));
    BOOST_TEST(ann->id == 7);
    BOOST_TEST((ann->account.settled() == Seconds(1000)));
}

BOOST_AUTO_TEST_CASE(what_he_was_granted_leaves_his_budget_and_his_balance) {
    Grace grace;
    grace.remember(user("ann", Seconds(500)));
    grace.spend("ann", Seconds(300));
    BOOST_TEST((grace.left("ann", Seconds(900)) == Seconds(600)));
    BOOST_TEST((grace.find({"ann"})->account.settled() == Seconds(200)));
    grace.spend("ann", Seconds(700));
    BOOST_TEST((grace.left("ann", Seconds(900)) == Seconds(0)));
    BOOST_TEST((grace.find({"ann"})->account.balance_at({}) == Seconds(0)));
}

BOOST_AUTO_TEST_CASE(recorded_usage_brings_the_budget_back_and_the_balance_that_is_left) {
    Grace grace;
    grace.remember(user("ann", Seconds(500)));
    grace.spend("ann", Seconds(300));
    grace.note_balance(7, Seconds(250));
    BOOST_TEST((grace.left("ann", Seconds(900)) == Seconds(900)));
    BOOST_TEST((grace.find({"ann"})->account.settled() == Seconds(250)));
    grace.spend("ann", Seconds(100));
    grace.remember(user("ann", Seconds(200)));
    BOOST_TEST((grace.find({"ann"})->account.settled() == Seconds(200)));
}

BOOST_AUTO_TEST_CASE(who_is_not_metered_stays_so) {
    Grace grace;
    grace.remember(user("ann", {}));
    grace.spend("ann", Seconds(300));
    BOOST_TEST(!grace.find({"ann"})->account.settled());
}

BOOST_AUTO_TEST_CASE(memory_is_bounded_and_the_latest_stay) {
    Grace grace(100);
    for (int i = 0; i < 1000; ++i)
        grace.remember(user(std::to_string(i), {}));
    BOOST_TEST(grace.size() <= 200U);
    BOOST_TEST(grace.find({"999"}).has_value());
    BOOST_TEST(!grace.find({"0"}).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace hourglass::radius
