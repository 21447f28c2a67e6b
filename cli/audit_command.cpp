// hourglass audit: is the ledger of every user right, and does every index name what is there?
#include "cli/audit.hpp"
#include "cli/commands.hpp"
#include "cli/progress.hpp"
#include "cli/show.hpp"
#include "cli/table.hpp"
#include "cli/usage.hpp"

#include <memory>

namespace hourglass::cli {

namespace {

struct AuditOptions {
    std::string organization;
    std::string rate;
    std::string after;
};

Query query_of(const AuditOptions& options) {
    Query query;
    if (!options.organization.empty()) query.emplace_back("organization", options.organization);
    if (!options.rate.empty()) query.emplace_back("rate", options.rate);
    if (!options.after.empty()) query.emplace_back("after", options.after);
    return query;
}

// The same command again, from where it broke off.
std::string advice(const AuditOptions& options, const std::string& cursor) {
    auto command = std::string("hourglass audit");
    if (!options.organization.empty()) command += " --organization " + options.organization;
    if (!options.rate.empty()) command += " --rate " + options.rate;
    return command + " --after " + cursor + " goes on from there.";
}

// Status 1 is for violations alone.
ExitStatus status_of(const Failure& failure) {
    return failure.status() == ExitStatus::refused ? ExitStatus::usage : failure.status();
}

void print_violation(Context& context, const Json& violation) {
    if (context.as_json)
        context.out << violation.dump(-1, ' ', true) << '\n';
    else
        context.out << printable(violation_text(violation)) << '\n';
    context.out.flush();
}

ExitStatus audit(Context& context, const AuditOptions& options) {
    Progress progress("users");
    AuditReader reader;
    reader.take_violation = [&](const Json& violation) {
        progress.clear();
        print_violation(context, violation);
    };
    reader.take_progress = [&](const Json& line) {
        const auto checked = line.value("checked", std::uint64_t{});
        const auto users = line.value("of", std::uint64_t{});
        progress.show(checked, users == 0 ? std::optional<double>()
                                          : static_cast<double>(checked) / static_cast<double>(users));
    };

    AuditResult result;
    try {
        result = reader.run(context.api, query_of(options));
    } catch (const Failure& failure) {
        progress.clear();
        const bool is_resumable = !reader.cursor().empty();
        throw Failure(status_of(failure), failure.what(),
                      is_resumable ? advice(options, reader.cursor()) : failure.advice());
    }
    progress.clear();
    if (context.as_json) {
        print_json(context.out, {
                                    {"checked",    result.checked   },
                                    {"violations", result.violations}
        });
    } else {
        context.out << result.checked << " users checked, " << result.violations << " violations.\n";
    }
    return result.violations == 0 ? ExitStatus::ok : ExitStatus::refused;
}

}  // namespace

void add_audit_command(CLI::App& line, Command& chosen) {
    auto options = std::make_shared<AuditOptions>();
    auto* command = line.add_subcommand(
        "audit", "Check every user's ledger, print what is wrong; exit status 1 if anything is");
    command->add_option("--organization", options->organization, "Only this organization's users")
        ->check(expect_number);
    command->add_option("--rate", options->rate, "Users a second; 1000, so that logins do not suffer")
        ->check(expect_positive);
    command->add_option("--after", options->after, "Go on where an audit was interrupted: it said where");
    command->callback(
        [&chosen, options] { chosen = [options](Context& context) { return audit(context, *options); }; });
}

}  // namespace hourglass::cli
