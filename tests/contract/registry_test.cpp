// The registry as a daemon keeps it: only what changed is read again, and it is what reading all would give.
#include "daemon/registry.hpp"

#include "radius/dictionary_builtin.hpp"
#include "store/keys.hpp"
#include "tests/support/store_fixture.hpp"

using namespace hourglass;
using Refreshed = daemon::Registry::Refreshed;

namespace {

struct DaemonFixture : test::StoreFixture {
    store::Fields nas(int number) {
        const auto text = std::to_string(number);
        return {
            {"name",    "nas " + text   },
            {"address", "10.0.0." + text},
            {"secret",  "sesame " + text}
        };
    }
    store::Record make_nas(int number) { return must(store.registry.nases.create(nas(number))); }

    Refreshed refresh() { return must(registry.refresh()); }

    static std::vector<std::string> names(const daemon::Registry& of) {
        std::vector<std::string> names;
        for (const auto& client : of.clients())
            names.push_back(client.name + " " + client.network.to_string() + " " + client.secret.text());
        return names;
    }
    std::vector<std::string> names_read_anew() {
        daemon::Registry fresh(store.registry, radius::builtin_dictionary(), log);
        must(fresh.refresh());
        return names(fresh);
    }

    daemon::Registry registry{store.registry, radius::builtin_dictionary(), log};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(registry_of_a_daemon, DaemonFixture)

BOOST_AUTO_TEST_CASE(what_is_read_piece_by_piece_is_what_reading_all_gives) {
    std::vector<store::Record> records;
    for (int number = 1; number <= 5; ++number)
        records.push_back(make_nas(number));
    BOOST_TEST((refresh() == Refreshed::renewed));
    BOOST_TEST((refresh() == Refreshed::unchanged));

    must(store.registry.nases.remove(records[1]));
    must(store.registry.nases.replace(records[3], nas(40)));
    make_nas(6);
    BOOST_TEST((refresh() == Refreshed::renewed));
    BOOST_TEST(registry.clients().size() == 5U);
    BOOST_TEST((names(registry) == names_read_anew()));
}

BOOST_AUTO_TEST_CASE(one_nas_more_costs_the_same_however_many_there_are) {
    for (int number = 1; number <= 100; ++number)
        make_nas(number);
    refresh();
    make_nas(101);
    redis({"CONFIG", "RESETSTAT"});
    refresh();
    const std::string statistics(redis({"INFO", "commandstats"}).text());
    BOOST_TEST(statistics.find("cmdstat_hgetall:calls=1,") != std::string::npos, statistics);
    BOOST_TEST(registry.clients().size() == 101U);
}

BOOST_AUTO_TEST_CASE(a_profile_among_the_changes_renews_everything) {
    make_nas(1);
    refresh();
    make_nas(2);
    must(store.registry.profiles.create({
        {"name", "gold"}
    }));
    BOOST_TEST((refresh() == Refreshed::renewed));
    BOOST_TEST(registry.clients().size() == 2U);
    BOOST_TEST(registry.take_concerned().is_anybody());
}

BOOST_AUTO_TEST_CASE(writes_that_are_not_named_any_more_are_read_all_the_same) {
    refresh();
    make_nas(1);
    make_nas(2);
    redis({"DEL", store::keys::registry_changes});
    BOOST_TEST((refresh() == Refreshed::renewed));
    BOOST_TEST((names(registry) == names_read_anew()));
}

BOOST_AUTO_TEST_SUITE_END()
