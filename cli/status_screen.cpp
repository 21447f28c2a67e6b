#include "cli/status_screen.hpp"

#include "cli/duration.hpp"
#include "cli/figures.hpp"
#include "cli/finding_text.hpp"
#include "cli/show.hpp"
#include "cli/table.hpp"

#include <array>
#include <sstream>

namespace hourglass::cli {

namespace {

constexpr std::string_view api_prefix = "api_";  // a latency for each of its routes would fill the screen

std::string rates_text(const Json& rates) {
    double sum = 0;
    std::string parts;
    for (const auto& [name, rate] : rates.items()) {
        sum += rate.get<double>();
        parts += (parts.empty() ? ": " : ", ") + name + " " + format_rate(rate.get<double>());
    }
    return format_rate(sum) + parts;
}

std::string counts_text(const Json& counts) {
    std::string text;
    for (const auto& [name, count] : counts.items())
        text += (text.empty() ? "" : ", ") + name + " " + with_commas(count.get<std::uint64_t>());
    return text.empty() ? "none" : text + " since the start";
}

std::string latency_text(const Json& figures) {
    std::string text;
    for (const auto* const name : {"p50", "p99", "p999"}) {
        const std::chrono::duration<double> latency(figures.value(name, 0.0));
        text += (text.empty() ? "" : ", ") + std::string(name) + " " + format_latency(latency);
    }
    return text;
}

std::string redis_text(const Json& redis) {
    const std::chrono::microseconds round_trip(redis.value("round_trip_us", std::int64_t{0}));
    const auto limit = redis.value("memory_bytes_max", Json{});
    return shown(redis.value("version", Json{})) + " " + shown(redis.value("role", Json{})) +
           ", answers in " + format_latency(round_trip) + ", " +
           format_rate(redis.value("commands_a_second", 0.0)) + ", memory " +
           shown_octets(redis.value("memory_bytes", Json{})) + " of " +
           (limit.is_null() ? "no limit" : shown_octets(limit)) + ", append-only file " +
           shown_octets(redis.value("append_file_bytes", Json{})) + ", snapshot " +
           shown(redis.value("last_save", Json{}));
}

std::string journal_text(const Json& journal) {
    if (!journal.is_object()) return "off";
    const auto pending = journal.value("pending", std::uint64_t{0});
    if (pending == 0) return "empty";
    return with_commas(pending) + " reports since " + shown(journal.value("oldest", Json{}));
}

std::string disk_text(const Json& disk) {
    if (!disk.is_object()) return "-";
    return shown_octets(disk.value("free_bytes", Json{})) + " free of " +
           shown_octets(disk.value("bytes", Json{})) + " at " + shown(disk.value("path", Json{}));
}

void add_metrics(Table& table, const Json& status) {
    const auto rates = status.value("rates", Json::object());
    struct Row {
        const char* title;
        const char* name;
    };
    for (const auto& row : {
             Row{"requests", "radius_requests"},
             Row{"answers",  "radius_answers" },
             Row{"drops",    "radius_drops"   }
    }) {
        const auto values = rates.value(row.name, Json{});
        if (values.is_object()) table.add({row.title, rates_text(values)});
    }
    const auto latencies = status.value("latencies", Json::object());
    for (const auto& [name, figures] : latencies.items())
        if (!name.starts_with(api_prefix)) table.add({"latency", name + ": " + latency_text(figures)});
    if (status.contains("rejects")) table.add({"rejects", counts_text(status["rejects"])});
}

void add_condition(Table& table, const Json& condition) {
    if (!condition.is_object()) return;
    table.add({"redis", redis_text(condition.value("redis", Json::object()))});
    table.add({"journal", journal_text(condition.value("journal", Json{}))});
    const auto sessions = condition.value("sessions", Json::object());
    table.add({"sessions", with_commas(sessions.value("running", std::uint64_t{0})) + " run"});
    table.add({"disk", disk_text(condition.value("disk", Json{}))});
    const auto expiration = condition.value("certificate_expiration", Json{});
    if (expiration.is_string()) table.add({"certificate", "good until " + shown(expiration)});
}

}  // namespace

std::vector<ScreenLine> status_screen(const Json& status, const std::vector<Finding>& findings) {
    Table table;
    table.add({"url", shown(status.at("url"))});
    table.add({"alive", shown(status.at("alive"))});
    table.add({"ready", shown(status.at("ready"))});
    if (status.contains("version")) {
        table.add({"version", shown(status["version"]) + ", this tool " + shown(status.at("tool_version"))});
    }
    if (status.contains("uptime")) table.add({"uptime", shown_time(status["uptime"])});
    add_metrics(table, status);
    add_condition(table, status.value("condition", Json{}));

    std::vector<ScreenLine> lines;
    std::istringstream rows(table.text());
    for (std::string row; std::getline(rows, row);)
        lines.push_back({row});
    lines.emplace_back();
    const auto before = lines.size();
    for (const auto& finding : findings) {
        if (finding.level == Level::ok) continue;
        for (auto& line : lines_of(finding))
            lines.push_back(std::move(line));
    }
    if (lines.size() == before) lines.push_back({"Nothing needs your hand.", Colour::green});
    return lines;
}

}  // namespace hourglass::cli
