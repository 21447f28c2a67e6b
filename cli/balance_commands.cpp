// hourglass credit|ledger
#include "cli/commands.hpp"
#include "cli/duration.hpp"
#include "cli/show.hpp"
#include "cli/table.hpp"
#include "cli/usage.hpp"
#include "cli/user_argument.hpp"

#include <array>
#include <memory>
#include <random>

namespace hourglass::cli {

namespace {

// A balance in a ledger: null where there was none to speak of.
std::string shown_seconds(const Json& seconds) {
    return seconds.is_null() ? "-" : shown_time(seconds);
}

std::string shown_change(const Json& seconds) {
    const bool is_credit = seconds.is_number_integer() && seconds.get<std::int64_t>() > 0;
    return (is_credit ? "+" : "") + shown_time(seconds);
}

constexpr std::array columns{
    Column{"TIME", "time"},
    Column{"CHANGE", "seconds", shown_change},
    Column{"BEFORE", "before", shown_seconds},
    Column{"AFTER", "after", shown_seconds},
    Column{"SOURCE", "source"},
    Column{"REASON", "reason"},
};

// 128 random bits.
std::string new_idempotency_key() {
    std::random_device random;
    std::array<char, 33> digits{};
    std::snprintf(digits.data(), digits.size(), "%08x%08x%08x%08x", random(), random(), random(), random());
    return digits.data();
}

void print_credit(Context& context, const std::string& user, const Json& entry) {
    if (context.as_json) return print_json(context.out, entry);
    context.out << printable(user) << ": " << shown_change(entry.value("seconds", Json{})) << ", "
                << shown_seconds(entry.value("before", Json{})) << " before, "
                << shown_seconds(entry.value("after", Json{})) << " now.\n";
}

void add_credit(CLI::App& line, Command& chosen) {
    struct Options {
        std::string user;
        std::chrono::seconds amount{};
        std::string reason;
        std::string key;
    };
    auto options = std::make_shared<Options>();
    auto* command = line.add_subcommand("credit", "Put time onto a user's balance, or take it off, once");
    command->add_option("user", options->user, user_help)->required();
    command
        ->add_option_function<std::string>(
            "time",
            [options](const std::string& text) {
                const auto amount = parse_signed_duration(text);
                if (!amount)
                    throw CLI::ValidationError("time", "\"" + text + "\" is no time such as +1h30m or -600");
                options->amount = *amount;
            },
            "How much, such as +1h30m, -45m or 3600 (seconds)")
        ->required();
    command->add_option("--reason", options->reason, "Why; kept in the ledger");
    command->add_option("--key", options->key, "Idempotency key of an earlier try, so that it counts once");
    command->callback([&chosen, options] {
        chosen = [options](Context& context) {
            const auto user = context.api.find_user(options->user);
            const auto key = options->key.empty() ? new_idempotency_key() : options->key;
            Json body{
                {"seconds", options->amount.count()}
            };
            if (!options->reason.empty()) body["reason"] = options->reason;
            try {
                print_credit(context, shown(user.at("username")),
                             context.api.post_once(user_path(user) + "credit/", body, key));
            } catch (const Failure& failure) {
                if (!failure.is_outcome_unknown()) throw;
                throw Failure(failure.status(), failure.what(),
                              "The balance may have changed or not. The same command with --key " + key +
                                  " finishes it, and never counts twice.");
            }
            return ExitStatus::ok;
        };
    });
}

void add_ledger(CLI::App& line, Command& chosen) {
    struct Options {
        std::string user;
        std::optional<std::uint64_t> limit;
    };
    auto options = std::make_shared<Options>();
    auto* command = line.add_subcommand("ledger", "Every change of a user's balance, newest first");
    command->add_option("user", options->user, user_help)->required();
    command->add_option("--limit", options->limit, "At most so many; otherwise all")->check(expect_positive);
    command->callback([&chosen, options] {
        chosen = [options](Context& context) {
            const auto user = context.api.find_user(options->user);
            auto ledger = context.api.collect(user_path(user) + "ledger/", {}, options->limit);
            ledger.erase("next");
            ledger.erase("previous");
            if (context.as_json) {
                print_json(context.out, ledger);
                return ExitStatus::ok;
            }
            print_list(context.out, ledger.at("results"), columns);
            context.out << "\ncredited " << shown_seconds(ledger.value("credited", Json{})) << ", consumed "
                        << shown_seconds(ledger.value("consumed", Json{})) << ", left "
                        << shown_time(ledger.value("balance", Json{})) << '\n';
            return ExitStatus::ok;
        };
    });
}

}  // namespace

void add_balance_commands(CLI::App& line, Command& chosen) {
    add_credit(line, chosen);
    add_ledger(line, chosen);
}

}  // namespace hourglass::cli
