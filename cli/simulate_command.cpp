// hourglass simulate: a fleet of NASes against a running daemon, over UDP as in life, and at the end the
// question whether each second was charged once.
#include "cli/commands.hpp"
#include "cli/show.hpp"
#include "cli/simulate_options.hpp"
#include "cli/simulated_users.hpp"
#include "cli/table.hpp"
#include "nas/fleet.hpp"

#include <iostream>
#include <memory>
#include <unistd.h>

namespace hourglass::cli {

namespace {

constexpr std::chrono::seconds answer_time_limit{5};
constexpr int seconds_between_lines = 10;  // where there is no terminal
constexpr std::size_t violations_shown_max = 20;

// How the run goes, on standard error: one line that is drawn anew on a terminal, else a line now and then.
class RunningLine {
public:
    void show(const nas::Tally& tally) {
        ++seconds_;
        const auto requests = tally.logins + tally.reports;
        const auto line = std::to_string(tally.online) + " online, " + std::to_string(tally.sessions) +
                          " sessions, " + std::to_string(requests - std::exchange(requests_, requests)) +
                          " requests/s, " + std::to_string(tally.repeats) + " repeats, " +
                          std::to_string(tally.lost) + " lost, " + std::to_string(tally.rejects) +
                          " rejects, " + std::to_string(tally.disconnects) + " disconnects";
        draw(line, seconds_ % seconds_between_lines == 0);
    }
    void show_users(std::size_t count) { draw(std::to_string(count) + " users created", false); }
    void clear() const {
        if (is_terminal_) std::cerr << "\r\x1b[K" << std::flush;
    }

private:
    void draw(const std::string& line, bool is_due) const {
        if (is_terminal_) {
            std::cerr << "\r\x1b[K" << line << std::flush;
        } else if (is_due) {
            std::cerr << line << '\n';
        }
    }

    bool is_terminal_ = isatty(STDERR_FILENO) == 1;
    int seconds_{};
    std::int64_t requests_{};
};

Json result_of(const nas::Plan& plan, const nas::Tally& tally, const Judgement& judgement) {
    Json result{
        {"seed", plan.seed},
        {"run",  plan.run }
    };
    for (const auto& row : nas::tally_rows)
        result[row.name] = tally.*row.count;
    result["consumed"] = judgement.consumed;
    result["uncovered"] = judgement.uncovered;
    result["overdue"] = judgement.overdue;
    result["audited"] = judgement.audited;
    result["violations"] = Json::array();
    for (const auto& violation : judgement.violations) {
        result["violations"].push_back({
            {"username", violation.username},
            {"detail",   violation.sentence}
        });
    }
    return result;
}

void print_result(std::ostream& out, const nas::Plan& plan, const nas::Tally& tally,
                  const Judgement& judgement) {
    Table table;
    for (const auto& row : nas::tally_rows)
        table.add({row.name, std::to_string(tally.*row.count), row.meaning});
    table.add({"consumed", std::to_string(judgement.consumed), "seconds taken from balances"});
    table.add({"uncovered", std::to_string(judgement.uncovered), "seconds used beyond them"});
    table.add({"overdue", std::to_string(judgement.overdue),
               "sessions without an acknowledged Stop: their NAS lost power or gave up"});
    table.add(
        {"audited", std::to_string(judgement.audited), "users whose ledgers the daemon checked by itself"});
    out << table.text() << '\n';

    for (std::size_t i = 0; i < std::min(judgement.violations.size(), violations_shown_max); ++i) {
        const auto& violation = judgement.violations[i];
        out << printable(violation.username) << ": " << printable(violation.sentence) << '\n';
    }
    if (judgement.violations.empty() && tally.sessions > 0) {
        out << "Conserved: each second was charged once, and no session is lost or doubled (--seed "
            << plan.seed << ").\n";
    } else if (!judgement.violations.empty()) {
        out << judgement.violations.size() << " violations (--seed " << plan.seed << ").\n";
    }
}

Failure no_answer(const nas::Plan& plan, const nas::Fleet& fleet) {
    return {ExitStatus::unreachable,
            "The RADIUS server " + plan.auth.address().to_string() + " port " +
                std::to_string(plan.auth.port()) + " does not answer a NAS at " + fleet.address_of_first() +
                ".",
            "Does a [[radius.client]] of the daemon name " + plan.network.to_string() +
                " with this secret? hourglass simulate --help shows it."};
}

nas::Fleet make_fleet(const nas::Plan& plan, std::vector<nas::Account> accounts) {
    try {
        return nas::Fleet(plan, std::move(accounts));
    } catch (const nas::NoSuchPlace& problem) {
        throw Failure(ExitStatus::usage, problem.what());
    }
}

ExitStatus simulate(Context& context, const SimulateOptions& options) {
    context.api.expect_token();
    const auto plan = plan_of(options);
    {
        auto scout = make_fleet(plan, {});
        if (!scout.is_answered(answer_time_limit)) throw no_answer(plan, scout);
    }

    RunningLine line;
    SimulatedUsers users(context.api, options, plan.run, [&](std::size_t count) { line.show_users(count); });
    auto fleet = make_fleet(plan, users.logins());
    fleet.run([&](const nas::Tally& tally) { line.show(tally); });
    line.clear();

    const auto judgement = users.judge(fleet.truths(), plan.run, plan.patience);
    if (context.as_json) {
        print_json(context.out, result_of(plan, fleet.tally(), judgement));
    } else {
        print_result(context.out, plan, fleet.tally(), judgement);
    }
    if (!judgement.violations.empty()) return ExitStatus::refused;
    if (users.are_ours() && !options.keep) users.remove(plan.patience);
    if (fleet.tally().sessions == 0) {
        throw Failure(ExitStatus::refused, "Not one session was begun, so nothing is proven.",
                      "Why logins fail is in the daemon's log, and in hourglass explain.");
    }
    return ExitStatus::ok;
}

}  // namespace

void add_simulate_command(CLI::App& line, Command& chosen) {
    auto options = std::make_shared<SimulateOptions>();
    auto* command = line.add_subcommand(
        "simulate", "Send a fleet of NASes against the daemon; is each second charged once?");
    add_simulate_flags(*command, *options);
    command->callback(
        [&chosen, options] { chosen = [options](Context& context) { return simulate(context, *options); }; });
}

}  // namespace hourglass::cli
