// Whose a session is: the user whom its Class names, whatever the NAS calls him; else who bears the name, in
// one of its spellings and in an organization of its realm.
#include "store/audit.hpp"
#include "tests/support/session_fixture.hpp"

using namespace hourglass;
using namespace std::chrono_literals;
using store::AccountingStatus;
using store::SoughtUser;

namespace {

constexpr store::UserId ann = 1;

struct IdentityFixture : test::SessionFixture {
    // Reports arrive now: what was never heard for long would be overdue.
    IdentityFixture() {
        now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()) - 200s;
    }

    store::Applied apply_by_class(store::UserId user, std::string username, AccountingStatus status,
                                  std::chrono::seconds at, std::chrono::seconds time = {}) {
        auto record = report(std::move(username), "one", status, at, time);
        record.user = user;
        return must(store.ledger.apply(record));
    }
    store::Applied apply_for(SoughtUser sought, AccountingStatus status, std::chrono::seconds at,
                             std::chrono::seconds time = {}) {
        auto record = report("As-Sent", "one", status, at, time);
        record.sought = std::move(sought);
        return must(store.ledger.apply(record));
    }

    void rename(store::UserId user, const std::string& name) {
        must(store.users.change(user,
                                {
                                    {"username", name}
        },
                                {}, "test", now));
    }

    std::int64_t balance_of(store::UserId user) {
        return must(store.users.find(user)).account.settled().value().count();
    }

