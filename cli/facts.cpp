#include "cli/facts.hpp"

#include <cstdio>
#include <sys/timex.h>

namespace hourglass::cli {

namespace {

// adjtimex(2): the kernel knows whether somebody keeps the clock right.
std::optional<bool> is_clock_disciplined() {
    timex question{};
    const int state = adjtimex(&question);
    if (state < 0) return std::nullopt;
    return state != TIME_ERROR;
}

// What is refused is null, and the first refusal is remembered. Others end the gathering.
template <class Read>
Json read_if_allowed(Facts& facts, Read read) {
    try {
        return read();
    } catch (const Failure& failure) {
        if (failure.status() == ExitStatus::unreachable) throw;
        if (facts.refusal.empty()) {
            facts.refusal = failure.what();
            facts.refused_as = failure.status();
        }
        return {};
    }
}

}  // namespace

Facts gather_facts(Api& api) {
    Facts facts{.url = api.url(), .is_local = api.is_local()};
    facts.is_alive = api.get_page("/healthz").status == 200;
    if (!facts.is_alive) return facts;
    facts.is_ready = api.get_page("/readyz").status == 200;
    const auto metrics = api.get_page("/metrics");
    if (metrics.status == 200) facts.metrics = metrics.body;

    facts.status = read_if_allowed(facts, [&] { return api.get("/status/"); });
    facts.now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    if (facts.is_local) facts.is_clock_disciplined = is_clock_disciplined();
    if (facts.status.is_null()) return facts;
    facts.nases = read_if_allowed(facts, [&] { return api.list("/nas/", {}, looked_at_max); });
    facts.sources = read_if_allowed(facts, [&] { return api.list("/nas/seen/", {}, looked_at_max); });
    return facts;
}

std::optional<std::chrono::sys_seconds> parse_time(const Json& text) {
    if (!text.is_string()) return std::nullopt;
    int year{};
    unsigned month{};
    unsigned day{};
    int hour{};
    int minute{};
    int second{};
    const auto read = std::sscanf(text.get<std::string>().c_str(), "%4d-%2u-%2uT%2d:%2d:%2d", &year, &month,
                                  &day, &hour, &minute, &second);
    constexpr int parts = 6;
    if (read != parts) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month),
                                           std::chrono::day(day)};
    return std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
           std::chrono::seconds(second);
}

}  // namespace hourglass::cli
