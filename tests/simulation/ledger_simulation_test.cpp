// The ledger against a model, under everything a network and a Redis do: reports repeated, reordered, delayed
// beyond the end of their session, ids used again, NASes that restart, a Redis that dies in between. Each
// report is repeated until it is acknowledged, as NASes do. Seeded: HOURGLASS_SEED=<n> repeats a run.
#include "store/keys.hpp"
#include "store/redis_reply.hpp"
#include "tests/support/store_fixture.hpp"

#include <cstdlib>
#include <random>
#include <set>

using namespace hourglass;
using store::AccountingRecord;
using store::AccountingStatus;
using std::chrono::seconds;

namespace {

constexpr int epochs = 12;
constexpr int nases = 3;
constexpr int ids_per_nas = 25;
constexpr std::size_t batch_max = 60;
constexpr int epoch_length = 1000;  // seconds

// One user as he should be.
struct ModelUser {
    std::string username;
    store::UserId id{};
    store::Balance balance;
    std::int64_t consumed{};
};

// One stay of one user, and the largest session time that was delivered.
struct ModelStay {
    std::size_t user{};
    std::int64_t mark{};
};

struct Report {
    std::size_t stay{};
    AccountingRecord record;
};

struct Simulation : test::StoreFixture {
    explicit Simulation(unsigned seed) : random(seed) {
        for (const std::string name : {"rich", "poor", "beggar", "free"}) {
            const store::Balance balance = name == "rich"     ? store::Balance(seconds(10'000'000))
                                           : name == "poor"   ? store::Balance(seconds(20'000))
                                           : name == "beggar" ? store::Balance(seconds(0))
                                                              : store::Balance();
            model_users.push_back({name, make_user(name, balance).id, balance, 0});
        }
        model_users.push_back({"nobody", 0, {}, 0});
    }

    int up_to(int most) { return std::uniform_int_distribution<int>(0, most)(random); }
    bool happens(int percent) { return up_to(99) < percent; }

    AccountingRecord record_of(const ModelStay& stay, int nas, int id, AccountingStatus status, int at,
                               int time) {
        AccountingRecord record;
        record.status = status;
        record.username = model_users[stay.user].username;
        record.nas = "nas" + std::to_string(nas);
        record.session_id = std::to_string(id);
        record.event_time = now + seconds(at);
        record.received_at = now + seconds(at + up_to(30));
        record.session_time = seconds(time);
        record.input_octets = static_cast<std::uint64_t>(time) << 33;
        return record;
    }

    // A stay within [begin, begin + epoch_length); one that is cut short by its NAS sends no Stop.
    void make_stay(int nas, int id, int begin, bool is_cut_short) {
        const auto index = stays.size();
        stays.push_back({static_cast<std::size_t>(up_to(static_cast<int>(model_users.size()) - 1)), 0});
        const auto add = [&](std::vector<Report>& to, AccountingStatus status, int at, int time) {
            to.push_back({index, record_of(stays[index], nas, id, status, at, time)});
        };
        const int start = begin + 1 + up_to(epoch_length / 3);
        const int length = up_to(epoch_length / 2);
        add(starts, AccountingStatus::start, start, 0);
        for (int time = 60; time < length; time += 60)
            add(reports, AccountingStatus::interim, start + time, time);
        if (!is_cut_short) add(reports, AccountingStatus::stop, start + length, length);
    }

    awaitable<int> deliver(AccountingRecord record, bool is_known) {
        for (;;) {
            const auto applied = co_await store.ledger.apply(record);
            if (applied) {
                BOOST_TEST(applied->is_known_user == is_known);
                if (applied->balance) BOOST_TEST(applied->balance->count() >= 0);
                co_return 1;
            }
            co_await store.redis.wait_until_ready(test::ready_limit);
        }
    }

    awaitable<int> disturb() {
        for (int turns = up_to(20); turns > 0; --turns) {
            co_await boost::asio::post(loop, boost::asio::use_awaitable);
        }
        if (happens(30)) {
            store.redis.send(store::Pipeline().add({"SCRIPT", "FLUSH"}));
        } else {
            server.kill();
            server.start();
        }
        co_return 0;
    }

    // Whatever their order, together these reports take what they add to their marks, as far as the balance
    // goes.
    void deliver_batch(std::span<const Report> batch) {
        std::vector<awaitable<int>> tasks;
        std::map<std::size_t, std::int64_t> used;
        for (const auto& report : batch) {
            auto& stay = stays[report.stay];
            const auto time = report.record.session_time.count();
            used[stay.user] += std::max<std::int64_t>(0, time - stay.mark);
            stay.mark = std::max(stay.mark, time);
            tasks.push_back(deliver(report.record, model_users[stay.user].id != 0));
        }
        if (happens(15)) tasks.push_back(disturb());
        run_all(std::move(tasks));
        for (const auto& [index, seconds_used] : used) {
            auto& user = model_users[index];
            if (!user.balance) continue;
            const auto covered = std::min(seconds_used, user.balance->count());
            user.consumed += covered;
            *user.balance -= seconds(covered);
        }
        history.insert(history.end(), batch.begin(), batch.end());
        wait_until_ready();
    }

    void deliver_all(std::vector<Report> pending) {
        std::shuffle(pending.begin(), pending.end(), random);
        for (std::span<const Report> rest = pending; !rest.empty();) {
            const auto size = std::min(rest.size(), static_cast<std::size_t>(1 + up_to(int{batch_max})));
            deliver_batch(rest.first(size));
            rest = rest.subspan(size);
            if (happens(10)) set_a_balance();
        }
    }

    // `share` percent of what was delivered so far, again.
    std::vector<Report> some_of_history(int share) {
        std::vector<Report> again;
        for (const auto& report : history) {
            if (!happens(share)) continue;
            again.push_back(report);
            again.back().record.received_at += seconds(up_to(20'000));
        }
        return again;
    }

    void set_a_balance() {
        auto& user = model_users[static_cast<std::size_t>(up_to(2))];
        user.balance = seconds(up_to(3000));
        until_acknowledged([&] { return store.users.change(user.id, {}, user.balance, "simulation", now); });
    }

    void restart(int nas, int at) {
        const store::NasRestart event{"nas" + std::to_string(nas), now + seconds(at), now + seconds(at)};
        until_acknowledged([&] { return store.ledger.close_sessions_of(event); });
    }

    void play() {
        for (int epoch = 0; epoch < epochs; ++epoch) {
            const int begin = epoch * epoch_length;
            // A reused id is a new stay only once its Start has come, so only the first epoch's come in any
            // order.
            const bool are_ids_new = epoch == 0;
            const int restarting = are_ids_new ? nases : up_to(nases);  // nases: none
            for (int nas = 0; nas < nases; ++nas) {
                for (int id = 0; id < ids_per_nas; ++id)
                    make_stay(nas, id, begin, nas == restarting);
            }
            auto pending = std::exchange(reports, {});
            if (are_ids_new)
                pending.insert(pending.end(), starts.begin(), starts.end());
            else
                deliver_all(starts);
            starts.clear();
            const auto again = some_of_history(5);
            pending.insert(pending.end(), again.begin(), again.end());

            std::shuffle(pending.begin(), pending.end(), random);
            const auto before_restart = pending.size() - pending.size() / 5;
            std::vector<Report> late(pending.begin() + static_cast<std::ptrdiff_t>(before_restart),
                                     pending.end());
            pending.resize(before_restart);
            deliver_all(std::move(pending));
            if (restarting < nases) restart(restarting, begin + epoch_length);
            deliver_all(std::move(late));
            check_users();
        }
        deliver_all(some_of_history(20));
        check_users();
        check_lists();
        check_nothing_stays_open();
    }

    void check_users() {
        until_acknowledged([&] { return store.redis.execute(store::Pipeline().add({"PING"})); });
        for (const auto& user : model_users) {
            if (user.id == 0) continue;
            BOOST_TEST_CONTEXT(user.username) {
                BOOST_TEST((until_acknowledged([&] { return store.users.find(user.id); }).account.settled() ==
                            user.balance));
                const auto tag = store::UserTag::of(user.id);
                const auto account = redis({"HMGET", store::keys::account(tag), "credited", "consumed"});
                const auto credited = store::integer_of(account.elements()[0]);
                const auto consumed = store::integer_of(account.elements()[1]);
                BOOST_TEST(consumed == user.consumed);
                if (user.balance) BOOST_TEST(credited - consumed == user.balance->count());
                check_sessions(user, consumed);
            }
        }
    }

    // Each stay has its mark, and what was charged and uncovered make it up.
    void check_sessions(const ModelUser& user, std::int64_t consumed) {
        std::multiset<std::int64_t> marks;
        std::multiset<std::int64_t> expected;
        std::int64_t charged = 0;
        for (const auto& session : must(store.ledger.sessions_of(user.id))) {
            marks.insert(session.session_time.count());
            charged += session.charged.count();
            if (user.balance) BOOST_TEST((session.charged + session.uncovered == session.session_time));
            BOOST_TEST(session.input_octets == static_cast<std::uint64_t>(session.session_time.count())
                                                   << 33);
        }
        for (const auto& stay : stays) {
            if (model_users[stay.user].id == user.id) expected.insert(stay.mark);
        }
        BOOST_TEST(charged == consumed);
        BOOST_TEST((marks == expected));
    }

    // Every stay of everybody, an unknown user's too, is listed once, wherever Redis died.
    void check_lists() {
        std::set<store::SessionId> ids;
        std::string next;
        do {
            const auto page = must(store.sessions.list({}, next, 100));
            for (const auto& each : page.sessions)
                BOOST_TEST(ids.insert(each.session.id).second);
            next = page.next;
        } while (!next.empty());
        BOOST_TEST(ids.size() == stays.size());
    }

    void check_nothing_stays_open() {
        for (int nas = 0; nas < nases; ++nas)
            restart(nas, (epochs + 1) * epoch_length);
        for (const auto& user : model_users) {
            if (user.id == 0) continue;
            BOOST_TEST(must(store.users.find_login(user.username)).account.heard.empty());
        }
    }

    std::mt19937 random;
    std::vector<ModelUser> model_users;
    std::vector<ModelStay> stays;
    std::vector<Report> starts;
    std::vector<Report> reports;
    std::vector<Report> history;
};

}  // namespace

BOOST_AUTO_TEST_CASE(no_second_is_lost_or_charged_twice_whatever_happens) {
    const char* given = std::getenv("HOURGLASS_SEED");
    const auto seed =
        given ? static_cast<unsigned>(std::strtoul(given, nullptr, 10)) : std::random_device{}();
    BOOST_TEST_CONTEXT("HOURGLASS_SEED=" << seed) {
        Simulation(seed).play();
    }
}