    void expect_clean_audit() {
        store::Audit walk(store.redis, store.rules, {}, {});
        for (bool is_complete = false; !is_complete;) {
            const auto step = must(walk.step(now + 200s));
            for (const auto& finding : step.findings)
                BOOST_TEST(store::name_of(finding.violation.kind) == "nothing", finding.username);
            is_complete = step.is_complete;
        }
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(identity, IdentityFixture)

BOOST_AUTO_TEST_CASE(a_user_who_is_renamed_while_his_session_runs_pays_for_it_to_its_end) {
    make_user("ann", 1000s);
    apply_by_class(ann, "ann", AccountingStatus::start, 0s);
    apply_by_class(ann, "ann", AccountingStatus::interim, 60s, 60s);
    rename(ann, "anna");
    const auto interim = apply_by_class(ann, "ann", AccountingStatus::interim, 120s, 120s);
    BOOST_TEST((interim.outcome == store::Applied::Outcome::updated));
    const auto stop = apply_by_class(ann, "ann", AccountingStatus::stop, 150s, 150s);
    BOOST_TEST((stop.outcome == store::Applied::Outcome::closed));
    BOOST_TEST(stop.user == ann);
    BOOST_TEST(balance_of(ann) == 850);
    const auto session = only_session({.user = ann});
    BOOST_TEST(session.username == "anna");
    BOOST_TEST(list({}).size() == 1U);
    expect_clean_audit();
}

BOOST_AUTO_TEST_CASE(who_gets_the_freed_name_pays_for_nobody) {
    make_user("ann", 1000s);
    apply_by_class(ann, "ann", AccountingStatus::start, 0s);
    rename(ann, "anna");
    const auto newcomer = make_user("ann", 500s).id;
    apply_by_class(ann, "ann", AccountingStatus::interim, 60s, 60s);
    // Another stay of that name, whose NAS sends no Class back.
    must(store.ledger.apply(report("ann", "two", AccountingStatus::stop, 70s, 70s)));
    apply_by_class(ann, "ann", AccountingStatus::stop, 100s, 100s);
    BOOST_TEST(balance_of(ann) == 900);
    BOOST_TEST(balance_of(newcomer) == 430);
    expect_clean_audit();
}

BOOST_AUTO_TEST_CASE(a_session_that_began_under_a_name_goes_on_under_a_class) {
    make_user("ann", 1000s);
    apply("ann", "one", AccountingStatus::start, 0s);
    apply("ann", "one", AccountingStatus::interim, 60s, 60s);
    apply_by_class(ann, "whatever", AccountingStatus::interim, 90s, 90s);
    apply("ann", "one", AccountingStatus::interim, 100s, 100s);
    apply_by_class(ann, "ann", AccountingStatus::stop, 120s, 120s);
    BOOST_TEST(balance_of(ann) == 880);
    BOOST_TEST(list({}).size() == 1U);
    expect_clean_audit();
}

BOOST_AUTO_TEST_CASE(usage_of_a_removed_user_is_charged_to_nobody_whoever_has_his_name) {
    make_user("ann", 1000s);
    apply_by_class(ann, "ann", AccountingStatus::start, 0s);
    must(store.users.remove(ann, true));
    const auto newcomer = make_user("ann", 500s).id;
    for (const auto status : {AccountingStatus::start, AccountingStatus::interim, AccountingStatus::stop})
        BOOST_TEST(!apply_by_class(ann, "ann", status, 60s, 60s).is_known_user);
    BOOST_TEST(balance_of(newcomer) == 500);
    expect_clean_audit();
}

// Another daemon knew the organization; this one asks for it, and lists the session there.
BOOST_AUTO_TEST_CASE(a_start_by_class_is_listed_by_the_organization_of_its_user) {
    make_user("ann", 1000s, 7);
    apply_by_class(ann, "under another name", AccountingStatus::start, 0s);
    BOOST_TEST(only_session({.organization = 7}).session.session_id == "one");
    expect_clean_audit();
}

BOOST_AUTO_TEST_CASE(a_name_is_found_as_it_was_sent_before_it_is_in_another_spelling) {
    const auto lower = make_user("ben", 1000s).id;
    BOOST_TEST(must(store.users.find_login(SoughtUser{"Ben", "ben"})).id == lower);
    BOOST_TEST(must(store.users.find_login(SoughtUser{"Ben", "ben"})).username == "ben");
    BOOST_TEST((error_of(store.users.find_login(SoughtUser{"Ben"})) == store::Error::not_found));
    apply_for({"Ben", "ben"}, AccountingStatus::start, 0s);
    apply_for({"Ben", "ben"}, AccountingStatus::stop, 60s, 60s);
    BOOST_TEST(balance_of(lower) == 940);

    const auto exact = make_user("BEN", 1000s).id;
    BOOST_TEST(must(store.users.find_login(SoughtUser{"BEN", "ben"})).id == exact);
    BOOST_TEST(must(store.users.find_login(SoughtUser{"ben"})).id == lower);
    expect_clean_audit();
}

BOOST_AUTO_TEST_CASE(a_claim_that_nobody_followed_hides_no_other_spelling) {
    make_user("ben", 1000s);
    redis({"SET", store::keys::name("Ben"), "77 0"});
    BOOST_TEST(must(store.users.find_login(SoughtUser{"Ben", "ben"})).username == "ben");
    store.users.forget_name("Ben");
    BOOST_TEST(apply_for({"Ben", "ben"}, AccountingStatus::stop, 60s, 60s).is_known_user);
}

BOOST_AUTO_TEST_CASE(a_realm_means_nobody_of_another_organization) {
    const auto cid = make_user("cid", 1000s, 2).id;
    BOOST_TEST((error_of(store.users.find_login(SoughtUser{
                    "cid", {},
                     {1, 3}
    })) == store::Error::not_found));
    BOOST_TEST(must(store.users.find_login(SoughtUser{
                        "cid", {},
                         {1, 2}
    }))
                   .id == cid);
    for (const auto status : {AccountingStatus::start, AccountingStatus::interim, AccountingStatus::stop})
        BOOST_TEST(!apply_for(
                        {
                            "cid", {},
                             {1, 3}
        },
                        status, 60s, 60s)
                        .is_known_user);
    BOOST_TEST(balance_of(cid) == 1000);
    BOOST_TEST(apply_for(
                   {
                       "cid", {},
                        {1, 2}
    },
                   AccountingStatus::stop, 60s, 60s)
                   .is_known_user);
    BOOST_TEST(balance_of(cid) == 940);
    BOOST_TEST(only_session({.username = "As-Sent"}).organization == store::unknown_organization);
    expect_clean_audit();
}

BOOST_AUTO_TEST_CASE(what_the_nas_calls_him_is_kept_with_the_session) {
    make_user("ann", 1000s);
    auto start = report("ann", "one", AccountingStatus::start, 0s);
    start.details = encode(store::SessionDetails{
        .nas_identifier = "lab", .user_name = "ann", .chargeable_user_identity = "0123"});
    must(store.ledger.apply(start));
    rename(ann, "anna");
    const auto session = only_session({.user = ann});
    BOOST_TEST(session.session.details.user_name == "ann");
    BOOST_TEST(session.session.details.chargeable_user_identity == "0123");
}

BOOST_AUTO_TEST_SUITE_END()
