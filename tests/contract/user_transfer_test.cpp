// Importing and exporting users: the handlers of the API on a real store, with a client that is none.
#include "api/import_run.hpp"
#include "api/user_transfer.hpp"
#include "store/keys.hpp"
#include "tests/support/store_fixture.hpp"

#include <functional>
#include <sstream>

using namespace hourglass;
using namespace hourglass::api;

namespace {

// A request's body in pieces of `piece_octets`.
class Upload : public BodyReader {
public:
    Upload(std::string text, std::size_t piece_octets) : text_(std::move(text)), piece_octets_(piece_octets) {}

    awaitable<Checked<std::string_view>> read_some() override {
        if (at_ == text_.size()) {
            if (before_end) co_await before_end();
            if (is_cut_short) {
                Response refusal;
                refusal.status = http::status::bad_request;
                co_return refusal;
            }
        }
        const auto piece = std::string_view(text_).substr(at_, piece_octets_);
        at_ += piece.size();
        co_return piece;
    }

    std::size_t octets_read() const { return at_; }

    bool is_cut_short = false;
    std::function<awaitable<void>()> before_end;

private:
    std::string text_;
    std::size_t piece_octets_;
    std::size_t at_ = 0;
};

class Download : public BodyWriter {
public:
    awaitable<bool> write(std::string piece) override {
        text += piece;
        co_return text.size() < octets_taken_max;
    }
    bool is_wanted() const override { return text.size() < octets_taken_max; }

    std::string text;
    std::size_t octets_taken_max = std::numeric_limits<std::size_t>::max();  // then the client goes
};

struct TransferFixture : test::StoreFixture {
    std::string ask(awaitable<Response> (*handler)(Context&), const std::string& target, Upload& upload) {
        Request request;
        request.message.target(target);
        request.message.set(http::field::content_type, content_type);
        Context context{request, environment, store, token, Query(request.query()), 0, now, &upload};
        const auto response = run(handler(context));
        if (!response.produce) return std::to_string(static_cast<unsigned>(response.status)) + " " + response.body;
        produce(response);
        return download.text;
    }

    void produce(const Response& response) {
        download.text.clear();
        run([](const Response& reply, BodyWriter& writer) -> awaitable<bool> {
            co_await reply.produce(writer);
            co_return true;
        }(response, download));
    }

    // The lines that came back.
    std::string import_rows(const std::string& rows, const std::string& query = "", std::size_t piece_octets = 64) {
        Upload upload(rows, piece_octets);
        return ask(&import_users, "/api/v1/user_token/import/?" + query, upload);
    }
    json summary_of(const std::string& rows, const std::string& query = "") {
        return summary_in(import_rows(rows, query));
    }
    static json summary_in(const std::string& lines) {
        const auto last = lines.rfind('\n', lines.size() - 2);
        return json::parse(lines.substr(last == lines.npos ? 0 : last + 1)).at("summary");
    }
    std::string exported(const std::string& query = "") {
        Upload nothing("", 1);
        return ask(&export_users, "/api/v1/user_token/export/?" + query, nothing);
    }

    std::optional<store::User> find(const std::string& username) {
        auto page = must(store.users.list({.username = username}, {.offset = 0, .limit = 1}));
        return page.items.empty() ? std::nullopt : std::optional(page.items.front());
    }
    std::string field(const std::string& username, const std::string& name) {
        const auto user = find(username);
        BOOST_TEST_REQUIRE(user.has_value(), username);
        const auto found = user->fields.find(name);
        return found == user->fields.end() ? "null" : found->second;
    }
    std::string password(const std::string& username) {
        return must(store.users.find_login(username)).password;
    }

    awaitable<void> take_name(std::string username) {
        const auto made = co_await store.users.create(
            {
                {"username",     std::move(username)},
                {"password",     "x"                },
                {"organization", "1"                }
        },
            store::Balance(), "test", now);
        BOOST_TEST(made.has_value());
    }

    Environment environment{store, {}, {}, log};
    store::ApiToken token{.id = 1, .name = "test", .scopes = {.read = true, .write = true, .admin = true}};
    std::string content_type = "application/x-ndjson";
    Download download;
};

const std::string ann = R"({"username": "ann", "password": "a", "organization": 1, "user_time": 60})"
                        "\n";
const std::string ben = R"({"username": "ben", "password": "b", "organization": 1})"
                        "\n";

// Every kind of value that a record may have.
const std::string odd_rows =
    R"({"username":"ann, \"the\" ü","password":" p,\"w ","organization":1,"email":"","klass":"a\nb","profile":[]})"
    "\n"
    R"({"username":"ben","password":"x","organization":2,"user_time":null,"is_active":false,"profile":["a;b","c"]})"
    "\n"
    R"({"username":"eve","password":"x","organization":2,"user_time":7,"expiration":"2030-01-01T00:00:00.5Z",)"
    R"("external_id":"e","first_login":"2020-01-01T00:00:00Z","date_joined":"2019-01-01T00:00:00Z"})"
    "\n";

