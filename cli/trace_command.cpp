// hourglass trace
#include "cli/commands.hpp"
#include "cli/event_source.hpp"
#include "cli/show.hpp"
#include "cli/table.hpp"
#include "cli/traced_packet.hpp"

#include <iostream>
#include <memory>
#include <utility>

namespace hourglass::cli {

namespace {

// Notices of the stream itself: packets were left out, or it ends.
void print_notice(const Json& notice) {
    std::cerr << "hourglass: " << printable(shown(notice.value("detail", Json{}))) << '\n';
}

void print_traced(Context& context, const Json& traced, const Paint& paint) {
    context.out << (context.as_json ? traced.dump(-1, ' ', true) + "\n" : shown_packet(traced, paint));
    context.out.flush();
    if (!context.out) throw Failure(ExitStatus::refused, "The output could not be written.");
}

// What the stream told.
struct StreamState {
    bool has_begun = false;
    bool has_ended = false;  // by itself
};

void take_piece(Context& context, EventSource& source, StreamState& state, const Paint& paint,
                std::string_view piece) {
    if (!std::exchange(state.has_begun, true)) std::cerr << "hourglass: Watching; Ctrl-C ends it.\n";
    for (const auto& event : source.take(piece)) {
        const auto json = Json::parse(event.data, nullptr, false);
        if (!json.is_object()) continue;
        if (event.type == "packet") {
            print_traced(context, json, paint);
        } else {
            print_notice(json);
        }
        state.has_ended = state.has_ended || event.type == "end";
    }
}

// A trace cannot be resumed: what passes meanwhile is lost, so a broken one is told and ends.
ExitStatus follow_trace(Context& context, const Query& query) {
    EventSource source;
    StreamState state;
    const auto paint = Paint::for_output();
    try {
        context.api.follow("/trace/", query,
                           [&](std::string_view piece) { take_piece(context, source, state, paint, piece); });
    } catch (const Failure& failure) {
        if (!state.has_begun || !failure.is_outcome_unknown()) throw;
    }
    if (state.has_ended) return ExitStatus::ok;
    throw Failure(
        ExitStatus::unreachable, "The trace has broken off.",
        "The daemon has ended, the connection broke, or the token was revoked: hourglass status says more.");
}

}  // namespace

void add_trace_command(CLI::App& line, Command& chosen) {
    struct Options {
        std::string user;
        std::string nas;
    };
    auto options = std::make_shared<Options>();
    auto* command = line.add_subcommand(
        "trace", "Packets of this daemon and what becomes of them, as they come, until Ctrl-C");
    command->add_option("--user", options->user, "Only packets with this User-Name");
    command->add_option("--nas", options->nas,
                        "Only this NAS, by name or by the address its packets come from");
    command->callback([&chosen, options] {
        chosen = [options](Context& context) {
            Query query;
            if (!options->user.empty()) query.emplace_back("user", options->user);
            if (!options->nas.empty()) query.emplace_back("nas", options->nas);
            return follow_trace(context, query);
        };
    });
}

}  // namespace hourglass::cli
