// bring_forward does what apply_accounting does, or nothing: the same random reports go to two users who are
// the same but for their ids, to one of them by both scripts as the ledger has it, to the other by the whole
// one alone.
#include "store/accounting_script.hpp"
#include "store/deadlines.hpp"
#include "store/redis_reply.hpp"
#include "tests/support/store_fixture.hpp"

#include <map>
#include <random>

using namespace hourglass;
using namespace std::chrono_literals;

namespace {

constexpr int reports = 600;
constexpr int plain_min = 100;  // of both kinds there must be many
constexpr int refused_min = 100;
constexpr std::string_view name = "alice";

struct Twins : test::StoreFixture {
    const store::UserTag by_both = store::UserTag::of(1);
    const store::UserTag by_one = store::UserTag::of(2);
    std::mt19937 random{20};
    int plain = 0;
    int refused = 0;

    Twins() {
        for_both([](const store::UserTag& tag) {
            return store::Pipeline().add(
                {"HSET", store::keys::user(tag), "username", name, "organization", "1"});
        });
    }

    int up_to(int most) { return std::uniform_int_distribution<>(0, most)(random); }
    bool happens(int percent) { return up_to(99) < percent; }

    void for_both(auto make) {
        for (const auto& tag : {by_both, by_one})
            must(store.redis.execute(make(tag)));
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

    std::string ask(store::Pipeline question) {
        return std::string(must(store.redis.execute(std::move(question))).text());
    }

    std::string whole(const store::UserTag& tag, const store::AccountingRecord& record,
                      const store::RecordDemand& demand) {
        store::Pipeline report;
        add_report(report, {tag, "s1:n" + record.session_id}, record, demand, store::OrganizationId{1},
                   store.rules);
        return ask(std::move(report));
    }
    std::string short_one(const store::AccountingRecord& record, const store::RecordDemand& demand) {
        store::Pipeline interim;
        add_bringing_forward(interim, {by_both, "s1:n" + record.session_id}, record, demand.name,
                             store.rules);
        return ask(std::move(interim));
    }

    // Account, closed sessions and details, each by field, for a hash has no order.
    auto state(const store::UserTag& tag) {
        store::Pipeline read;
        read.add({"HGETALL", store::keys::account(tag)})
            .add({"HGETALL", store::keys::closed(tag)})
            .add({"HGETALL", store::keys::details(tag)});
        std::vector<std::map<std::string, std::string>> hashes;
        for (const auto& reply : must(store.redis.execute_all(std::move(read)))) {
            auto& hash = hashes.emplace_back();
            for (std::size_t i = 0; i + 1 < reply.elements().size(); i += 2)
                hash.emplace(store::text_of(reply.elements()[i]), store::text_of(reply.elements()[i + 1]));
        }
        return hashes;
    }
};

// One session as its NAS sees it, more or less.
struct Device {
    std::string session_id;
    store::Time began{};
    store::AccountingRecord last{};
};

struct Reports : Twins {
    store::Time now{1'700'000'000s};
    std::array<Device, 3> devices{
        {{"1:a"}, {"1:b"}, {"1:c"}}
    };

    void change_something() {
        const auto choice = up_to(99);
        if (choice < 5)
            set("credited",
                std::array{"900", "5000", "1000000", "1000000"}[static_cast<std::size_t>(up_to(3))]);
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
    }

    store::AccountingRecord next() {
        using enum store::AccountingStatus;
        now += store::Seconds(up_to(60));
        auto& device = devices[static_cast<std::size_t>(up_to(2))];
        auto record = device.last;
        const auto since = now - std::chrono::floor<store::Seconds>(record.received_at);
        const auto kind = up_to(99);
        const bool begins = kind < 2 || (device.last.status == stop && happens(70));
        record.status = begins ? start : kind < 98 ? interim : stop;
        record.session_id = device.session_id;
        record.received_at = now - store::Seconds(happens(5) ? up_to(90) : 0);
        record.event_time = now - store::Seconds(happens(10) ? up_to(300) : 0);
        if (record.status == start) {
            record.session_time = 0s;
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

    store::RecordDemand demand() {
        if (happens(20)) return {.is_there = true};
        return {.name = happens(97) ? std::string(name) : "bob"};
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(bring_forward, Reports)

BOOST_AUTO_TEST_CASE(both_scripts_do_the_same_with_any_report) {
    for (int i = 0; i < reports; ++i) {
        change_something();
        const auto record = next();
        const auto asked = demand();
        const auto before = state(by_both);
        std::string answer;
        if (record.status == store::AccountingStatus::interim) answer = short_one(record, asked);
        if (answer.empty()) {
            BOOST_REQUIRE(state(by_both) == before);
            ++refused;
            answer = whole(by_both, record, asked);
        } else {
            ++plain;
        }
        BOOST_REQUIRE_EQUAL(answer, whole(by_one, record, asked));
        BOOST_REQUIRE(state(by_both) == state(by_one));

        const auto parsed = store::parse_accounting_answer(answer, by_both);
        BOOST_REQUIRE(parsed);
        if (!parsed->deadline || happens(5)) continue;
        for (const auto& tag : {by_both, by_one})
            must(store::publish_deadline(store.redis, tag, *parsed->deadline, parsed->visits));
    }
    BOOST_TEST(plain > plain_min);
    BOOST_TEST(refused > refused_min);
}

BOOST_AUTO_TEST_SUITE_END()