// Without what belongs to the store, not to the user.
std::string without_ids(const std::string& rows) {
    std::istringstream lines(rows);
    std::string text;
    for (std::string line; std::getline(lines, line);) {
        auto row = json::parse(line);
        row.erase("id");
        row.erase("password_sealed");
        text += row.dump() + "\n";
    }
    return text;
}

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
    BOOST_TEST((find("ann")->balance == store::Seconds(60)));
    BOOST_TEST((find("ben")->balance == store::Seconds(0)));
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
    BOOST_TEST(summary_of(R"({"username": "ann", "email": "a@example.org", "user_time": 90})", "upsert=username")
                   ["updated"] == 1);
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
    import_rows(R"({"username": "ann", "password": "a", "organization": 1, "user_time": 60, "external_id": "x"})");
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
    const ImportRules rules{.upsert = Upsert::by_username, .token = token, .default_user_time = {}, .now = now};
    auto body = json::parse(R"({"username": "ann", "email": "x@example.org", "user_time": 90, "password": "new"})");
    auto row = run(check_row(store, rules, std::move(body), Predecessor::none, false));
    BOOST_REQUIRE(row.has_value());
    auto undo = undo_of(*row, row->target->id);
    BOOST_REQUIRE(run(write_row(store, rules, *std::move(row))).has_value());
    BOOST_TEST(password("ann") == "new");
    redis({"HINCRBY", store::keys::account(store::UserTag::of(find("ann")->id)), "consumed", "5"});

    BOOST_TEST(run(undo_row(store, rules, std::move(undo))));
    BOOST_TEST(password("ann") == "a");
    BOOST_TEST(field("ann", "email") == "null");
    BOOST_TEST((find("ann")->balance == store::Seconds(55)));
}

BOOST_AUTO_TEST_CASE(a_confined_token_neither_touches_nor_learns_of_others) {
    import_rows(odd_rows);
    const auto before = exported("with_credentials=true&organization=2");
    const auto all = without_ids(exported());
    token = {.id = 2, .name = "tenant", .scopes = {.read = true, .write = true, .admin = true}, .organizations = {1}};

    BOOST_TEST(exported("with_credentials=true").starts_with("403"));
    BOOST_TEST(exported("organization=2").starts_with("403"));
    BOOST_TEST(exported().find("\"ben\"") == std::string::npos);
    BOOST_TEST(exported().find("ann") != std::string::npos);

    const std::string foreign = R"({"username": "zoe", "password": "x", "organization": 2})";
    BOOST_TEST(import_rows(foreign).find(R"({"organization":["You do not have permission to perform this action."]})") !=
               std::string::npos);
    const std::string taken = R"({"username": "ben", "password": "stolen", "external_id": "e"})";
    for (const std::string query : {"", "upsert=username", "upsert=external_id", "mode=atomic&upsert=username",
                                    "dry_run=true&upsert=username"}) {
        BOOST_TEST(import_rows(taken, query).find(R"({"username":["user with this username already exists."]})") !=
                       std::string::npos,
                   download.text);
    }
    BOOST_TEST(summary_of(R"({"username": "zoe", "password": "x", "external_id": "e"})", "upsert=external_id")
                   ["created"] == 1);
    BOOST_TEST(field("zoe", "organization") == "1");
    BOOST_TEST(password("ben") == "x");
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
    BOOST_TEST(environment.transfers == 0U);
}

BOOST_AUTO_TEST_CASE(rows_that_end_in_the_middle_are_no_import) {
    Upload upload(ann + R"({"username": "ben", "password": "b", "organization": 1})", 20);
    upload.is_cut_short = true;
    const auto lines = ask(&import_users, "/", upload);
    BOOST_TEST(summary_in(lines)["is_complete"] == false);
    BOOST_TEST(!find("ben").has_value());
}

BOOST_AUTO_TEST_CASE(broken_csv_ends_the_import_where_it_breaks) {
    content_type = "text/csv";
    const auto summary = summary_of("username,password,organization\r\nann,a,1\r\nben,\"b\"x,1\r\neve,e,1\r\n");
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
    environment.transfers = transfers_max;
    BOOST_TEST(exported().starts_with("503"));
    BOOST_TEST(!find("ann").has_value());
}

BOOST_AUTO_TEST_CASE(an_export_has_what_the_list_has_by_the_same_filters) {
    for (int i = 0; i < 250; ++i) {
        const auto user = make_user("u" + std::to_string(i), {}, 1 + i % 3);
        if (i % 7 == 0) must(store.users.change(user.id, {{"is_active", "0"}}, {}, "test", now));
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
    BOOST_TEST(count("is_active=true") == listed({.is_active = true, .visible_organizations = {1, 3}}));
}

BOOST_AUTO_TEST_SUITE_END()
