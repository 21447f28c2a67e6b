// What is told of a login that nobody tried is what a worker would have done.
#include "daemon/explain.hpp"
#include "radius/explanation.hpp"
#include "store/store.hpp"
#include "tests/support/quiet_log.hpp"
#include "tests/support/run.hpp"

#include <boost/test/unit_test.hpp>

namespace hourglass::radius {
namespace {

using namespace std::chrono_literals;

constexpr store::Time now{1'800'000'000s};

store::LoginUser user_with(bool is_active, store::Balance balance, std::optional<store::Time> expiration) {
    store::LoginUser user;
    user.is_active = is_active;
    user.account.credited = balance;
    user.expiration = expiration;
    return user;
}

api::LoginQuestion question_of(store::LoginUser user) {
    return {.user = std::move(user), .nas = {}, .attributes = {}, .now = now};
}

// On a store that no such question reaches.
api::LoginAnswer answer_to(api::LoginQuestion question) {
    std::vector<Client> clients{
        {.name = "lab",
         .network = boost::asio::ip::make_address("192.0.2.0"),
         .prefix_length = 24,
         .secret = "s"}
    };
    const auto explain = daemon::make_explain_login(
        std::make_shared<const Snapshot>(Snapshot{Clients(std::move(clients)), Policy{}, {}, {}}));
    boost::asio::io_context loop;
    test::QuietLog log;
    const store::SecretBox secrets{store::SecretBox::Key{}};
    store::Store store(loop, store::RedisAddress::parse("unix:///nonexistent"), secrets, log);
    return test::run(loop, explain(std::move(question), store)).value();
}

BOOST_AUTO_TEST_SUITE(radius_explanation)

BOOST_AUTO_TEST_CASE(whoever_gets_in_is_told_the_reply) {
    auto user = user_with(true, 3600s, now + 600s);
    user.klass = "gold";
    const auto explanation = explain({user, now, Directory()}, Policy{.ledger = {.interim_interval = 60s}});
    BOOST_TEST(!explanation.refusal.has_value());
    const std::vector<AttributeText> expected{
        {"Session-Timeout",       "600" },
        {"Acct-Interim-Interval", "60"  },
        {"Class",                 "gold"},
    };
    BOOST_TEST((explanation.reply == expected));
    for (const auto& check : explanation.checks)
        BOOST_TEST(check.is_passed, check.name);
}

BOOST_AUTO_TEST_CASE(the_first_check_that_fails_decides_and_all_are_shown) {
    const auto user = user_with(true, 0s, now - 1s);
    const Directory directory;
    const auto explanation = explain({user, now, directory}, Policy{});
    BOOST_TEST((explanation.refusal == RejectReason::expired));
    BOOST_TEST_REQUIRE(explanation.checks.size() == 8U);
    BOOST_TEST(explanation.checks[0].is_passed);
    BOOST_TEST(!explanation.checks[2].is_passed);
    BOOST_TEST(!explanation.checks[4].is_passed);
    BOOST_TEST(explanation.checks[2].finding == "The expiration is 2027-01-15T07:59:59Z.");
    const std::vector<AttributeText> expected{
        {"Reply-Message", "This account has expired."}
    };
    BOOST_TEST((explanation.reply == expected));
}

BOOST_AUTO_TEST_CASE(a_nas_is_known_by_name_and_by_address) {
    for (const auto* nas : {"lab", "192.0.2.7"}) {
        auto question = question_of(user_with(true, {}, {}));
        question.nas = nas;
        BOOST_TEST(answer_to(question)->nas == "lab");
    }
    for (const auto* nas : {"Lab", "192.0.3.7", "::1"}) {
        auto question = question_of(user_with(true, {}, {}));
        question.nas = nas;
        BOOST_TEST(answer_to(question).error().parameter == "nas");
    }
}

BOOST_AUTO_TEST_CASE(attributes_must_be_in_the_dictionary_and_fit_their_type) {
    struct Row {
        const char* name;
        const char* value;
        bool is_fit;
    };
    for (const auto& row : std::to_array<Row>({
             {"Calling-Station-Id", "02-00-00-00-00-01", true },
             {"NAS-Port-Type",      "19",                true },
             {"NAS-Port-Type",      "wireless",          false},
             {"NAS-IP-Address",     "192.0.2.1",         true },
             {"NAS-IP-Address",     "192.0.2",           false},
             {"calling-station-id", "02",                true },
             {"Colour",             "red",               false},
             {"User-Password",      "hello",             false},
    })) {
        auto question = question_of(user_with(true, {}, {}));
        question.attributes = {
            {row.name, row.value}
        };
        BOOST_TEST(answer_to(question).has_value() == row.is_fit, row.name << "=" << row.value);
    }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace hourglass::radius
