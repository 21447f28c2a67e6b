// hourglass events
#include "cli/commands.hpp"
#include "cli/event_source.hpp"
#include "cli/show.hpp"
#include "cli/table.hpp"
#include "cli/usage.hpp"

#include <array>
#include <iostream>
#include <memory>
#include <thread>

namespace hourglass::cli {

namespace {

constexpr std::chrono::seconds reconnect_delay{2};

constexpr auto shown_fields =
    std::to_array<const char*>({"username", "nas", "session_id", "calling_station_id"});
constexpr auto shown_numbers = std::to_array<const char*>({"organization", "seconds", "balance"});

// "2026-01-31T12:00:00Z  stop  ann  lab  s1  seconds=60  balance=3540  User-Request"
std::string shown_event(const Json& event) {
    std::string line = shown(event.value("time", Json{})) + "  " + shown(event.value("type", Json{}));
    for (const auto* const field : shown_fields)
        line += "  " + shown(event.value(field, Json{}));
    for (const auto* const field : shown_numbers) {
        const auto value = event.value(field, Json{});
        if (!value.is_null()) line += "  " + std::string(field) + "=" + shown(value);
    }
    const auto reason = event.value("reason", Json{});
    return reason.is_null() ? line : line + "  " + shown(reason);
}

// Notices are those of the stream itself: gap, dropped.
void print_event(Context& context, const ServerEvent& event) {
    const auto json = Json::parse(event.data, nullptr, false);
    if (!json.is_object()) return;
    const bool is_notice = json.contains("detail");
    if (is_notice) {
        std::cerr << "hourglass: " << printable(shown(json["detail"])) << '\n';
    } else if (context.as_json) {
        context.out << json.dump(-1, ' ', true) << '\n';
    } else {
        context.out << printable(shown_event(json)) << '\n';
    }
    context.out.flush();
    if (!context.out) throw Failure(ExitStatus::refused, "The output could not be written.");
}

// Until the daemon refuses; whatever else ends the stream, it is resumed where it was.
[[noreturn]] void follow_events(Context& context, const Query& query, const std::string& since) {
    EventSource source;
    bool was_connected = false;
    for (;;) {
        auto resumed = query;
        const auto& position = source.last_event_id().empty() ? since : source.last_event_id();
        if (!position.empty()) resumed.emplace_back("last_event_id", position);
        try {
            context.api.follow("/events/", resumed, [&](std::string_view piece) {
                was_connected = true;
                for (const auto& event : source.take(piece))
                    print_event(context, event);
            });
        } catch (const Failure& failure) {
            if (!was_connected || !failure.is_outcome_unknown()) throw;
        }
        source.restart();
        std::this_thread::sleep_for(reconnect_delay);
    }
}

}  // namespace

void add_event_commands(CLI::App& line, Command& chosen) {
    struct Options {
        std::string types;
        std::string organization;
        std::string since;
    };
    auto options = std::make_shared<Options>();
    auto* command = line.add_subcommand("events", "What happens, as it happens, until Ctrl-C");
    command->add_option("--type", options->types, "Only these, such as login,reject");
    command->add_option("--organization", options->organization, "Only this organization's")
        ->check(expect_number);
    command->add_option("--since", options->since,
                        "Begin after the event of this id; 0: with the oldest kept");
    command->callback([&chosen, options] {
        chosen = [options](Context& context) -> ExitStatus {
            Query query;
            if (!options->types.empty()) query.emplace_back("type", options->types);
            if (!options->organization.empty()) query.emplace_back("organization", options->organization);
            follow_events(context, query, options->since);
        };
    });
}

}  // namespace hourglass::cli
