// hourglass status: is the daemon there, may it be relied on, what is it doing, and what needs a hand?
#include "cli/commands.hpp"
#include "cli/facts.hpp"
#include "cli/finding_text.hpp"
#include "cli/findings.hpp"
#include "cli/show.hpp"
#include "cli/status_figures.hpp"
#include "cli/status_screen.hpp"
#include "cli/usage.hpp"

#include <memory>
#include <thread>

namespace hourglass::cli {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds rate_interval{1};
constexpr std::int64_t watch_seconds_usual = 2;

struct Options {
    bool is_watched{};
    std::int64_t interval_seconds = watch_seconds_usual;
};

struct Look {
    Facts facts;
    std::vector<Finding> findings;
    Json status;
};

MetricsReading read_metrics(Api& api) {
    const auto page = api.get_page("/metrics");
    return {page.status == 200 ? page.body : std::string(), Clock::now()};
}

Look look(Api& api, const MetricsReading& before) {
    Look look{.facts = gather_facts(api), .findings = {}, .status = {}};
    const auto& facts = look.facts;
    const MetricsReading after{facts.metrics, Clock::now()};
    look.findings = examine(facts);
    look.status = {
        {"url",          facts.url        },
        {"alive",        facts.is_alive   },
        {"ready",        facts.is_ready   },
        {"tool_version", HOURGLASS_VERSION},
    };
    if (!facts.metrics.empty()) {
        look.status.update(totals_of(facts.metrics, std::chrono::system_clock::now()));
        look.status["rates"] = rates_between(before, after);
        look.status["latencies"] = latencies_between(before, after);
        look.status["rejects"] = top_rejects(facts.metrics);
    }
    look.status["condition"] = facts.status;
    look.status["findings"] = to_json(look.findings);
    return look;
}

ExitStatus show_status(Context& context) {
    const auto before = read_metrics(context.api);
    if (!before.text.empty()) std::this_thread::sleep_for(rate_interval);
    const auto [facts, findings, status] = look(context.api, before);
    if (context.as_json) {
        print_json(context.out, status);
    } else {
        const auto paint = Paint::for_output();
        for (const auto& line : status_screen(status, findings))
            context.out << paint(line.colour, line.text) << '\n';
    }
    context.out.flush();
    if (!facts.is_alive) {
        throw Failure(ExitStatus::unreachable, "What answers at " + facts.url + " is not hourglassd.");
    }
    if (!facts.is_ready) {
        throw Failure(ExitStatus::unavailable, "The daemon runs, but its store is away or not safe to use.",
                      "The daemon's log says what is wrong: journalctl -u hourglassd.");
    }
    return ExitStatus::ok;
}

ExitStatus watch_status(Context& context, std::chrono::seconds interval) {
    if (context.as_json || !LiveScreen::is_possible()) {
        throw Failure(ExitStatus::usage, "There is no terminal to watch it on.",
                      "hourglass status --json, now and then, is what scripts want.");
    }
    LiveScreen screen;
    auto before = read_metrics(context.api);
    for (auto wait = rate_interval;; wait = interval) {
        if (screen.wait_for_key(wait) == LiveScreen::quit) return ExitStatus::ok;
        screen.draw_if_there([&] {
            const auto now = look(context.api, before);
            before = {now.facts.metrics, Clock::now()};
            return status_screen(now.status, now.findings);
        });
    }
}

}  // namespace

void add_status_command(CLI::App& line, Command& chosen) {
    auto options = std::make_shared<Options>();
    auto* command = line.add_subcommand(
        "status", "Is the daemon reachable and ready, what is it doing, and what needs a hand?");
    auto* watch = command->add_flag("--watch", options->is_watched, "Refresh it in place until q or Ctrl-C");
    command
        ->add_option("--interval", options->interval_seconds,
                     "Seconds between two looks; 2 unless it is said")
        ->check(expect_positive)
        ->needs(watch);
    command->callback([&chosen, options] {
        chosen = [options](Context& context) {
            return options->is_watched
                       ? watch_status(context, std::chrono::seconds(options->interval_seconds))
                       : show_status(context);
        };
    });
}

}  // namespace hourglass::cli
