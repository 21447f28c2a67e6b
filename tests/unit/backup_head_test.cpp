// The first line of a backup, and why one cannot be restored here.
#include "daemon/backup_head.hpp"

#include "store/schema.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

namespace hourglass::daemon {
namespace {

using Json = nlohmann::json;

Json good_head() {
    return {
        {"hourglass_backup", 1},
        {"version", "1.0"},
        {"schema", store::schema_version},
        {"taken_at", "2026-11-23T02:00:00Z"},
        {"database", 3},
        {"users", 17},
        {"secret_key", std::string(64, 'a')},
        {"first_token", "token\n"},
    };
}

// Why it is refused; empty: it is not.
std::string refusal(const std::string& line) {
    try {
        parse_backup_head(line);
        return {};
    } catch (const std::runtime_error& failure) {
        return failure.what();
    }
}

std::string refusal(const char* field, const Json& value) {
    auto head = good_head();
    head[field] = value;
    return refusal(head.dump());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(backup_head)

BOOST_AUTO_TEST_CASE(a_good_one_tells_all) {
    const auto head = parse_backup_head(good_head().dump());
    BOOST_TEST(head.version == "1.0");
    BOOST_TEST(head.schema == store::schema_version);
    BOOST_TEST(head.database == 3);
    BOOST_TEST(head.secret_key == std::string(64, 'a'));
    BOOST_TEST(head.first_token == "token\n");
}

BOOST_AUTO_TEST_CASE(others_are_refused_with_a_sentence) {
    BOOST_TEST(refusal("") == "This is no backup of hourglassd.");
    BOOST_TEST(refusal("{}") == "This is no backup of hourglassd.");
    BOOST_TEST(refusal("REDIS0010") == "This is no backup of hourglassd.");
    BOOST_TEST(refusal("hourglass_backup", 2) ==
               "The backup was made by hourglassd 1.0, in a form that this one does not know yet.");
    BOOST_TEST(refusal("schema", store::schema_version + 1)
                   .starts_with("The backup cannot be restored here. The data are of version "));
    BOOST_TEST(refusal("schema", "x") == "The head of the backup lacks what it should tell.");
    BOOST_TEST(refusal("secret_key", "abc") == "The head of the backup holds no secret key.");
    auto without = good_head();
    without.erase("taken_at");
    BOOST_TEST(refusal(without.dump()) == "The head of the backup lacks what it should tell.");
}

BOOST_AUTO_TEST_CASE(older_data_are_welcome) {
    BOOST_TEST(refusal("schema", 0).empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace hourglass::daemon
