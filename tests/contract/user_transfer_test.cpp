// Users out of one store and into another: the same users, for those who may.
#include "tests/support/transfer_fixture.hpp"

using namespace hourglass;
using namespace hourglass::test;

namespace {

// Every kind of value that a record may have.
const std::string odd_rows =
    R"({"username":"ann, \"the\" ü","password":" p,\"w ","organization":1,"email":"","klass":"a\nb","profile":[]})"
    "\n"
    R"({"username":"ben","password":"x","organization":2,"user_time":null,"is_active":false,"profile":["a;b","c"]})"
    "\n"
    R"({"username":"eve","password":"x","organization":2,"user_time":7,"expiration":"2030-01-01T00:00:00.5Z",)"
    R"("external_id":"e","first_login":"2020-01-01T00:00:00Z","date_joined":"2019-01-01T00:00:00Z"})"
    "\n";

}  // namespace

BOOST_FIXTURE_TEST_SUITE(user_transfer, TransferFixture)

BOOST_AUTO_TEST_CASE(each_row_has_its_line_and_the_last_line_counts) {
    BOOST_TEST(import_rows(ann + "\n{}\n" + ben + "nonsense\n") ==
               R"({"row":1,"line":1,"status":"created","id":1})"
               "\n"
               R"({"row":2,"line":3,"status":"error","errors":{"username":["This field is required."],)"
               R"("password":["This field is required."],"organization":["This field is required."]}})"
               "\n"
               R"({"row":3,"line":4,"status":"created","id":2})"
               "\n"
               R"({"row":4,"line":5,"status":"error","errors":{"non_field_errors":)"
               R"~(["JSON parse error - Invalid syntax: line 1 column 2 (char 1)"]}})~"
               "\n"
               R"({"summary":{"created":2,"updated":0,"unchanged":0,"error":2,"is_dry_run":false,)"
               R"("is_complete":true}})"
               "\n");
    BOOST_TEST(password("ann") == "a");
    BOOST_TEST((find("ann")->account.settled() == store::Seconds(60)));
    BOOST_TEST((find("ben")->account.settled() == store::Seconds(0)));
}

BOOST_AUTO_TEST_CASE(what_is_exported_and_imported_elsewhere_is_the_same) {
    import_rows(odd_rows);
    for (const std::string form : {"ndjson", "csv"}) {
        const auto rows = exported("with_credentials=true&format=" + form);
        TransferFixture elsewhere;
        elsewhere.content_type = form;
        BOOST_TEST(elsewhere.summary_of(rows, "format=" + form)["created"] == 3, elsewhere.download.text);
        BOOST_TEST(without_ids(elsewhere.exported("with_credentials=true")) ==
                   without_ids(exported("with_credentials=true")));
        BOOST_TEST(elsewhere.exported("format=csv") == exported("format=csv"));
        BOOST_TEST(elsewhere.password("ann, \"the\" ü") == password("ann, \"the\" ü"));
        BOOST_TEST(elsewhere.summary_of(rows, "upsert=username&format=" + form)["unchanged"] == 3);
    }
}

BOOST_AUTO_TEST_CASE(a_sealed_password_opens_for_its_bearer_and_under_its_key_only) {
    import_rows(ann);
    auto row = json::parse(exported("with_credentials=true"));
    row["username"] = "mallory";
    BOOST_TEST(summary_of(row.dump())["error"] == 1);
    row["username"] = "ann";
    row["password_sealed"] = "00" + row["password_sealed"].get<std::string>().substr(2);
    BOOST_TEST(summary_of(row.dump(), "upsert=username")["error"] == 1);
    row["password_sealed"] = "x";
    BOOST_TEST(summary_of(row.dump(), "upsert=username")["error"] == 1);
    BOOST_TEST(password("ann") == "a");
}

BOOST_AUTO_TEST_CASE(an_export_without_credentials_leaves_passwords_as_they_are) {
    import_rows(ann);
    BOOST_TEST(exported().find("sealed") == std::string::npos);
    const auto rows = exported();
    BOOST_TEST(summary_of(rows, "upsert=username")["unchanged"] == 1);
    BOOST_TEST(password("ann") == "a");
    BOOST_TEST(TransferFixture().summary_of(rows)["error"] == 1);
}

BOOST_AUTO_TEST_CASE(an_update_changes_what_is_sent_and_its_time_goes_through_the_ledger) {
    import_rows(ann);
    const auto id = find("ann")->id;
    BOOST_TEST(summary_of(R"({"username": "ann", "email": "a@example.org", "user_time": 90})",
                          "upsert=username")["updated"] == 1);
    BOOST_TEST(field("ann", "email") == "a@example.org");
    BOOST_TEST(password("ann") == "a");
    const auto statement = statement_of(id);
    const auto& credit = std::get<store::Credit>(statement.entries.front());
    BOOST_TEST(credit.seconds.count() == 30);
    BOOST_TEST(credit.source == "token 1 (test) by import");
}

