// The ledger in the API's words: entries, cursors, and the header that makes a credit safe to repeat.
#include "api/idempotency_key.hpp"
#include "api/ledger.hpp"
#include "api/ledger_entry.hpp"
#include "api/paging.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <ostream>

using namespace hourglass;
using namespace hourglass::api;
using namespace std::chrono_literals;

namespace {

struct KeyRow {
    std::string_view name;
    std::vector<std::string> headers;
    bool is_fit;
};

std::ostream& operator<<(std::ostream& out, const KeyRow& row) {
    return out << row.name;
}

const auto keys = std::to_array<KeyRow>({
    {"none",                 {},                      true },
    {"an UUID",              {"8e03978e-40d5-43dd"},  true },
    {"quoted, as the draft", {"\"order-1\""},         true },
    {"the longest",          {std::string(255, 'k')}, true },
    {"one beyond",           {std::string(256, 'k')}, false},
    {"empty",                {""},                    false},
    {"two words",            {"order 1"},             false},
    {"not ASCII",            {"\xc3\xa9"},            false},
    {"twice",                {"order-1", "order-2"},  false},
});

Request request_with(const std::vector<std::string>& idempotency_keys) {
    Request request;
    for (const auto& key : idempotency_keys)
        request.message.insert("idempotency-key", key);
    return request;
}

store::Session running_session() {
    store::Session session;
    session.id = 17 * 1'048'576 + 2;
    session.number = 2;
    session.nas = "id:lab";
    session.session_id = "abc";
    session.is_running = true;
    session.charged = 60s;
    session.uncovered = 5s;
    session.started = store::Time(1'700'000'000s);
    session.updated = store::Time(1'700'000'065s);
    return session;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(api_ledger)

BOOST_DATA_TEST_CASE(an_idempotency_key_is_one_visible_text, keys) {
    const auto key = read_idempotency_key(request_with(sample.headers));
    BOOST_TEST(key.has_value() == sample.is_fit);
    if (key) {
        BOOST_TEST(*key == (sample.headers.empty() ? "" : sample.headers.front()));
    } else {
        BOOST_TEST((key.error().status == http::status::bad_request));
    }
}

BOOST_AUTO_TEST_CASE(a_cursor_comes_back_as_it_went) {
    const store::StatementPosition beginning;
    const store::StatementPosition middle{.credit = 3, .session_started = store::Time(-5s), .session = 12};
    for (const auto& position : {beginning, middle}) {
        const auto parsed = parse_cursor(encode_cursor(position));
        BOOST_TEST_REQUIRE(parsed.has_value());
        BOOST_TEST((*parsed == position));
    }
}

BOOST_AUTO_TEST_CASE(what_is_no_cursor_of_ours_is_refused) {
    for (const auto* cursor :
         {"", "x", "3", "3320", "312032", "2d312031203120", "6120312031", "31203120312031"}) {
        BOOST_TEST(!parse_cursor(cursor).has_value(), cursor);
    }
}

BOOST_AUTO_TEST_CASE(the_link_to_a_page_keeps_every_other_parameter) {
    Request request;
    request.message.target("/api/v1/user_token/1/ledger/?cursor=old&x=1&limit=500");
    request.authority = "gate.example";
    BOOST_TEST(cursor_link(request, 100, "new") ==
               "http://gate.example/api/v1/user_token/1/ledger/?cursor=new&limit=100&x=1");
}

BOOST_AUTO_TEST_CASE(a_credit_shows_before_and_after_and_why) {
    store::Credit credit{.number = 3,
                         .time = store::Time(1'700'000'000s),
                         .seconds = 50s,
                         .before = 100s,
                         .after = 150s,
                         .source = "token 3 (billing)",
                         .reason = "paid"};
    BOOST_TEST(
        to_text(show_ledger_entry(credit)) ==
        R"json({"id":"c3","kind":"credit","time":"2023-11-14T22:13:20Z","updated":null,"seconds":50,)json"
        R"json("before":100,"after":150,"source":"token 3 (billing)","reason":"paid","session":null,)json"
        R"json("is_running":null,"uncovered":null})json");
    credit.before.reset();
    credit.reason.clear();
    const auto shown = show_ledger_entry(credit);
    BOOST_TEST(shown.at("before").is_null());
    BOOST_TEST(shown.at("reason").is_null());
}

BOOST_AUTO_TEST_CASE(a_charge_takes_seconds_and_names_its_session) {
    BOOST_TEST(
        to_text(show_ledger_entry(running_session())) ==
        R"json({"id":"s2","kind":"charge","time":"2023-11-14T22:13:20Z","updated":"2023-11-14T22:14:25Z",)json"
        R"json("seconds":-60,"before":null,"after":null,"source":"nas id:lab (session abc)","reason":null,)json"
        R"json("session":17825794,"is_running":true,"uncovered":5})json");
}

BOOST_AUTO_TEST_CASE(what_is_no_longer_remembered_still_counts) {
    const auto shown = show_ledger_entry(store::ForgottenCharges{90s});
    BOOST_TEST(shown.at("id") == "earlier");
    BOOST_TEST(shown.at("seconds") == -90);
    BOOST_TEST(shown.at("time").is_null());
}

BOOST_AUTO_TEST_SUITE_END()
