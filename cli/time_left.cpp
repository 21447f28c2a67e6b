#include "cli/time_left.hpp"

#include "cli/failure.hpp"

#include <algorithm>
#include <vector>

namespace hourglass::cli {

namespace {

std::optional<std::int64_t> user_of(const Json& session) {
    const auto user = session.value("user", Json{});
    return user.is_number_integer() ? std::optional(user.get<std::int64_t>()) : std::nullopt;
}

}  // namespace

void TimeLeft::read_some(const std::map<std::int64_t, std::int64_t>& sessions_of, Clock::time_point now) {
    std::erase_if(readings_, [&](const auto& entry) { return !sessions_of.contains(entry.first); });

    std::vector<std::pair<Clock::time_point, std::int64_t>> due;  // the longest ago first
    for (const auto& [user, sessions] : sessions_of) {
        const auto reading = readings_.find(user);
        if (reading == readings_.end())
            due.emplace_back(Clock::time_point::min(), user);
        else if (now - reading->second.read_at >= reading_good_for)
            due.emplace_back(reading->second.read_at, user);
    }
    std::ranges::sort(due);
    due.resize(std::min(due.size(), readings_per_round_max));
    for (const auto& [read_at, user] : due) {
        try {
            readings_[user] = {read_balance_(user), now};
        } catch (const Failure& failure) {
            if (failure.status() != ExitStatus::refused) throw;
            readings_[user] = {nullptr, now};  // removed a moment ago
        }
    }
}

void TimeLeft::add_to(Json& sessions, Clock::time_point now) {
    std::map<std::int64_t, std::int64_t> sessions_of;
    for (const auto& session : sessions)
        if (const auto user = user_of(session)) ++sessions_of[*user];
    read_some(sessions_of, now);

    for (auto& session : sessions) {
        const auto user = user_of(session);
        const auto reading = user ? readings_.find(*user) : readings_.end();
        auto& left = session["time_left"];
        left = nullptr;
        if (user && reading == readings_.end()) left = "?";
        if (reading == readings_.end() || !reading->second.user_time.is_number_integer()) continue;
        const auto since = std::chrono::floor<std::chrono::seconds>(now - reading->second.read_at).count();
        const auto burnt = since * sessions_of[*user];
        left = std::max<std::int64_t>(reading->second.user_time.get<std::int64_t>() - burnt, 0);
    }
}

}  // namespace hourglass::cli
