// hourglass session list|show|disconnect|watch
#include "cli/commands.hpp"
#include "cli/session_filter.hpp"
#include "cli/session_table.hpp"
#include "cli/show.hpp"
#include "cli/usage.hpp"

#include <algorithm>
#include <array>
#include <iostream>
#include <memory>

namespace hourglass::cli {

namespace {

constexpr std::uint64_t listed_usually = 100;  // a busy daemon has a hundred thousand

// Which sessions, where the API lists them, and what it takes to see those alone.
struct State {
    const char* name;
    const char* path;
    const char* status;  // for session_status; empty: not said
};

constexpr std::array states{
    State{"running", "/session/",        ""         },
    State{"ended",   "/aaa_accounting/", "completed"},
    State{"all",     "/aaa_accounting/", ""         },
};

struct ListOptions {
    SessionFilter filter;
    std::string state = states.front().name;
    std::string since;
    std::string until;
    std::string order;
    std::uint64_t limit = listed_usually;
    bool is_unlimited{};
};

Query query_of(Api& api, const ListOptions& options, const State& state) {
    auto query = options.filter.resolve(api);
    if (*state.status != '\0') query.emplace_back("session_status", state.status);
    if (!options.since.empty()) query.emplace_back("start_date", options.since);
    if (!options.until.empty()) query.emplace_back("end_date", options.until);
    return query;
}

// To standard error, where scripts do not mistake it for a session.
void tell_of_more(const Json& page) {
    const auto count = page.value("count", Json{});
    const auto is_cut = page.value("next", Json{}).is_string();
    const auto shown_count = page.at("results").size();
    if (!is_cut || (count.is_number_unsigned() && count.get<std::uint64_t>() <= shown_count)) return;
    std::cerr << "hourglass: The newest " << shown_count
              << (count.is_number() ? " of " + count.dump() : std::string())
              << " sessions; --limit N or --all shows more.\n";
}

void print_sessions(std::ostream& out, Json sessions) {
    for (auto& session : sessions)
        session = readable_session(std::move(session));
    print_list(out, sessions, session_columns());
}

ExitStatus list_sessions(Context& context, const ListOptions& options) {
    const auto* const state = std::ranges::find(states, options.state, &State::name);
    const auto limit = options.is_unlimited ? std::nullopt : std::optional(options.limit);
    auto page = context.api.collect(state->path, query_of(context.api, options, *state), limit);
    auto sessions = page["results"];
    if (!options.order.empty()) sort_sessions(sessions, options.order);
    context.as_json ? print_json(context.out, sessions) : print_sessions(context.out, sessions);
    context.out.flush();
    tell_of_more(page);
    return ExitStatus::ok;
}

void add_list(CLI::App& session, Command& chosen) {
    auto options = std::make_shared<ListOptions>();
    auto* command =
        session.add_subcommand("list", "List sessions, those that run or have ended, newest first");
    add_session_filter_flags(*command, options->filter);
    std::vector<std::string> names;
    for (const auto& state : states)
        names.emplace_back(state.name);
    command->add_option("--state", options->state, "running (default), ended, or all that are remembered")
        ->check(CLI::IsMember(names));
    command->add_option("--since", options->since,
                        "Begun not before this day or time, such as 2027-01-31 or 2027-01-31T12:00:00Z");
    command->add_option("--until", options->until, "Begun not after this day or time");
    command
        ->add_option(
            "--sort", options->order,
            "Those that are shown by start, duration, report (the oldest first), down, up, user or nas")
        ->check(CLI::IsMember(session_orders()));
    auto* limit = command->add_option("--limit", options->limit, "At most so many; 100 unless --all")
                      ->check(expect_positive);
    command->add_flag("--all", options->is_unlimited, "However many there are")->excludes(limit);
    command->callback([&chosen, options] {
        chosen = [options](Context& context) { return list_sessions(context, *options); };
    });
}

void add_show(CLI::App& session, Command& chosen) {
    auto id = std::make_shared<std::string>();
    auto* command = session.add_subcommand("show", "Show one session, and what became of ending it");
    command->add_option("id", *id, "Id of the session, as `session list` shows it")
        ->required()
        ->check(expect_number);
    command->callback([&chosen, id] {
        chosen = [id](Context& context) {
            const auto found = context.api.get("/aaa_accounting/" + *id + "/", {},
                                               "There is no session with the id " + *id + ".");
            context.as_json ? print_json(context.out, found) : print_record(context.out, flattened(found));
            return ExitStatus::ok;
        };
    });
}

}  // namespace

void add_session_commands(CLI::App& line, Command& chosen) {
    auto* session = line.add_subcommand("session", "Sessions: who is online, where, and ending them");
    session->require_subcommand(1);
    add_list(*session, chosen);
    add_show(*session, chosen);
    add_session_disconnect_command(*session, chosen);
    add_session_watch_command(*session, chosen);
}

}  // namespace hourglass::cli
