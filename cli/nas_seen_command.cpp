// hourglass nas seen: the addresses that RADIUS packets came from. The place to look when a NAS is not let
// in.
#include "cli/commands.hpp"
#include "cli/show.hpp"
#include "cli/usage.hpp"

#include <array>
#include <memory>

namespace hourglass::cli {

namespace {

std::string sum(const Json& traffic, std::initializer_list<const char*> counts) {
    std::uint64_t total = 0;
    for (const auto* count : counts)
        total += traffic.value(count, std::uint64_t{0});
    return std::to_string(total);
}

std::string shown_requests(const Json& traffic) {
    return sum(traffic, {"access_requests", "accounting_requests", "status_requests", "repeats"});
}

std::string shown_answers(const Json& traffic) {
    return sum(traffic, {"access_accepts", "access_rejects", "accounting_responses"});
}

std::string shown_drops(const Json& traffic) {
    const auto drops = traffic.value("drops", Json::object());
    std::string text;
    for (const auto& [reason, count] : drops.items())
        text += (text.empty() ? "" : ", ") + count.dump() + " " + reason;
    return text.empty() ? "-" : text;
}

constexpr std::array columns{
    Column{"ADDRESS", "address"},
    Column{"NAS", "nas"},
    Column{"IDENTIFIER", "nas_identifier"},
    Column{"LAST SEEN", "last_seen"},
    Column{"REQUESTS", "traffic", shown_requests},
    Column{"ANSWERS", "traffic", shown_answers},
    Column{"DROPS", "traffic", shown_drops},
};

}  // namespace

void add_nas_seen_command(CLI::App& nas, Command& chosen) {
    struct Options {
        Query filters;
        std::optional<std::uint64_t> limit;
    };
    auto options = std::make_shared<Options>();
    auto* command =
        nas.add_subcommand("seen", "List the addresses that asked, known or not, the last one first");
    command->add_flag_callback(
        "--unknown", [options] { options->filters.emplace_back("known", "false"); },
        "Only those without anything authentic: no NAS there, or a wrong secret");
    command->add_option_function<std::string>(
        "--address",
        [options](const std::string& address) { options->filters.emplace_back("address", address); },
        "Only this address, or those of this prefix");
    command->add_option("--limit", options->limit, "At most so many; otherwise all")->check(expect_positive);
    command->callback([&chosen, options] {
        chosen = [options](Context& context) {
            const auto seen = context.api.list("/nas/seen/", options->filters, options->limit);
            context.as_json ? print_json(context.out, seen) : print_list(context.out, seen, columns);
            return ExitStatus::ok;
        };
    });
}

}  // namespace hourglass::cli
