#include "store/keys.hpp"
#include "store/redis_reply.hpp"
#include "tests/support/store_fixture.hpp"

using namespace hourglass;
using namespace std::chrono_literals;
using store::Error;

BOOST_FIXTURE_TEST_SUITE(api_tokens, test::StoreFixture)

BOOST_AUTO_TEST_CASE(a_token_is_known_by_its_digest_only) {
    const auto made = must(store.tokens.create(
        {
            .name = "billing", .scopes = {.read = true},
                 .organizations = {3, 5}
    },
        now));
    BOOST_TEST(made.token.size() == 46U);
    BOOST_TEST(made.token.starts_with("hg_"));
    const auto keys = redis({"KEYS", "*"});
    for (const auto* key : keys.elements()) {
        BOOST_TEST(store::text_of(key).find(made.token.substr(3)) == std::string_view::npos);
    }

    const auto token = must(store.tokens.authenticate(made.token, now));
    BOOST_TEST(token.id == 1);
    BOOST_TEST(token.name == "billing");
    BOOST_TEST(token.scopes.read);
    BOOST_TEST(!token.scopes.write);
    BOOST_TEST((token.organizations == std::vector<store::OrganizationId>{3, 5}));
    BOOST_TEST((token.created == now));
    BOOST_TEST((error_of(store.tokens.authenticate(made.token + "x", now)) == Error::not_found));
    BOOST_TEST((error_of(store.tokens.authenticate("", now)) == Error::not_found));
}

BOOST_AUTO_TEST_CASE(an_expired_token_is_unknown) {
    const auto made = must(store.tokens.create({.expiration = now + 10s}, now));
    must(store.tokens.authenticate(made.token, now + 9s));
    BOOST_TEST((error_of(store.tokens.authenticate(made.token, now + 10s)) == Error::not_found));
}

BOOST_AUTO_TEST_CASE(last_use_is_noted_at_most_once_a_minute) {
    const auto made = must(store.tokens.create({}, now));
    for (const auto later : {0s, 59s, 60s})
        must(store.tokens.authenticate(made.token, now + later));
    BOOST_TEST((must(store.tokens.find(1)).last_used == now + 60s));
    must(store.tokens.authenticate(made.token, now + 119s));
    BOOST_TEST((must(store.tokens.find(1)).last_used == now + 60s));
}

// What was read a moment ago is asked for again only in the next second; see a_removed_token below for our
// own.
BOOST_AUTO_TEST_CASE(a_token_removed_by_another_daemon_is_refused_a_second_later) {
    const auto made = must(store.tokens.create({}, now));
    must(store.tokens.authenticate(made.token, now));
    redis({"FLUSHALL"});
    must(store.tokens.authenticate(made.token, now));
    BOOST_TEST((error_of(store.tokens.authenticate(made.token, now + 1s)) == Error::not_found));
}

BOOST_AUTO_TEST_CASE(a_removed_token_opens_nothing_and_is_removed_once) {
    const auto made = must(store.tokens.create({}, now));
    must(store.tokens.create({}, now));
    must(store.tokens.authenticate(made.token, now));
    std::vector<awaitable<result<void>>> removals;
    for (int i = 0; i < 5; ++i)
        removals.push_back(store.tokens.remove(1));
    BOOST_TEST(count_errors(run_all(std::move(removals)), {}) == 1);
    BOOST_TEST((error_of(store.tokens.authenticate(made.token, now)) == Error::not_found));
    const auto page = must(store.tokens.list({.limit = 10}));
    BOOST_TEST(page.count == 1U);
    BOOST_TEST(page.items.at(0).id == 2);
}

BOOST_AUTO_TEST_CASE(tokens_are_listed_by_offset_and_behind_an_id_in_both_directions) {
    for (int i = 0; i < 7; ++i)
        must(store.tokens.create({}, now));
    must(store.tokens.remove(4));
    const auto ids = [&](store::PageRequest page) {
        std::vector<store::ApiTokenId> listed;
        for (const auto& token : must(store.tokens.list(page)).items)
            listed.push_back(token.id);
        return listed;
    };
    using Ids = std::vector<store::ApiTokenId>;
    BOOST_TEST((ids({.offset = 1, .limit = 3}) == Ids{2, 3, 5}));
    BOOST_TEST((ids({.offset = 1, .limit = 3, .descending = true}) == Ids{6, 5, 3}));
    BOOST_TEST((ids({.limit = 3, .after = 2}) == Ids{3, 5, 6}));
    BOOST_TEST((ids({.limit = 3, .descending = true, .after = 6}) == Ids{5, 3, 2}));
    BOOST_TEST(must(store.tokens.list({.limit = 3, .after = 2})).next_after.value() == 6);
    BOOST_TEST(!must(store.tokens.list({.limit = 3, .after = 5})).next_after.has_value());
}

BOOST_AUTO_TEST_CASE(of_many_daemons_one_gets_the_first_token) {
    std::vector<awaitable<result<std::optional<store::NewApiToken>>>> starts;
    for (int i = 0; i < 6; ++i)
        starts.push_back(store.tokens.create_first(now));
    std::vector<std::string> made;
    for (const auto& outcome : run_all(std::move(starts))) {
        BOOST_TEST_REQUIRE(outcome.has_value());
        if (*outcome) made.push_back((*outcome)->token);
    }
    BOOST_TEST_REQUIRE(made.size() == 1U);
    BOOST_TEST(must(store.tokens.authenticate(made.front(), now)).scopes.admin);
    BOOST_TEST(must(store.tokens.list({.limit = 10})).count == 1U);
    BOOST_TEST(!must(store.tokens.create_first(now)).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