BOOST_AUTO_TEST_CASE(an_external_id_finds_one_user_or_nobody) {
    import_rows(R"({"username": "ann", "password": "a", "organization": 1, "external_id": "x"})");
    const std::string renamed = R"({"username": "anna", "organization": 1, "external_id": "x"})";
    BOOST_TEST(summary_of(renamed, "upsert=external_id")["updated"] == 1);
    BOOST_TEST(field("anna", "external_id") == "x");
    import_rows(R"({"username": "ben", "password": "a", "organization": 1, "external_id": "x"})");
    BOOST_TEST(import_rows(renamed, "upsert=external_id").find("More than one user has this external_id.") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_confined_token_neither_touches_nor_learns_of_others) {
    import_rows(odd_rows);
    const auto before = exported("with_credentials=true&organization=2");
    const auto all = without_ids(exported());
    token = {
        .id = 2,
        .name = "tenant",
        .scopes = {.read = true, .write = true, .admin = true},
        .organizations = {1}
    };

    BOOST_TEST(exported("with_credentials=true").starts_with("403"));
    BOOST_TEST(exported("organization=2").starts_with("403"));
    BOOST_TEST(exported().find("\"ben\"") == std::string::npos);
    BOOST_TEST(exported().find("ann") != std::string::npos);

    const std::string foreign = R"({"username": "zoe", "password": "x", "organization": 2})";
    BOOST_TEST(import_rows(foreign).find(
                   R"({"organization":["You do not have permission to perform this action."]})") !=
               std::string::npos);
    const std::string taken = R"({"username": "ben", "password": "stolen", "external_id": "e"})";
    for (const std::string query : {"", "upsert=username", "upsert=external_id",
                                    "mode=atomic&upsert=username", "dry_run=true&upsert=username"}) {
        BOOST_TEST(
            import_rows(taken, query).find(R"({"username":["user with this username already exists."]})") !=
                std::string::npos,
            download.text);
    }
    BOOST_TEST(summary_of(R"({"username": "zoe", "password": "x", "external_id": "e"})",
                          "upsert=external_id")["created"] == 1);
    BOOST_TEST(field("zoe", "organization") == "1");
    BOOST_TEST(password("ben") == "x");
}

BOOST_AUTO_TEST_CASE(broken_csv_ends_the_import_where_it_breaks) {
    content_type = "text/csv";
    const auto summary =
        summary_of("username,password,organization\r\nann,a,1\r\nben,\"b\"x,1\r\neve,e,1\r\n");
    BOOST_TEST(summary["created"] == 1);
    BOOST_TEST(summary["is_complete"] == false);
    BOOST_TEST(summary["detail"] == "Line 3: something follows the closing quote of a value.");
}

BOOST_AUTO_TEST_CASE(parameters_that_are_none_and_too_many_transfers_are_refused) {
    BOOST_TEST(import_rows(ann, "mode=some").starts_with(R"(400 {"mode":)"));
    BOOST_TEST(import_rows(ann, "upsert=id").starts_with(R"(400 {"upsert":)"));
    BOOST_TEST(exported("format=xml").starts_with(R"(400 {"format":)"));
    content_type = "application/json";
    BOOST_TEST(import_rows(ann).starts_with("415"));
    *environment.transfers = transfers_max;
    BOOST_TEST(exported().starts_with("503"));
    BOOST_TEST(!find("ann").has_value());
}

BOOST_AUTO_TEST_CASE(an_export_has_what_the_list_has_by_the_same_filters) {
    for (int i = 0; i < 250; ++i) {
        const auto user = make_user("u" + std::to_string(i), {}, 1 + i % 3);
        if (i % 7 == 0)
            must(store.users.change(user.id,
                                    {
                                        {"is_active", "0"}
            },
                                    {}, "test", now));
        if (i % 50 == 0) must(store.users.remove(user.id, false));
    }
    const auto count = [&](const std::string& query) {
        const auto rows = exported(query);
        return std::ranges::count(rows, '\n');
    };
    const auto listed = [&](store::UserFilter filter) {
        return static_cast<std::ptrdiff_t>(
            must(store.users.list(std::move(filter), {.offset = 0, .limit = 1})).count);
    };
    BOOST_TEST(count("") == 245);
    BOOST_TEST(count("organization=2") == listed({.organization = 2}));
    BOOST_TEST(count("is_active=false") == listed({.is_active = false}));
    BOOST_TEST(count("is_active=true&organization=1") == listed({.is_active = true, .organization = 1}));
    BOOST_TEST(count("search=u1") == listed({.username_prefix = "u1"}));
    BOOST_TEST(count("username=u1") == 1);
    BOOST_TEST(count("username=nobody") == 0);
    token.organizations = {1, 3};
    BOOST_TEST(count("is_active=true") == listed({
                                              .is_active = true, .visible_organizations = {1, 3}
    }));
}

BOOST_AUTO_TEST_SUITE_END()
