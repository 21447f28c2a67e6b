// The version of the data: what is brought to it, and who may not touch it.
#include "store/schema.hpp"

#include "store/keys.hpp"
#include "tests/support/store_fixture.hpp"

namespace hourglass::test {
namespace {

awaitable<result<std::uint64_t>> rename(store::RedisConnection& redis, bool is_dry_run) {
    const auto old = co_await redis.execute(store::Pipeline().add({"EXISTS", "hg:old"}));
    if (!old) co_return old.error();
    if (old->integer() != 0 && !is_dry_run) {
        const auto renamed = co_await redis.execute(store::Pipeline().add({"RENAME", "hg:old", "hg:new"}));
        if (!renamed) co_return renamed.error();
    }
    co_return static_cast<std::uint64_t>(old->integer());
}

awaitable<result<std::uint64_t>> fail(store::RedisConnection&, bool) {
    co_return store::Error::unavailable;
}

constexpr auto steps = std::to_array<store::Migration>({
    {1, "The data are numbered", nullptr},
    {2, "The old is new",        &rename},
});
constexpr auto broken_steps = std::to_array<store::Migration>({
    steps[0],
    steps[1],
    {3, "This breaks off", &fail},
});

}  // namespace

BOOST_AUTO_TEST_SUITE(schema)

BOOST_FIXTURE_TEST_CASE(a_new_store_gets_the_newest_version, StoreFixture) {
    BOOST_TEST(must(store::read_schema(store.redis)).version == 0U);
    BOOST_TEST(must(store::migrate(store.redis, false)).size() == store::migrations().size());
    BOOST_TEST(must(store::read_schema(store.redis)).version == store::schema_version);
    BOOST_TEST(must(store::migrate(store.redis, false)).empty());
}

BOOST_FIXTURE_TEST_CASE(a_dry_run_tells_what_would_be_done_and_does_nothing, StoreFixture) {
    redis({"SET", "hg:old", "1"});
    const auto would = must(store::migrate(store.redis, true, steps));
    BOOST_TEST_REQUIRE(would.size() == 2U);
    BOOST_TEST(would[1].records == 1U);
    BOOST_TEST(redis({"GET", "hg:old"}).text() == "1");
    BOOST_TEST(must(store::read_schema(store.redis)).version == 0U);
}

BOOST_FIXTURE_TEST_CASE(a_migration_that_breaks_off_goes_on_where_it_was, StoreFixture) {
    redis({"SET", "hg:old", "1"});
    BOOST_TEST(!run(store::migrate(store.redis, false, broken_steps)).has_value());
    BOOST_TEST(must(store::read_schema(store.redis)).version == 2U);
    BOOST_TEST(redis({"GET", "hg:new"}).text() == "1");

    // Ended between the work and the number: the same again changes nothing.
    redis({"SET", store::keys::schema, "1"});
    BOOST_TEST(must(store::migrate(store.redis, false, steps)).size() == 1U);
    BOOST_TEST(redis({"GET", "hg:new"}).text() == "1");
    BOOST_TEST(must(store::read_schema(store.redis)).version == 2U);
}

BOOST_FIXTURE_TEST_CASE(newer_data_and_half_a_backup_are_refused_with_a_sentence, StoreFixture) {
    BOOST_TEST(store::why_unusable(must(store::read_schema(store.redis))).empty());
    redis({"SET", store::keys::schema, "7"});
    const auto newer = store::why_unusable(must(store::read_schema(store.redis)));
    BOOST_TEST(newer.starts_with("The data are of version 7, written by a newer hourglassd"), newer);
    redis({"SET", store::keys::schema, std::to_string(store::schema_version)});
    BOOST_TEST(store::why_unusable(must(store::read_schema(store.redis))).empty());
    redis({"SET", store::keys::restore, "1"});
    const auto half = store::why_unusable(must(store::read_schema(store.redis)));
    BOOST_TEST(half.starts_with("A restore into this store was not finished"), half);
    redis({"SET", store::keys::schema, "x"});
    BOOST_TEST(!run(store::read_schema(store.redis)).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace hourglass::test
