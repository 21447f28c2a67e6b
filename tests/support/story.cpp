#include "tests/support/story.hpp"

#include "tests/support/statements.hpp"
#include "tests/support/store_fixture.hpp"

#include <sstream>

namespace hourglass::test {
namespace {

using namespace std::chrono_literals;
using store::Applied;

constexpr store::Time story_start{std::chrono::seconds(1'700'000'000)};

using Words = std::vector<std::string>;
using Values = std::map<std::string, std::string, std::less<>>;

Words words_of(const std::string& line) {
    std::istringstream stream(line);
    Words words;
    for (std::string word; stream >> word;)
        words.push_back(word);
    return words;
}

// The words "name=value".
Values values_of(const Words& words) {
    Values values;
    for (const auto& word : words) {
        const auto equals = word.find('=');
        if (equals != std::string::npos) values[word.substr(0, equals)] = word.substr(equals + 1);
    }
    return values;
}

std::string value_or(const Values& values, std::string_view name, std::string otherwise) {
    const auto found = values.find(name);
    if (found == values.end()) return otherwise;
    return found->second;
}

std::string text_of(Applied::Outcome outcome) {
    switch (outcome) {
        case Applied::Outcome::opened:
            return "opened";
        case Applied::Outcome::updated:
            return "updated";
        case Applied::Outcome::closed:
            return "closed";
        case Applied::Outcome::duplicate:
            return "duplicate";
    }
    return {};
}

std::string text_of(store::Balance balance) {
    return balance ? std::to_string(balance->count()) : "none";
}

store::Balance balance_from(const std::string& text) {
    if (text == "none") return std::nullopt;
    return std::chrono::seconds(std::stoll(text));
}

std::string name_of(error_code error) {
    if (error == store::Error::insufficient_balance) return "insufficient";
    if (error == store::Error::excessive_balance) return "excessive";
    if (error == store::Error::not_metered) return "not_metered";
    if (error == store::Error::key_reused) return "key_reused";
    return error.message();
}

class Teller : StoreFixture {
public:
    void tell(const std::string& line) {
        const auto arrow = line.find("->");
        const auto words = words_of(line.substr(0, arrow));
        const auto expected = arrow == std::string::npos ? Words{} : words_of(line.substr(arrow + 2));
        if (words.empty()) return;
        BOOST_TEST_CONTEXT(line) {
            if (words[0] == "user")
                make(words);
            else if (words[0] == "at")
                report(words, expected);
            else if (words[0] == "nas")
                restart(words, expected);
            else if (words[0] == "set")
                set_balance(words);
            else if (words[0] == "credit")
                credit(words, expected);
            else if (words[0] == "expect")
                expect(words);
            else if (words[0] == "redis")
                disturb(words);
            else
                BOOST_FAIL("a story knows no line like this");
            if (words[0] != "expect") expect_sums_to_agree();
        }
    }

private:
    void make(const Words& words) {
        user_ = words.at(1);
        ids_[user_] = make_user(user_, balance_from(words.at(3))).id;
    }

    store::Time moment(const std::string& seconds) const {
        return story_start + std::chrono::seconds(std::stoll(seconds));
    }

    void report(const Words& words, const Words& expected) {
        const auto values = values_of(words);
        user_ = value_or(values, "user", user_);
        nas_ = value_or(values, "nas", nas_);

        store::AccountingRecord record;
        const auto& kind = words.at(2);
        record.status = kind == "start"  ? store::AccountingStatus::start
                        : kind == "stop" ? store::AccountingStatus::stop
                                         : store::AccountingStatus::interim;
        record.username = user_;
        record.nas = nas_;
        record.session_id = words.at(3);
        record.event_time = moment(words.at(1));
        record.received_at = moment(value_or(values, "arrives", words.at(1)));
        record.session_time = std::chrono::seconds(std::stoll(value_or(values, "time", "0")));
        record.input_octets = std::stoull(value_or(values, "in", "0"));
        record.output_octets = std::stoull(value_or(values, "out", "0"));
        record.details =
            encode(store::SessionDetails{.framed_ip_address = value_or(values, "ip", "10.0.0.1")});

        const auto applied = until_acknowledged([&] { return store.ledger.apply(record); });
        for (const auto& word : expected) {
            if (word == "unknown")
                BOOST_TEST(!applied.is_known_user);
            else if (word.find('=') == std::string::npos)
                BOOST_TEST(text_of(applied.outcome) == word);
        }
        expect_value(expected, "charged", std::to_string(applied.charged.count()));
        expect_value(expected, "uncovered", std::to_string(applied.uncovered.count()));
        expect_value(expected, "balance", text_of(applied.balance));
    }

    void restart(const Words& words, const Words& expected) {
        const auto at = moment(words.at(3));
        const store::NasRestart restart{value_or(values_of(words), "nas", nas_), at, at};
        const auto closed = until_acknowledged([&] { return store.ledger.close_sessions_of(restart); });
        if (expected.size() == 2) BOOST_TEST(std::to_string(closed) == expected.at(1));
    }

    void set_balance(const Words& words) {
        const auto at = moment(value_or(values_of(words), "at", "0"));
        must(store.users.change(ids_.at(user_), {}, balance_from(words.at(2)), "test", at));
    }

    void credit(const Words& words, const Words& expected) {
        const auto values = values_of(words);
        const store::NewCredit sent{.user = ids_.at(user_),
                                    .seconds = std::chrono::seconds(std::stoll(words.at(1))),
                                    .reason = value_or(values, "reason", ""),
                                    .source = value_or(values, "by", "test"),
                                    .idempotency_key = value_or(values, "key", ""),
                                    .now = moment(value_or(values, "at", "0"))};
        const auto added = run(store.credits.add(sent));
        if (!added) {
            BOOST_TEST(name_of(added.error()) == (expected.empty() ? "" : expected.front()));
            return;
        }
        BOOST_TEST((expected.empty() || expected.front().find('=') != std::string::npos),
                   "it was not refused");
        expect_value(expected, "number", std::to_string(added->number));
        expect_value(expected, "before", text_of(added->before));
        expect_value(expected, "after", text_of(added->after));
    }

    void expect(const Words& words) {
        const auto& what = words.at(1);
        if (what == "balance") {
            const auto user = must(store.users.find(ids_.at(user_)));
            BOOST_TEST(text_of(user.account.settled()) == words.at(2));
            return;
        }
        if (what == "left") {
            const auto user = must(store.users.find(ids_.at(user_)));
            const auto at = moment(value_or(values_of(words), "at", "0"));
            BOOST_TEST(text_of(user.account.balance_at(at)) == words.at(2));
            return;
        }
        if (what == "forgotten") {
            const auto statement = statement_of(ids_.at(user_));
            const auto* forgotten = std::get_if<store::ForgottenCharges>(&statement.entries.back());
            BOOST_REQUIRE(forgotten != nullptr);
            BOOST_TEST(std::to_string(forgotten->charged.count()) == words.at(2));
            return;
        }
        const auto sessions = must(store.ledger.sessions_of(ids_.at(user_)));
        if (what == "sessions") {
            BOOST_TEST(std::to_string(sessions.size()) == words.at(2));
            return;
        }
        const auto found = std::find_if(sessions.begin(), sessions.end(), [&](const store::Session& session) {
            return session.session_id == what && session.nas == nas_;
        });
        BOOST_REQUIRE(found != sessions.end());
        BOOST_TEST((found->is_running ? "open" : "closed") == words.at(2));
        expect_value(words, "time", std::to_string(found->session_time.count()));
        expect_value(words, "charged", std::to_string(found->charged.count()));
        expect_value(words, "uncovered", std::to_string(found->uncovered.count()));
        expect_value(words, "in", std::to_string(found->input_octets));
        expect_value(words, "out", std::to_string(found->output_octets));
        expect_value(words, "started", std::to_string((found->started - story_start).count()));
        expect_value(words, "ip", found->details.framed_ip_address);
    }

    static void expect_value(const Words& words, std::string_view name, const std::string& value) {
        const auto values = values_of(words);
        const auto expected = values.find(name);
        if (expected != values.end()) BOOST_TEST(value == expected->second, name << " is " << value);
    }

    void disturb(const Words& words) {
        if (words.at(1) == "dies") {
            server.kill();
            server.start();
            wait_until_ready();
        } else {
            redis({"SCRIPT", "FLUSH"});
        }
    }

    // After every line: the entries of the statement add up to what the account says.
    void expect_sums_to_agree() {
        for (const auto& [name, id] : ids_) {
            const auto statement = statement_of(id);
            const auto sums = sums_of(statement);
            BOOST_TEST(sums.charged == statement.consumed.count());
            BOOST_TEST(sums.credited == statement.credited.value_or(0s).count());
            BOOST_TEST((statement.balance() ==
                        until_acknowledged([&] { return store.users.find(id); }).account.settled()));
        }
    }

    std::map<std::string, store::UserId> ids_;
    std::string user_ = "alice";
    std::string nas_ = "nas1";
};

}  // namespace

void check(std::string_view story) {
    Teller teller;
    std::istringstream lines{std::string(story)};
    for (std::string line; std::getline(lines, line);)
        teller.tell(line);
}

}  // namespace hourglass::test
