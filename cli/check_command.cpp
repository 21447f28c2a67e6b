// hourglass check: everything one would look at by hand at three in the morning.
#include "cli/commands.hpp"
#include "cli/duration.hpp"
#include "cli/finding_text.hpp"
#include "cli/findings.hpp"
#include "cli/show.hpp"

#include <algorithm>
#include <memory>

namespace hourglass::cli {

namespace {

struct Options {
    Patience patience;
    bool is_strict{};
    bool is_quiet{};
};

ExitStatus verdict(const std::vector<Finding>& findings, const Facts& facts, bool is_strict) {
    if (!facts.is_alive) return ExitStatus::unreachable;
    const auto least = is_strict ? Level::warning : Level::failure;
    const bool is_bad = std::ranges::any_of(findings, [&](const auto& each) { return each.level >= least; });
    return is_bad ? ExitStatus::refused : ExitStatus::ok;
}

ExitStatus check(Context& context, const Options& options) {
    const auto facts = gather_facts(context.api);
    const auto findings = examine(facts, options.patience);
    if (context.as_json) {
        print_json(context.out, to_json(findings));
    } else {
        const auto paint = Paint::for_output();
        for (const auto& finding : findings) {
            if (options.is_quiet && finding.level == Level::ok) continue;
            for (const auto& line : lines_of(finding))
                context.out << paint(line.colour, line.text) << '\n';
        }
    }
    return verdict(findings, facts, options.is_strict);
}

}  // namespace

void add_check_command(CLI::App& line, Command& chosen) {
    auto options = std::make_shared<Options>();
    auto* command = line.add_subcommand(
        "check", "Is anything wrong, and what is the next step? Exit status 1 if anything fails");
    command->add_flag("--strict", options->is_strict, "Exit status 1 for warnings too");
    command->add_flag("-q,--quiet", options->is_quiet, "Only what is not ok, as cron likes it");
    command->add_option_function<std::string>(
        "--nas-silence",
        [options](const std::string& text) {
            const auto silence = parse_duration(text);
            if (!silence)
                throw CLI::ValidationError("--nas-silence", "\"" + text + "\" is no time such as 12h");
            options->patience.nas_silence = *silence;
        },
        "Warn of NASes that were silent for longer, such as 12h; a day unless it is said");
    command->callback(
        [&chosen, options] { chosen = [options](Context& context) { return check(context, *options); }; });
}

}  // namespace hourglass::cli
