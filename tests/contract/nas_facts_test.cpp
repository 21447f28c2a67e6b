#include "store/keys.hpp"
#include "tests/support/store_fixture.hpp"

using namespace hourglass;

BOOST_FIXTURE_TEST_SUITE(nas_facts, test::StoreFixture)

BOOST_AUTO_TEST_CASE(what_daemons_learn_is_remembered_once) {
    BOOST_TEST(must(store.nas_facts.list()).empty());
    must(store.nas_facts.remember({"192.0.2.1 is_no_proxy", "192.0.2.2 is_no_proxy"}));
    must(store.nas_facts.remember({"192.0.2.1 is_no_proxy"}));
    must(store.nas_facts.remember({}));
    BOOST_TEST(must(store.nas_facts.list()).size() == 2U);
}

BOOST_AUTO_TEST_SUITE_END()
