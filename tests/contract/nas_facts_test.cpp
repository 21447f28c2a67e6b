#include "store/keys.hpp"
#include "tests/support/store_fixture.hpp"

#include <set>

using namespace hourglass;

BOOST_FIXTURE_TEST_SUITE(nas_facts, test::StoreFixture)

BOOST_AUTO_TEST_CASE(what_daemons_learn_is_remembered_once) {
    BOOST_TEST(must(store.nas_facts.list()).empty());
    must(store.nas_facts.remember({"192.0.2.1 is_no_proxy", "192.0.2.2 is_no_proxy"}));
    must(store.nas_facts.remember({"192.0.2.1 is_no_proxy"}));
    must(store.nas_facts.remember({}));
    BOOST_TEST(must(store.nas_facts.list()).size() == 2U);
}

BOOST_AUTO_TEST_CASE(of_many_facts_none_is_left_out) {
    std::set<std::string> facts;
    for (int i = 0; i < 3000; ++i)
        facts.insert("2001:db8::" + std::to_string(i) + " is_no_proxy");
    must(store.nas_facts.remember({facts.begin(), facts.end()}));
    const auto listed = must(store.nas_facts.list());
    BOOST_TEST((std::set<std::string>(listed.begin(), listed.end()) == facts));
}

BOOST_AUTO_TEST_SUITE_END()
