#include "tests/simulation/simulation.hpp"

#include "store/decimal.hpp"
#include "store/session_index_upkeep.hpp"
#include "tests/simulation/inspection.hpp"
#include "tests/simulation/reapers.hpp"
#include "tests/simulation/simulated_users.hpp"

namespace hourglass::test {
namespace {

using namespace std::chrono_literals;

constexpr int calm_tries_max = 3;
constexpr WorldSeconds day = 86'400;
constexpr std::array<WorldSeconds, 4> leaps{2 * day, 100 * day, 30 * day, 100 * day};  // equally far apart
constexpr int debit_max = 100;
constexpr std::chrono::days credit_repeats_max{6};  // less than a key is remembered
constexpr FaultRates fault_rates{.lost = 40, .unanswered = 40, .forgotten_scripts = 2};
constexpr FaultRates fault_rates_with_kills{
    .lost = 40, .unanswered = 40, .forgotten_scripts = 2, .killed = 8};

// The order of a compact hash does not depend on this server's seed, so a run can be replayed exactly.
std::vector<std::string> redis_arguments(bool has_kills) {
    std::vector<std::string> arguments{
        "--hash-max-listpack-entries", "100000", "--hash-max-listpack-value", "4096",
        "--zset-max-listpack-entries", "100000", "--zset-max-listpack-value", "4096"};
    if (!has_kills) arguments.insert(arguments.end(), {"--appendonly", "no"});
    return arguments;
}

class Simulation : StoreFixture {
public:
    explicit Simulation(const SimulationPlan& plan)
        : StoreFixture(redis_arguments(plan.has_kills)),
          plan_(plan),
          random_(plan.seed),
          users_(make_simulated_users()),
          world_(plan.seed + 1, names_of(users_)),
          model_(world_, simulated_rules),
          faulty_(loop, server, daemons_count, plan.seed + 2,
                  plan.has_kills ? fault_rates_with_kills : fault_rates, plan.mutant),
          reapers_(plan.seed + 3) {
        store.rules = simulated_rules;
        for (auto& user : users_) {
            if (user.is_known) user.id = make_user(user.name, user.balance).id;
            model_.add_user(user.name, user.balance ? std::optional(user.balance->count()) : std::nullopt);
        }
        for (std::size_t index = 0; index < daemons_count; ++index) {
            clock_skews_.push_back(store::Seconds(up_to(2 * daemon_skew_max.count())) - daemon_skew_max);
            daemons_.push_back(make_daemon(index));
        }
        quiet_down();
    }

    SimulationOutcome play() {
        SimulationOutcome outcome;
        std::size_t leaps_done = 0;
        try {
            while (events_ < plan_.events) {
                step();
                const bool is_leap_due = events_ * (leaps.size() + 1) > plan_.events * (leaps_done + 1);
                if (is_leap_due && leaps_done < leaps.size()) leap(leaps[leaps_done++]);
            }
            check_all();
        } catch (const std::runtime_error& violation) {
            outcome.violation = violation.what();
        }
        outcome.events = events_;
        outcome.faults = faults_;
        outcome.digest = faulty_.digest();
        faulty_.set_calm(true);
        for (auto& daemon : daemons_)
            retire(*daemon);
        outcome.in_batches = in_batches_;
        outcome.by_script = by_script_;
        outcome.conflicts = conflicts_;
        // What is still under way after a violation ends while everything it speaks of is there.
        loop.restart();
        loop.poll();
        return outcome;
    }

private:
    struct SentCredit {
        std::size_t user{};
        store::NewCredit credit;
        std::optional<bool> is_done{};  // nullopt: nobody knows yet
    };

    int up_to(int most) { return std::uniform_int_distribution<>(0, most)(random_); }
    bool happens(int percent) { return up_to(99) < percent; }
    std::size_t any(std::size_t count) {
        return static_cast<std::size_t>(up_to(static_cast<int>(count) - 1));
    }

