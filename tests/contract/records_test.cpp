// The registry: unique names, compare and set, lists by organization.
#include "store/keys.hpp"
#include "store/redis_reply.hpp"
#include "tests/support/store_fixture.hpp"

using namespace hourglass;
using store::Error;
using store::Fields;
using store::Record;

namespace {

using Ids = std::vector<store::RecordId>;

Fields nas(const std::string& name, const std::string& address) {
    return {
        {"name",    name      },
        {"address", address   },
        {"secret",  "sesame 1"}
    };
}

struct RegistryFixture : test::StoreFixture {
    Ids ids(store::RecordFilter filter, store::PageRequest page = {0, 10, false}) {
        Ids found;
        for (const auto& record : must(store.registry.profiles.list(std::move(filter), page)).items)
            found.push_back(record.id);
        return found;
    }
    Record profile(const std::string& name, std::optional<store::OrganizationId> organization = {}) {
        Fields fields{
            {"name", name}
        };
        if (organization) fields["organization"] = std::to_string(*organization);
        return must(store.registry.profiles.create(fields));
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(records, RegistryFixture)

BOOST_AUTO_TEST_CASE(a_record_is_read_back_and_its_secret_is_sealed) {
    const auto made = must(store.registry.nases.create(nas("lobby", "192.0.2.1")));
    BOOST_TEST(made.id == 1);
    const auto found = must(store.registry.nases.find(1));
    BOOST_TEST((found.fields == nas("lobby", "192.0.2.1")));
    BOOST_TEST(found.version == made.version);
    const auto stored = redis({"HGETALL", store::keys::record("nas", 1)});
    for (const auto* text : stored.elements())
        BOOST_TEST(store::text_of(text).find("sesame") == std::string_view::npos);
}

BOOST_AUTO_TEST_CASE(a_secret_of_another_record_cannot_be_read) {
    must(store.registry.nases.create(nas("lobby", "192.0.2.1")));
    must(store.registry.nases.create(nas("attic", "192.0.2.2")));
    const auto sealed = redis({"HGET", store::keys::record("nas", 1), "secret"});
    redis({"HSET", store::keys::record("nas", 2), "secret", sealed.text()});
    BOOST_TEST(!must(store.registry.nases.find(2)).fields.contains("secret"));
}

BOOST_AUTO_TEST_CASE(of_fifty_that_want_one_name_one_gets_it) {
    std::vector<awaitable<result<Record>>> creates;
    for (int i = 0; i < 50; ++i)
        creates.push_back(store.registry.nases.create(nas("lobby", "192.0.2." + std::to_string(i))));
    const auto outcomes = run_all(std::move(creates));
    BOOST_TEST(count_errors(outcomes, {}) == 1);
    BOOST_TEST(count_errors(outcomes, Error::name_in_use) == 49);
    BOOST_TEST(must(store.registry.nases.list({}, {0, 10, false})).count == 1U);
}

BOOST_AUTO_TEST_CASE(a_name_and_an_address_are_free_again_when_they_are_given_up) {
    auto lobby = must(store.registry.nases.create(nas("lobby", "192.0.2.1")));
    BOOST_TEST((error_of(store.registry.nases.create(nas("attic", "192.0.2.1"))) == Error::address_in_use));
    lobby = must(store.registry.nases.replace(lobby, nas("hall", "192.0.2.9")));
    must(store.registry.nases.create(nas("lobby", "192.0.2.1")));
    BOOST_TEST((error_of(store.registry.nases.create(nas("hall", "192.0.2.3"))) == Error::name_in_use));
    must(store.registry.nases.remove(lobby));
    must(store.registry.nases.create(nas("hall", "192.0.2.9")));
}

BOOST_AUTO_TEST_CASE(a_refused_write_changes_nothing) {
    must(store.registry.nases.create(nas("lobby", "192.0.2.1")));
    const auto attic = must(store.registry.nases.create(nas("attic", "192.0.2.2")));
    const auto before = must(store.registry.nases.generation());
    BOOST_TEST(
        (error_of(store.registry.nases.replace(attic, nas("new", "192.0.2.1"))) == Error::address_in_use));
    BOOST_TEST(must(store.registry.nases.generation()) == before);
    BOOST_TEST(must(store.registry.nases.find(attic.id)).fields.at("name") == "attic");
    must(store.registry.nases.create(nas("new", "192.0.2.3")));
}

BOOST_AUTO_TEST_CASE(of_two_writers_from_one_version_the_second_is_refused) {
    const auto read = profile("gold");
    std::vector<awaitable<result<Record>>> writes;
    for (const auto* description : {"a", "b", "c"})
        writes.push_back(
            store.registry.profiles.replace(read, {
                                                      {"name",        "gold"     },
                                                      {"description", description}
        }));
    const auto outcomes = run_all(std::move(writes));
    BOOST_TEST(count_errors(outcomes, {}) == 1);
    BOOST_TEST(count_errors(outcomes, Error::version_changed) == 2);
    BOOST_TEST((error_of(store.registry.profiles.remove(read)) == Error::version_changed));
}

BOOST_AUTO_TEST_CASE(what_is_gone_is_neither_changed_nor_removed) {
    const auto read = profile("gold");
    must(store.registry.profiles.remove(read));
    BOOST_TEST((error_of(store.registry.profiles.find(read.id)) == Error::not_found));
    BOOST_TEST((error_of(store.registry.profiles.remove(read)) == Error::version_changed));
    BOOST_TEST(
        (error_of(store.registry.profiles.replace(read, {
                                                            {"name", "gold"}
    })) == Error::version_changed));
    BOOST_TEST(profile("gold").id == read.id + 1);
}

BOOST_AUTO_TEST_CASE(a_version_never_comes_again) {
    const auto first = must(store.registry.organizations.create({}, 7));
    must(store.registry.organizations.remove(first));
    BOOST_TEST(must(store.registry.organizations.create({}, 7)).version > first.version);
}

BOOST_AUTO_TEST_CASE(a_guarded_write_is_refused_once_anything_was_written) {
    const auto generation = must(store.registry.profiles.generation());
    must(store.registry.nases.create(nas("lobby", "192.0.2.1")));
    BOOST_TEST((error_of(store.registry.profiles.create({}, {}, generation)) == Error::version_changed));
    const auto gold = profile("gold");
    BOOST_TEST((error_of(store.registry.profiles.remove(gold, generation)) == Error::version_changed));
    must(store.registry.profiles.remove(gold, must(store.registry.profiles.generation())));
}

BOOST_AUTO_TEST_CASE(lists_show_what_is_for_all_and_for_ones_own) {
    profile("for all");
    profile("of one", 1);
    profile("of two", 2);
    auto moved = profile("moved", 2);
    must(store.registry.profiles.replace(moved, {
                                                    {"name",         "moved"},
                                                    {"organization", "1"    }
    }));
    BOOST_TEST((ids({}) == Ids{1, 2, 3, 4}));
    BOOST_TEST((ids({}, {1, 2, false}) == Ids{2, 3}));
    BOOST_TEST((ids({.visible_organizations = {1}}) == Ids{1, 2, 4}));
    BOOST_TEST((ids(
                    {
                        .visible_organizations = {1, 2}
    },
                    {0, 10, true}) == Ids{4, 3, 2, 1}));
    BOOST_TEST((ids({.organization = 2}) == Ids{3}));
    BOOST_TEST(ids({.organization = 2, .visible_organizations = {1}}).empty());
    BOOST_TEST((ids({.name = "of two"}) == Ids{3}));
    BOOST_TEST(ids({.name = "of two", .visible_organizations = {1}}).empty());
    BOOST_TEST((ids({.name = "for all", .visible_organizations = {1}}) == Ids{1}));
    BOOST_TEST(must(store.registry.profiles.count_of(1)) == 2U);
    BOOST_TEST(must(store.registry.profiles.count_of(9)) == 0U);
}

BOOST_AUTO_TEST_CASE(an_organization_made_without_an_id_takes_none_that_is_used) {
    make_user("ann", {}, 1);
    must(store.registry.organizations.create({}, 2));
    BOOST_TEST((error_of(store.registry.organizations.create({}, 2)) == Error::id_taken));
    BOOST_TEST(must(store.registry.organizations.create({})).id == 3);
}

BOOST_AUTO_TEST_CASE(every_write_is_named_until_too_many_came_after_it) {
    const auto before = must(store.registry.profiles.generation());
    const auto lobby = must(store.registry.nases.create(nas("lobby", "192.0.2.1")));
    profile("gold");
    must(store.registry.nases.remove(lobby));
    const auto changes = must(store.registry.nases.changes_since(before));
    BOOST_TEST_REQUIRE(changes.has_value());
    BOOST_TEST_REQUIRE(changes->size() == 3U);
    BOOST_TEST((*changes)[0].kind == "nas");
    BOOST_TEST((*changes)[0].id == lobby.id);
    BOOST_TEST((*changes)[1].kind == "profile");
    BOOST_TEST((*changes)[2].id == lobby.id);
    BOOST_TEST(must(store.registry.nases.changes_since(before + 2))->size() == 1U);

    redis({"LPOP", store::keys::registry_changes});
    BOOST_TEST(!must(store.registry.nases.changes_since(before)).has_value());
}

BOOST_AUTO_TEST_CASE(a_write_that_nobody_named_is_noticed) {
    const auto before = must(store.registry.profiles.generation());
    redis({"INCR", store::keys::registry_generation});
    BOOST_TEST(!must(store.registry.nases.changes_since(before)).has_value());
    profile("gold");
    BOOST_TEST(!must(store.registry.nases.changes_since(before)).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
