// hourglass session watch: who is online, refreshed in place on a terminal, line by line without one. It
// polls: two requests a page and a few for balances each time, whatever the number of sessions.
#include "cli/commands.hpp"
#include "cli/duration.hpp"
#include "cli/figures.hpp"
#include "cli/live_screen.hpp"
#include "cli/session_filter.hpp"
#include "cli/session_table.hpp"
#include "cli/show.hpp"
#include "cli/table.hpp"
#include "cli/time_left.hpp"
#include "cli/usage.hpp"
#include "cli/user_argument.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <sstream>
#include <thread>

namespace hourglass::cli {

namespace {

constexpr std::uint64_t watched_usually = 40;
constexpr std::uint64_t watched_max = 500;
constexpr std::int64_t interval_seconds_usual = 2;
constexpr std::int64_t soon_seconds = 60;  // who has less left is red

struct Options {
    SessionFilter filter;
    std::string order = "time-left";
    std::uint64_t limit = watched_usually;
    std::int64_t interval_seconds = interval_seconds_usual;
    std::uint64_t rounds = 0;  // 0: until somebody ends it
};

struct Order {
    const char* name;
    char key;
    const char* field;
};

constexpr std::array orders{
    Order{"time-left", 't', "time_left" },
    Order{"age",       'a', "start_time"},
    Order{"user",      'u', "username"  },
    Order{"nas",       'n', "nas"       },
};

std::string shown_left(const Json& time_left) {
    return time_left.is_number_integer() ? shown_time(time_left) : shown(time_left);
}

constexpr std::array columns{
    Column{"ID", "radacctid"},
    Column{"USER", "username"},
    Column{"TIME LEFT", "time_left", shown_left},
    Column{"NAS", "nas"},
    Column{"DEVICE", "calling_station_id"},
    Column{"ADDRESS", "framed_ip_address"},
    Column{"BEGAN", "start_time"},
    Column{"LASTED", "session_duration", shown_time},
    Column{"DOWN", "bytes_sent", shown_octets},
    Column{"UP", "bytes_received", shown_octets},
    Column{"STATE", "state"},
};

struct Watched {
    Json sessions;  // sorted
    Json count;     // of all that run; null where the API does not count them
};

class Watch {
public:
    Watch(Context& context, const Options& options)
        : context_(context), options_(options), time_left_([&context](std::int64_t user) {
              return context.api
                  .get("/user_token/" + std::to_string(user) + "/",
                       {
                           {"balance", "true"}
              },
                       "There is no such user.")
                  .value("user_time", Json{});
          }) {}

    Watched look(const std::string& order) {
        auto page = context_.api.collect("/session/", query_, options_.limit);
        Watched watched{.sessions = std::move(page["results"]), .count = page.value("count", Json{})};
        time_left_.add_to(watched.sessions, TimeLeft::Clock::now());
        for (auto& session : watched.sessions)
            session = readable_session(std::move(session));
        sort(watched.sessions, order);
        return watched;
    }

    ExitStatus on_screen();
    ExitStatus line_by_line();

private:
    // Whose value is not known, or has no end, comes last.
    static void sort(Json& sessions, const std::string& order) {
        const auto* const row = std::ranges::find(orders, order, &Order::name);
        std::sort(sessions.begin(), sessions.end(), [&](const Json& a, const Json& b) {
            const auto& left = a.at(row->field);
            const auto& right = b.at(row->field);
            if (left == right) return is_older(a, b);
            if (left.is_number() != right.is_number()) return left.is_number();
            return left < right;
        });
    }

    std::chrono::seconds interval() const { return std::chrono::seconds(options_.interval_seconds); }
    bool is_last(std::uint64_t round) const { return options_.rounds != 0 && round >= options_.rounds; }

    Context& context_;
    const Options& options_;
    Query query_ = options_.filter.resolve(context_.api);
    TimeLeft time_left_;
};

std::string headline(const Watched& watched) {
    const auto shown_count = watched.sessions.size();
    auto line = with_commas(shown_count);
    if (watched.count.is_number_unsigned() && watched.count.get<std::uint64_t>() > shown_count)
        line += " newest of " + with_commas(watched.count.get<std::uint64_t>());
    return line + (shown_count == 1 ? " session runs" : " sessions run");
}

std::string key_help(const std::string& order) {
    std::string help = "sorted by " + order + "; keys:";
    for (const auto& row : orders)
        help += std::string(" ") + row.key + " " + row.name + ",";
    return help + " q quit";
}

Colour colour_of(const Json& session) {
    const auto& left = session.at("time_left");
    const bool is_short = left.is_number_integer() && left.get<std::int64_t>() < soon_seconds;
    return is_short ? Colour::red : Colour::plain;
}

std::vector<ScreenLine> screen_of(const Watched& watched, const std::string& order) {
    std::vector<ScreenLine> lines{
        {headline(watched) + "; " + key_help(order), Colour::bold}
    };
    std::ostringstream table;
    print_list(table, watched.sessions, columns);
    std::istringstream rows(table.str());
    for (std::string row; std::getline(rows, row);) {
        const auto index = lines.size() - 1;  // behind the headline; the first is the table's own
        lines.push_back({row, index == 0 ? Colour::dim : colour_of(watched.sessions.at(index - 1))});
    }
    return lines;
}

ExitStatus Watch::on_screen() {
    LiveScreen screen;
    auto order = options_.order;
    for (std::uint64_t round = 1;; ++round) {
        screen.draw_if_there([&] { return screen_of(look(order), order); });
        if (is_last(round)) return ExitStatus::ok;
        const auto key = screen.wait_for_key(interval());
        if (key == LiveScreen::quit) return ExitStatus::ok;
        const auto* const chosen = std::ranges::find(orders, key.value_or(0), &Order::key);
        if (chosen != orders.end()) order = chosen->name;
    }
}

ExitStatus Watch::line_by_line() {
    for (std::uint64_t round = 1;; ++round) {
        const auto watched = look(options_.order);
        if (context_.as_json) {
            const Json document{
                {"count",    watched.count   },
                {"sessions", watched.sessions}
            };
            context_.out << document.dump(-1, ' ', true) << '\n';
        } else {
            context_.out << headline(watched) << '\n';
            print_list(context_.out, watched.sessions, columns);
        }
        context_.out.flush();
        if (!context_.out) throw Failure(ExitStatus::refused, "The output could not be written.");
        if (is_last(round)) return ExitStatus::ok;
        std::this_thread::sleep_for(interval());
    }
}

}  // namespace

void add_session_watch_command(CLI::App& session, Command& chosen) {
    auto options = std::make_shared<Options>();
    auto* command =
        session.add_subcommand("watch", "Who is online now, refreshed until q or Ctrl-C; the newest, sorted");
    add_session_filter_flags(*command, options->filter);
    command->add_option("--sort", options->order, "time-left (default), age, user or nas")
        ->check(CLI::IsMember({"time-left", "age", "user", "nas"}));
    command->add_option("--limit", options->limit, "At most so many, up to 500; 40 unless it is said")
        ->check(expect_positive)
        ->check(CLI::Range(std::uint64_t{1}, watched_max));
    command
        ->add_option("--interval", options->interval_seconds,
                     "Seconds between two looks; 2 unless it is said")
        ->check(expect_positive);
    command->add_option("--count", options->rounds, "End after so many looks")->check(expect_positive);
    command->callback([&chosen, options] {
        chosen = [options](Context& context) {
            Watch watch(context, *options);
            const bool is_live = !context.as_json && LiveScreen::is_possible();
            return is_live ? watch.on_screen() : watch.line_by_line();
        };
    });
}

}  // namespace hourglass::cli