    std::unique_ptr<Daemon> make_daemon(std::size_t index) {
        // A deliberate mistake is one of a script.
        const auto road = plan_.mutant ? ReportRoad::by_script : ReportRoad::in_company;
        return std::make_unique<Daemon>(loop, faulty_.address(index), secrets, log, road);
    }

    void retire(Daemon& daemon) {
        daemon.redis.stop();
        const auto& counts = daemon.report_batches.counts();
        in_batches_ += counts.in_batches;
        by_script_ += counts.by_script;
        conflicts_ += counts.conflicts;
    }

    auto calmly(auto ask) {
        auto answer = run(ask());
        for (int tries = 1; !answer && answer.error() == store::Error::unavailable && tries < calm_tries_max;
             ++tries) {
            quiet_down();
            answer = run(ask());
        }
        return answer;
    }

    void step() {
        model_.begin_step();
        auto arrivals = world_.next();
        std::vector<awaitable<int>> tasks;
        for (std::size_t i = 0; i < arrivals.size(); ++i) {
            const auto daemon = any(daemons_count);
            arrivals[i] = as_seen_by(daemon, std::move(arrivals[i]));
            tasks.push_back(deliver(daemon, arrivals[i]));
        }
        auto credit = happens(10) ? choose_credit() : std::nullopt;
        if (credit) tasks.push_back(send_credit(any(daemons_count), credit->credit));
        const auto moved = happens(4) ? std::optional(any(users_.size() - 1)) : std::nullopt;
        if (moved) tasks.push_back(move(any(daemons_count), *moved, 1 + up_to(2)));
        for (auto& task : reapers_.tasks(daemons_, clock_skews_, world_.time()))
            tasks.push_back(std::move(task));

        faulty_.set_calm(false);
        const auto answers = run_all(std::move(tasks));  // first those to the reports
        quiet_down();
        events_ += arrivals.size();

        std::set<std::size_t> touched;
        for (const auto& closing : reapers_.take_closings()) {
            const auto user = user_of(closing.tag);
            model_.note_closing(user, closing);
            touched.insert(user);
        }
        for (std::size_t i = 0; i < arrivals.size(); ++i) {
            model_.note(arrivals[i], answers[i] != 0);
            if (answers[i] != 0) world_.answer(arrivals[i]);
            note_touched(arrivals[i], touched);
        }
        if (credit) {
            finish(*credit, !touched.contains(credit->user));
            touched.insert(credit->user);
        }
        if (moved) {
            finish_move(*moved);
            touched.insert(*moved);
        }
        for (const auto user : touched)
            check(user);
        if (happens(3)) change_a_balance();
        if (happens(6)) change_an_expiration();
        if (happens(2)) check_statement(*this, users_[any(users_.size() - 1)].id);
    }

    void leap(WorldSeconds by) {
        world_.leap(by);
        reapers_.leap();
        std::erase_if(credits_, [&](const SentCredit& sent) {
            return world_.time() - sent.credit.now > credit_repeats_max;
        });
    }

    void note_touched(const Arrival& arrival, std::set<std::size_t>& touched) const {
        for (const auto& stay : world_.stays()) {
            const bool is_meant =
                arrival.stay ? &stay == &world_.stays()[*arrival.stay] : stay.nas == arrival.nas;
            if (is_meant) touched.insert(stay.user);
        }
    }

    // By its clock.
    Arrival as_seen_by(std::size_t daemon, Arrival arrival) const {
        const auto skew = clock_skews_[daemon];
        const auto blur = world_.is_stamped(arrival.nas) ? 0s : skew;
        std::visit(
            [&](auto& message) {
                message.received_at += skew;
                message.event_time += blur;
            },
            arrival.message);
        return arrival;
    }

