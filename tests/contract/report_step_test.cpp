// A report that is worked out here does what the script apply_accounting does: the same random reports go to
// two users who are the same but for their names, of one of them in batches as the ledger has it, of the
// other each by the script alone.
#include "store/report_step.hpp"

#include "store/redis_reply.hpp"
#include "tests/support/session_fixture.hpp"

#include <boost/algorithm/string/join.hpp>

#include <map>
#include <random>
#include <set>

using namespace hourglass;
using namespace std::chrono_literals;
using store::AccountingStatus;

namespace {

constexpr int reports = 1500;
constexpr std::uint64_t plain_min = 400;  // of both kinds there must be many
constexpr std::uint64_t refused_min = 100;

struct Twin {
    std::string name;
    store::Ledger& ledger;
    store::UserTag tag{};
};

struct Twins : test::StoreFixture {
    store::Ledger by_script{store.redis, store.users, store.rules, nullptr};
    std::array<Twin, 2> twins{
        {{"alice", store.ledger}, {"alicia", by_script}}
    };
    std::mt19937 random{20};

    Twins() {
        for (auto& twin : twins) {
            auto created = store.users.create(
                {
                    {"username",     twin.name},
                    {"password",     "secret" },
                    {"organization", "1"      }
            },
                900s, "test", store::Time(1'600'000'000s));
            twin.tag = store::UserTag::of(must(std::move(created)).id);
        }
    }

    int up_to(int most) { return std::uniform_int_distribution<>(0, most)(random); }
    bool happens(int percent) { return up_to(99) < percent; }
    auto one_of(const auto& values) {
        return values[static_cast<std::size_t>(up_to(static_cast<int>(values.size()) - 1))];
    }

    void for_both(auto make) {
        for (const auto& twin : twins)
            must(store.redis.execute(make(twin.tag)));
    }
    void set(std::string_view field, std::string_view value) {
        for_both([&](const store::UserTag& tag) {
            return store::Pipeline().add({"HSET", store::keys::account(tag), field, value});
        });
    }
    void remove(std::string_view field) {
        for_both([&](const store::UserTag& tag) {
            return store::Pipeline().add({"HDEL", store::keys::account(tag), field});
        });
    }
    void set_in_record(std::string_view field, std::string_view value) {
        for_both([&](const store::UserTag& tag) {
            return store::Pipeline().add({"HSET", store::keys::user(tag), field, value});
        });
    }

    // As whoever is about to look after them does.
    void claim() {
        for_both([&](const store::UserTag& tag) {
            return store::Pipeline().add({"ZADD", store::deadline_index_of(tag), "1700001000.5", tag.text});
        });
    }

    using Content = std::map<std::string, std::string>;

    // A hash by field, or a sorted set by member.
    Content read(std::initializer_list<std::string_view> command) {
        const auto reply = must(store.redis.execute(store::Pipeline().add(command)));
        Content content;
        const auto elements = reply.elements();
        for (std::size_t i = 0; i + 1 < elements.size(); i += 2)
            content.emplace(store::text_of(elements[i]), store::text_of(elements[i + 1]));
        return content;
    }

    // What a sorted set says of him.
    Content named_in(const std::string& index, const store::UserTag& tag) {
        Content entries;
        for (const auto& [member, score] : read({"ZRANGE", index, "0", "-1", "WITHSCORES"})) {
            const auto own = tag.text + " ";
            if (member == tag.text) entries.emplace("", score);
            if (member.starts_with(own)) entries.emplace(member.substr(own.size()), score);
        }
        return entries;
    }

    // Account, closed sessions and details, and what the indexes say, line by line.
    std::set<std::string> state(const Twin& twin) {
        const auto& tag = twin.tag;
        std::set<std::string> lines;
        const auto add = [&](std::string_view what, const Content& content) {
            for (const auto& [name, value] : content)
                lines.insert(std::string(what) + " " + name + " = " + (value == twin.name ? "his" : value));
        };
        add("account", read({"HGETALL", store::keys::account(tag)}));
        add("closed", read({"HGETALL", store::keys::closed(tag)}));
        add("details", read({"HGETALL", store::keys::details(tag)}));
        add("on NAS", named_in(store::keys::sessions_of_nas("id:n"), tag));
        add("listed", named_in(store::keys::sessions_of_organization(1), tag));
        add("deadline", named_in(store::deadline_index_of(tag), tag));
        return lines;
    }
};

// What one says and the other does not.
std::string difference(const std::set<std::string>& ours, const std::set<std::string>& theirs) {
    std::vector<std::string> lines;
    std::ranges::set_symmetric_difference(ours, theirs, std::back_inserter(lines));
    return boost::algorithm::join(lines, "\n");
}

// One session as its NAS sees it, more or less.
struct Device {
    std::string session_id;
    store::Time began{};
    store::AccountingRecord last{};
};

struct Reports : Twins {
    store::Time now{1'700'000'000s};
    std::array<Device, 3> devices{
        {{"a"}, {"b"}, {"c"}}
    };
    int sessions_begun = 0;
    int made = 0;

    void change_something() {
        const auto choice = up_to(99);
        if (choice < 5)
            set("credited", one_of(std::array{"900", "5000", "1000000", "1000000"}));
        else if (choice < 6)
            remove("credited");
        else if (choice < 8)
            remove("deadline");
        else if (choice < 9)
            set("stale_limit", happens(50) ? "90" : "2000");
        else if (choice < 10)
            remove("stale_limit");
        else if (choice < 11)
            remove("username");
        else if (choice < 12)
            set_in_record("expiration", happens(50) ? "1700004000" : "");
        else if (choice < 13)
            set_in_record("profile", happens(30) ? "[\"a\"]" : "[]");
        else if (choice < 14)
            set_in_record("is_active", happens(30) ? "0" : "1");
        else if (choice < 17)
            claim();
    }

    store::AccountingRecord next() {
        using enum store::AccountingStatus;
        now += store::Seconds(up_to(60));
        auto& device = devices[static_cast<std::size_t>(up_to(2))];
        auto record = device.last;
        const auto since = now - std::chrono::floor<store::Seconds>(record.received_at);
        const auto kind = up_to(99);
        const bool begins = kind < 10 || (device.last.status == stop && happens(80));
        const bool is_start_lost = happens(30);
        record.status = begins && !is_start_lost ? start : kind < 80 ? interim : stop;
        if (begins && happens(80)) device.session_id = std::to_string(++sessions_begun);
        record.nas = "id:n";
        record.session_id = device.session_id;
        record.received_at =
            now - store::Seconds(happens(5) ? up_to(90) : 0) + std::chrono::microseconds(++made);
        record.event_time = now - store::Seconds(happens(10) ? up_to(300) : 0);
        if (record.status == start) {
            record.session_time = 0s;
            if (!happens(5)) record.input_octets = record.output_octets = 0;
        } else if (!happens(10)) {
            record.session_time +=
                happens(85) && device.last.session_time > 0s ? since : store::Seconds(up_to(100));
        }
        if (happens(3)) record.session_time = std::max(0s, record.session_time - store::Seconds(up_to(50)));
        if (!happens(10)) record.input_octets += std::uint64_t{1} << up_to(40);
        if (happens(3)) record.output_octets /= 2;
        record.output_octets += static_cast<std::uint64_t>(up_to(9));
        record.details = encode(store::SessionDetails{.framed_ip_address = happens(3) ? "b" : "a"});
        record.is_clamped = happens(30);
        device.last = record;
        return record;
    }

    // By name, or by a Class that was his.
    store::Applied apply(const Twin& twin, store::AccountingRecord record, bool is_by_class) {
        if (is_by_class) record.user = store::parse_decimal(twin.tag.text).value();
        record.username = twin.name;
        return must(twin.ledger.apply(record));
    }
};

std::string text_of(const store::Applied& applied) {
    return std::to_string(static_cast<int>(applied.outcome)) + " " + std::to_string(applied.organization) +
           " " + std::to_string(applied.number) + " " + store::decimal(applied.started) + " " +
           std::to_string(applied.charged.count()) + " " + std::to_string(applied.uncovered.count()) + " " +
           (applied.balance ? std::to_string(applied.balance->count()) : "-") + " " +
           std::string(applied.anomaly ? name_of(*applied.anomaly) : "-");
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(report_step, Reports)

BOOST_AUTO_TEST_CASE(a_batch_and_a_script_do_the_same_with_any_report) {
    for (int i = 0; i < reports; ++i) {
        change_something();
        const auto record = next();
        const bool is_by_class = happens(20);
        BOOST_TEST_CONTEXT("report " << i) {
            BOOST_REQUIRE_EQUAL(text_of(apply(twins[0], record, is_by_class)),
                                text_of(apply(twins[1], record, is_by_class)));
            BOOST_REQUIRE_EQUAL(difference(state(twins[0]), state(twins[1])), "");
        }
    }
    const auto& counts = store.report_batches.counts();
    BOOST_TEST(counts.in_batches > plain_min);
    BOOST_TEST(counts.by_script > refused_min);
    BOOST_TEST(counts.conflicts == 0);
}

// Where the balance lasts for longer than a session may be silent, nobody need look after it, unless what was
// used by the first report is too much.
BOOST_AUTO_TEST_CASE(a_lost_start_is_made_up_for_whatever_is_left_of_the_balance) {
    set("stale_limit", "90");
    for (auto balance = 0s; balance < 2000s; balance += 50s) {
        BOOST_TEST_CONTEXT("of " << balance.count()) {
            set("consumed", "0");
            set("credited", std::to_string(balance.count()));
            set("deadline", "1800000000");
            store::AccountingRecord record;
            record.nas = "id:n";
            record.session_id = store::decimal(now);
            record.session_time = 100s;
            record.event_time = now;
            record.received_at = now;
            for (const auto status : {store::AccountingStatus::interim, store::AccountingStatus::stop}) {
                record.status = status;
                record.received_at += 1s;
                BOOST_REQUIRE_EQUAL(text_of(apply(twins[0], record, false)),
                                    text_of(apply(twins[1], record, false)));
                BOOST_REQUIRE_EQUAL(difference(state(twins[0]), state(twins[1])), "");
            }
            now += 200s;
        }
    }
    BOOST_TEST(store.report_batches.counts().by_script == 0);
}

// As a storm brings them: by two roads, in any order, and repeated when nobody remembers the answer.
BOOST_AUTO_TEST_CASE(an_interim_that_says_nothing_new_changes_nothing_and_needs_no_script) {
    set("credited", "1000000");
    store::AccountingRecord record;
    record.nas = "id:n";
    record.session_id = "a";
    record.event_time = now;
    record.received_at = now;
    record.status = store::AccountingStatus::start;
    const auto send = [&](store::Seconds time, store::Time event) {
        record.session_time = time;
        record.event_time = event;
        record.received_at += 1s;
        const auto applied = apply(twins[0], record, false);
        BOOST_REQUIRE_EQUAL(text_of(applied), text_of(apply(twins[1], record, false)));
        BOOST_REQUIRE_EQUAL(difference(state(twins[0]), state(twins[1])), "");
        return applied;
    };
    send(0s, now);
    record.status = store::AccountingStatus::interim;
    BOOST_TEST(send(120s, now + 120s).charged.count() == 120);
    using enum store::Applied::Outcome;
    BOOST_TEST((send(60s, now + 60s).outcome == duplicate));
    BOOST_TEST((send(120s, now + 120s).outcome == duplicate));
    BOOST_TEST((send(60s, now + 180s).anomaly == store::Anomaly::time_fell));
    BOOST_TEST(send(180s, now + 180s).charged.count() == 60);
    BOOST_TEST(store.report_batches.counts().by_script == 0);
}

BOOST_AUTO_TEST_SUITE_END()

namespace {

// A step between its reads and its writes, as in a batch, while somebody else writes on a connection of his
// own.
struct Guards : test::SessionFixture {
    store::Store other{loop, store::RedisAddress::parse(server.address()), secrets, log};
    store::UserTag tag = store::UserTag::of(make_user("alice", 900s).id);

    Guards() {
        other.redis.start();
        BOOST_REQUIRE(run(other.redis.wait_until_ready(test::ready_limit)));
    }
    ~Guards() {
        other.redis.stop();
        loop.restart();
        loop.poll();
    }
    Guards(const Guards&) = delete;
    Guards& operator=(const Guards&) = delete;

    // Whether its writes were done although that was written in between.
    bool is_done(const store::AccountingRecord& record, const std::string& key, std::string_view field) {
        store::ReportStep step({tag, store::session_field(record.nas, record.session_id)}, record,
                               {.is_there = true}, store.rules);
        std::vector<std::string_view> watch{"WATCH"};
        step.add_watched_keys(watch);
        must(store.redis.execute(store::Pipeline().add(watch)));
        store::Pipeline reads;
        step.add_reads(reads);
        BOOST_TEST(step.take_reads(must(store.redis.execute_all(std::move(reads)))));
        store::Pipeline further;
        step.add_further_reads(further);
        if (further.size() > 0)
            BOOST_TEST(step.take_further_reads(must(store.redis.execute_all(std::move(further)))));

        must(other.redis.execute(store::Pipeline().add({"HSET", key, field, "1700000000"})));
        store::Pipeline writes;
        writes.add({"MULTI"});
        step.add_writes(writes);
        writes.add({"EXEC"});
        return !must(store.redis.execute_all(std::move(writes))).back().is_nil();
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(report_step_guards, Guards)

BOOST_AUTO_TEST_CASE(what_a_report_was_worked_out_from_must_not_change_before_it_is_written) {
    using enum AccountingStatus;
    struct Row {
        const char* what;
        AccountingStatus status;
        bool depends_on_record;
        bool is_known = true;
    };
    const std::array rows{
        Row{"a Start", start, true, false},
        Row{"an Interim without Start", interim, true, false},
        Row{"an Interim", interim, false},
        Row{"a Stop", stop, false},
    };
    int sessions = 0;
    for (const auto& row : rows) {
        for (const bool is_of_record : {false, true}) {
            const auto session = std::to_string(++sessions);
            if (row.is_known) apply("alice", session, start, 0s);
            const auto time = row.status == start ? 0s : 10s;
            const auto key = is_of_record ? store::keys::user(tag) : store::keys::account(tag);
            const bool is_done_for = is_done(report("alice", session, row.status, time, time), key,
                                             is_of_record ? "expiration" : "stale_limit");
            BOOST_TEST(is_done_for == (is_of_record && !row.depends_on_record),
                       row.what << (is_of_record ? ", the record" : ", the account"));
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
