// hourglass session disconnect: asks for the end of sessions, waits for what their NASes say to it, and
// tells.
#include "cli/commands.hpp"
#include "cli/disconnect_outcome.hpp"
#include "cli/session_filter.hpp"
#include "cli/session_table.hpp"
#include "cli/show.hpp"
#include "cli/table.hpp"
#include "cli/terminal.hpp"
#include "cli/usage.hpp"

#include <algorithm>
#include <memory>
#include <thread>

namespace hourglass::cli {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds poll_interval{500};
constexpr std::int64_t wait_seconds_usual = 20;  // a NAS that is silent is given up within about so long

struct Options {
    std::vector<std::string> ids;
    SessionFilter filter;
    std::int64_t wait_seconds = wait_seconds_usual;
    bool yes{};
};

std::string path_of(const Json& session) {
    return "/session/" + shown(session.at("radacctid")) + "/";
}

std::string name_of(const Json& session) {
    const auto readable = readable_session(session);
    return "Session " + shown(session.at("radacctid")) + " of " + shown(session.at("username")) + " at " +
           shown(readable.at("nas"));
}

Json find_sessions(Api& api, const Options& options) {
    if (options.ids.empty() == options.filter.is_empty()) {
        throw Failure(ExitStatus::usage, "Say which sessions: by id, or by --user, --nas and the like.",
                      "hourglass session list shows them.");
    }
    if (options.ids.empty()) return api.list("/session/", options.filter.resolve(api), std::nullopt);
    auto sessions = Json::array();
    for (const auto& id : options.ids)
        sessions.push_back(
            api.get("/session/" + id + "/", {}, "There is no session with the id " + id + "."));
    return sessions;
}

void expect_consent(const Json& sessions, const Options& options) {
    if (sessions.size() < 2 || options.yes) return;
    if (!confirm("Disconnect " + std::to_string(sessions.size()) + " sessions?"))
        throw Failure(ExitStatus::refused, "No session was disconnected.");
}

// One that ended meanwhile needs no asking.
void request_end(Api& api, const Json& session) {
    try {
        api.post(path_of(session) + "disconnect/", Json::object());
    } catch (const Failure& failure) {
        const auto now = api.get(path_of(session), {}, "The session is not remembered any more.");
        if (now.value("session_status", "") == "active") throw;
    }
}

void tell(Context& context, const Json& session) {
    if (context.as_json) return;
    context.out << printable(name_of(session) + ": " + disconnect_outcome(session) + ".") << '\n';
    context.out.flush();
}

// Each as it stands once its NAS has answered, or at the end of the wait.
Json await_outcomes(Context& context, const Json& sessions, std::chrono::seconds limit) {
    const auto deadline = Clock::now() + limit;
    auto answered = Json::array();
    auto pending = sessions;
    while (!pending.empty()) {
        const bool is_over = Clock::now() >= deadline;
        auto still_pending = Json::array();
        for (const auto& asked : pending) {
            auto session = context.api.get(path_of(asked));
            if (is_disconnect_pending(session) && !is_over) {
                still_pending.push_back(std::move(session));
            } else {
                tell(context, session);
                answered.push_back(std::move(session));
            }
        }
        pending = std::move(still_pending);
        if (!pending.empty()) std::this_thread::sleep_for(poll_interval);
    }
    return answered;
}

ExitStatus disconnect(Context& context, const Options& options) {
    const auto sessions = find_sessions(context.api, options);
    expect_consent(sessions, options);
    for (const auto& session : sessions)
        request_end(context.api, session);
    const auto answered = await_outcomes(context, sessions, std::chrono::seconds(options.wait_seconds));
    if (context.as_json) print_json(context.out, answered);
    if (answered.empty() && !context.as_json) context.out << "There is no such session running.\n";
    return std::ranges::all_of(answered, is_disconnect_good) ? ExitStatus::ok : ExitStatus::refused;
}

}  // namespace

void add_session_disconnect_command(CLI::App& session, Command& chosen) {
    auto options = std::make_shared<Options>();
    auto* command = session.add_subcommand(
        "disconnect", "Have the NAS end sessions; exit status 1 unless it agrees to each");
    command->add_option("id", options->ids, "Ids of sessions, as `session list` shows them")
        ->check(expect_number);
    add_session_filter_flags(*command, options->filter);
    command->add_option("--wait", options->wait_seconds, "Seconds to wait for answers; 20 unless it is said")
        ->check(expect_number);
    command->add_flag("-y,--yes", options->yes, "Do not ask, however many they are");
    command->callback([&chosen, options] {
        chosen = [options](Context& context) { return disconnect(context, *options); };
    });
}

}  // namespace hourglass::cli