    // Half of the NASes send the Class of the login back, and call the user by a name that is another's by
    // now.
    void bind_to_user(const Arrival& arrival, store::AccountingRecord& record) const {
        const auto user = world_.stays()[*arrival.stay].user;
        const bool sends_class = arrival.nas % 2 == 1 && users_[user].is_known;
        if (!sends_class) return;
        record.user = users_[user].id;
        record.username = users_[(user + 1) % users_.size()].name;
    }

    // 1 if it was answered.
    awaitable<int> deliver(std::size_t index, Arrival arrival) {
        auto& daemon = *daemons_[index];
        if (const auto* restart = std::get_if<store::NasRestart>(&arrival.message)) {
            const auto closed = co_await daemon.ledger.close_sessions_of(*restart);
            co_return closed ? 1 : 0;
        }
        auto record = std::get<store::AccountingRecord>(arrival.message);
        bind_to_user(arrival, record);
        const auto applied = co_await daemon.ledger.apply(record);
        co_return applied ? 1 : 0;
    }

    std::size_t user_of(const store::UserTag& tag) const {
        const auto found =
            std::ranges::find(users_, tag.text, [](const SimulatedUser& user) { return user.tag().text; });
        if (found == users_.end()) throw Violation("nobody has the tag " + tag.text);
        return static_cast<std::size_t>(found - users_.begin());
    }

    // A new one, or one that was sent before.
    std::optional<SentCredit> choose_credit() {
        if (!credits_.empty() && happens(40)) return credits_[any(credits_.size())];
        const auto user = any(users_.size() - 2);
        if (!model_.is_metered(user)) return {};
        SentCredit sent{user, {}};
        sent.credit = {.user = users_[user].id,
                       .seconds = store::Seconds(happens(40) ? -choose_debit(user) : up_to(1500) + 1),
                       .reason = "simulated",
                       .source = "simulation",
                       .idempotency_key = "key " + std::to_string(++credit_keys_),
                       .now = world_.time()};
        return sent;
    }

    // Some a little less, or a little more, than what is left.
    std::int64_t choose_debit(std::size_t user) {
        const auto left = happens(50) ? model_.left_of(user, world_.time()) : 0;
        return std::max<std::int64_t>(1, left + up_to(debit_max) - up_to(debit_max));
    }

    awaitable<int> send_credit(std::size_t daemon, store::NewCredit credit) {
        co_await daemons_[daemon]->credits.add(std::move(credit));
        co_return 0;
    }

    // The client asks until it is answered; a repeat of what was answered changes nothing.
    void finish(SentCredit sent, bool is_alone) {
        const auto added = calmly([&] { return daemons_[0]->credits.add(sent.credit); });
        const bool is_done = added.has_value();
        if (!is_done && added.error() != store::Error::insufficient_balance)
            throw Violation("a credit was answered with: " + added.error().message());
        if (sent.is_done) {
            if (*sent.is_done != is_done) throw Violation("a repeated credit was answered otherwise");
            return;
        }
        if (is_alone) model_.check_debit(sent.user, sent.credit.seconds.count(), sent.credit.now, is_done);
        if (is_done) model_.note_credit(sent.user, sent.credit.seconds.count());
        sent.is_done = is_done;
        credits_.push_back(std::move(sent));
    }

    awaitable<int> move(std::size_t daemon, std::size_t user, store::OrganizationId organization) {
        users_[user].organization = organization;
        co_await daemons_[daemon]->users.change(users_[user].id,
                                                {
                                                    {"organization", std::to_string(organization)}
        },
                                                {}, "simulation", world_.time());
        co_return 0;
    }

    void finish_move(std::size_t index) {
        const auto& user = users_[index];
        const auto changed = calmly([&] {
            return daemons_[0]->users.change(user.id,
                                             {
                                                 {"organization", std::to_string(user.organization)}
            },
                                             {}, "simulation", world_.time());
        });
        if (!changed) throw Violation("a user could not be moved: " + changed.error().message());
        store::SessionIndexUpkeep upkeep(store.redis, simulated_rules);
        while (until_acknowledged([&] { return upkeep.step(world_.time()); }) !=
               store::SessionIndexUpkeep::Progress::complete) {
        }
    }

