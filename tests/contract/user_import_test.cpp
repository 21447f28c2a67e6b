// Imports that are only tried, all or nothing, broken off, or about the same user again and again.
#include "store/keys.hpp"
#include "tests/support/transfer_fixture.hpp"

using namespace hourglass;
using namespace hourglass::test;

BOOST_FIXTURE_TEST_SUITE(user_import, TransferFixture)

// Rows travel together; those of one user must not overtake each other.
BOOST_AUTO_TEST_CASE(the_last_row_of_a_user_is_the_one_that_stays) {
    std::string rows = ann;
    for (int i = 0; i < 100; ++i)
        rows += R"({"username": "ann", "description": ")" + std::to_string(i) + "\"}\n";
    BOOST_TEST(summary_of(rows, "upsert=username")["updated"] == 100);
    BOOST_TEST(field("ann", "description") == "99");
    BOOST_TEST(summary_of(ben + ben + ben)["error"] == 2);
}

BOOST_AUTO_TEST_CASE(a_dry_run_tells_what_would_be_and_writes_nothing) {
    import_rows(ann);
    const auto rows = R"({"username": "ann", "email": "x@example.org"})"
                      "\n" +
                      ben + ben + R"({"username": "eve", "organization": 0})";
    const auto expected = json::parse(
        R"({"created":1,"updated":2,"unchanged":0,"error":1,"is_dry_run":true,"is_complete":true})");
    BOOST_TEST(summary_of(rows, "upsert=username&dry_run=true") == expected, download.text);
    BOOST_TEST(summary_of(ann, "dry_run=true")["error"] == 1);
    BOOST_TEST(field("ann", "email") == "null");
    BOOST_TEST(!find("ben").has_value());
}

BOOST_AUTO_TEST_CASE(an_atomic_import_writes_all_rows_or_none) {
    BOOST_TEST(summary_of(ann + ben + "{}", "mode=atomic") ==
               json::parse(R"({"created":0,"updated":0,"unchanged":0,"error":1,"is_dry_run":false,)"
                           R"("is_complete":true,"is_written":false})"));
    BOOST_TEST(!find("ann").has_value());
    BOOST_TEST(summary_of(ben + ben, "mode=atomic")["error"] == 1);
    BOOST_TEST(summary_of(ann + ben, "mode=atomic") ==
               json::parse(R"({"created":2,"updated":0,"unchanged":0,"error":0,"is_dry_run":false,)"
                           R"("is_complete":true,"is_written":true})"));
    BOOST_TEST(find("ben").has_value());
}

// Somebody takes the name between the checks and the writing.
BOOST_AUTO_TEST_CASE(a_row_refused_when_it_is_written_takes_back_those_before_it) {
    import_rows(
        R"({"username": "ann", "password": "a", "organization": 1, "user_time": 60, "external_id": "x"})");
    const auto former = without_ids(exported());
    Upload upload(R"({"external_id": "x", "email": "x@example.org", "user_time": 90, "password": "new"})"
                  "\n"
                  R"({"username": "eve", "password": "e", "organization": 1})"
                  "\n" +
                      ben,
                  1000);
    upload.before_end = [this] { return take_name("ben"); };
    const auto summary = summary_in(ask(&import_users, "/?mode=atomic&upsert=external_id", upload));
    BOOST_TEST(summary["is_written"] == false, download.text);
    BOOST_TEST(summary["is_complete"] == false);
    BOOST_TEST(summary["created"] == 0);
    BOOST_TEST(!find("eve").has_value());
    must(store.users.remove(find("ben")->id, false));
    BOOST_TEST(without_ids(exported()) == former);
    BOOST_TEST(password("ann") == "a");
}

BOOST_AUTO_TEST_CASE(what_a_taken_back_row_had_changed_is_what_it_was_less_what_was_used_meanwhile) {
    import_rows(ann);
    const auto former = without_ids(exported());
    const ImportRules rules{
        .upsert = Upsert::by_username, .token = token, .default_user_time = {}, .now = now};
    auto body =
        json::parse(R"({"username": "ann", "email": "x@example.org", "user_time": 90, "password": "new"})");
    auto row = run(check_row(store, rules, std::move(body), Predecessor::none, false));
    BOOST_REQUIRE(row.has_value());
    auto undo = undo_of(*row, row->target->id);
    BOOST_REQUIRE(run(write_row(store, rules, *std::move(row))).has_value());
    BOOST_TEST(password("ann") == "new");
    redis({"HINCRBY", store::keys::account(store::UserTag::of(find("ann")->id)), "consumed", "5"});

    BOOST_TEST(run(undo_row(store, rules, std::move(undo))));
    BOOST_TEST(password("ann") == "a");
    BOOST_TEST(field("ann", "email") == "null");
    BOOST_TEST((find("ann")->account.settled() == store::Seconds(55)));
}

BOOST_AUTO_TEST_CASE(a_client_that_goes_away_ends_the_transfer_and_leaves_its_place) {
    std::string rows;
    for (int i = 0; i < 2000; ++i)
        rows += R"({"username": "u)" + std::to_string(i) + R"(", "password": "x", "organization": 1})" + "\n";
    BOOST_TEST(summary_of(rows)["created"] == 2000);

    download.octets_taken_max = 1;
    Upload upload(rows, 1000);
    ask(&import_users, "/", upload);
    BOOST_TEST(upload.octets_read() < rows.size());
    exported();
    BOOST_TEST(download.text.size() < rows.size());
    BOOST_TEST(*environment.transfers == 0U);
}

BOOST_AUTO_TEST_CASE(rows_that_end_in_the_middle_are_no_import) {
    Upload upload(ann + R"({"username": "ben", "password": "b", "organization": 1})", 20);
    upload.is_cut_short = true;
    const auto lines = ask(&import_users, "/", upload);
    BOOST_TEST(summary_in(lines)["is_complete"] == false);
    BOOST_TEST(!find("ben").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