    // Set, or no longer metered, or metered again.
    void change_a_balance() {
        model_.begin_step();
        const auto index = any(users_.size() - 1);
        const bool is_free = users_[index].name == "free";
        const bool is_cleared = is_free && model_.is_metered(index);
        const store::Balance balance = is_cleared ? store::Balance() : std::chrono::seconds(up_to(3000));
        change(index, {}, std::optional(balance));
        model_.note_balance(index, balance ? std::optional(balance->count()) : std::nullopt, world_.time());
        check(index);
    }

    void change_an_expiration() {
        model_.begin_step();
        const auto index = any(users_.size() - 1);
        auto& expiration = users_[index].expiration;
        expiration.reset();
        if (happens(60)) expiration = world_.time() + store::Seconds(up_to(200));
        change(index,
               {
                   {"expiration", expiration ? std::optional(store::decimal(*expiration)) : std::nullopt}
        },
               {});
        check(index);
    }

    // The client asks until it is answered.
    void change(std::size_t index, const store::FieldChanges& changes,
                std::optional<store::Balance> balance) {
        const auto attempt = [&](std::size_t daemon) {
            return daemons_[daemon]->users.change(users_[index].id, changes, balance, "simulation",
                                                  world_.time());
        };
        faulty_.set_calm(false);
        (void)run(attempt(any(daemons_count)));
        quiet_down();
        const auto changed = calmly([&] { return attempt(0); });
        if (!changed) throw Violation("a user could not be changed: " + changed.error().message());
    }

    // What was sent unawaited arrives too. A daemon whose connection broke may have died, and comes back
    // knowing nothing.
    void quiet_down() {
        faulty_.set_calm(true);
        const auto broken = faulty_.take_broken();
        faults_ += broken.size();
        for (const auto index : broken) {
            if (!happens(50)) continue;
            retire(*daemons_[index]);
            daemons_[index] = make_daemon(index);
        }
        for (auto& daemon : daemons_) {
            for (int tries = 0;; ++tries) {
                if (!run(daemon->redis.wait_until_ready(ready_limit)))
                    throw std::runtime_error("a daemon does not come up");
                if (run(daemon->redis.execute(store::Pipeline().add({"PING"})))) break;
                if (tries == tries_max) throw std::runtime_error("a daemon has no Redis");
            }
        }
    }

    // ---- invariants

    void check_all() {
        for (std::size_t user = 0; user < users_.size(); ++user) {
            check(user);
            if (users_[user].is_known) check_statement(*this, users_[user].id);
        }
    }

    void check(std::size_t index) {
        const auto& user = users_[index];
        const auto account = read_account(*this, user.tag(), world_.time());
        model_.check(index, account);
        model_.check_left(index, account, world_.time());
        const bool is_published = model_.is_acknowledged(index);
        if (is_published) check_deadline(account, user.expiration, world_.time(), user.name);
        check_lists(*this, model_, index, user.tag(),
                    user.is_known ? user.organization : store::unknown_organization, account);
    }

    const SimulationPlan plan_;
    std::mt19937 random_;
    std::vector<SimulatedUser> users_;
    World world_;
    LedgerModel model_;
    FaultyRedis faulty_;
    std::vector<std::unique_ptr<Daemon>> daemons_;
    std::vector<std::chrono::seconds> clock_skews_;
    std::vector<SentCredit> credits_;
    Reapers reapers_;
    int credit_keys_ = 0;
    std::size_t events_ = 0;
    std::size_t faults_ = 0;
    std::uint64_t in_batches_ = 0;
    std::uint64_t by_script_ = 0;
    std::uint64_t conflicts_ = 0;
};

}  // namespace

SimulationOutcome simulate(const SimulationPlan& plan) {
    return Simulation(plan).play();
}

}  // namespace hourglass::test
