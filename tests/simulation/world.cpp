#include "tests/simulation/world.hpp"

#include <algorithm>

namespace hourglass::test {
namespace {

constexpr int ids_per_nas = 14;
constexpr std::size_t stays_at_once_max = 5;
constexpr WorldSeconds retry_interval = 5;
constexpr int tries_max = 6;
constexpr int skew_max = 3600;
constexpr int delay_max = 20;  // of the network, without Event-Timestamp
constexpr int long_delay_max = 900;
constexpr WorldSeconds rest = 60;  // longer than the network delays
constexpr int stay_min = 60;
constexpr int outage_max = 400;

}  // namespace

World::World(unsigned seed, std::vector<std::string> usernames)
    : random_(seed), usernames_(std::move(usernames)), nas_(nases) {
    for (auto& nas : nas_) {
        nas.is_stamped = happens(60);
        if (nas.is_stamped) nas.skew = up_to(skew_max) - skew_max / 2;
        for (int id = 0; id < ids_per_nas; ++id)
            nas.free_ids.push_back({id, 0});
    }
}

std::vector<Arrival> World::next() {
    std::vector<Arrival> arrivals;
    while (arrivals.empty()) {
        now_ += 1 + up_to(tick_max - 1);
        for (std::size_t index = 0; index < nases; ++index)
            act(index);
        const auto late =
            std::ranges::partition(network_, [&](const Copy& copy) { return copy.arrives <= now_; });
        for (auto copy = network_.begin(); copy != late.begin(); ++copy)
            arrivals.push_back(arrival_of(*copy));
        network_.erase(network_.begin(), late.begin());
    }
    std::shuffle(arrivals.begin(), arrivals.end(), random_);
    return arrivals;
}

void World::act(std::size_t index) {
    auto& nas = nas_[index];
    if (nas.boots_at) {
        if (now_ >= *nas.boots_at) boot(index);
    } else if (!nas.on && now_ >= nas.rests_until) {
        run_sessions(index);
        if (up_to(999) < 8) shut_down(index);
    }
    if (up_to(999) < 4) nas.cut_off_until = now_ + up_to(outage_max);
    send_due(index);
}

void World::run_sessions(std::size_t index) {
    auto& nas = nas_[index];
    const auto clock = now_ + nas.skew;
    for (const auto stay_index : std::vector(nas.running)) {
        auto& stay = stays_[stay_index];
        if (clock >= stay.begin + stay.length) {
            stay.is_running = false;
            std::erase(nas.running, stay_index);
            report(Kind::stop, index, stay_index);
        } else if (clock >= stay.next_interim) {
            stay.next_interim = clock + interim_interval;
            report(Kind::interim, index, stay_index);
        }
    }
    if (nas.running.size() < stays_at_once_max && happens(25)) begin_stay(index);
}

void World::begin_stay(std::size_t index) {
    auto& nas = nas_[index];
    const auto is_free = [&](const FreeId& free) { return free.from <= now_; };
    // Mostly the one that was used last.
    if (happens(30)) std::shuffle(nas.free_ids.begin(), nas.free_ids.end(), random_);
    const auto free = std::ranges::find_if(nas.free_ids, is_free);
    if (free == nas.free_ids.end()) return;
    const auto id = free->id;
    nas.free_ids.erase(free);

    const auto user = choose_user(nas, id);
    const auto clock = now_ + nas.skew;
    const int stay_max = happens(10) ? 3000 : 300;
    stays_.push_back({.user = user,
                      .nas = index,
                      .id = id,
                      .begin = clock,
                      .length = (nas.is_stamped ? 0 : stay_min) + up_to(stay_max),
                      .next_interim = clock + interim_interval,
                      .is_under_used_id = nas.last_users.contains(id)});
    nas.last_users[id] = user;
    nas.running.push_back(stays_.size() - 1);
    report(Kind::start, index, stays_.size() - 1);
}

// Often the one who had this session id before: only then are the two stays to be told apart.
std::size_t World::choose_user(const Nas& nas, int id) {
    const auto last = nas.last_users.find(id);
    if (last != nas.last_users.end() && happens(60)) return last->second;
    return static_cast<std::size_t>(up_to(static_cast<int>(usernames_.size()) - 1));
}

// What it has not reported is lost with it.
void World::shut_down(std::size_t index) {
    auto& nas = nas_[index];
    for (std::size_t stay = 0; stay < stays_.size(); ++stay) {
        if (stays_[stay].nas != index || stays_[stay].is_stop_answered || stays_[stay].is_cut) continue;
        stays_[stay].is_running = false;
        stays_[stay].is_cut = true;
        nas.cut.push_back(stay);
    }
    nas.running.clear();
    nas.queue.clear();
    nas.boots_at = now_ + rest + up_to(60);
    const bool says_off = nas.is_stamped && happens(50);
    if (says_off) report(Kind::restart, index, {});
}

void World::boot(std::size_t index) {
    auto& nas = nas_[index];
    nas.boots_at.reset();
    nas.queue.clear();
    if (nas.is_stamped && happens(30)) nas.skew += up_to(skew_max);
    report(Kind::restart, index, {});
    nas.on = reports_.size() - 1;
}

void World::report(Kind kind, std::size_t nas, std::optional<std::size_t> stay) {
    const auto event = now_ + nas_[nas].skew;
    WorldSeconds session_time = 0;
    if (kind == Kind::interim) session_time = event - stays_[*stay].begin;
    if (kind == Kind::stop) session_time = event - stays_[*stay].begin;
    reports_.push_back({kind, stay, nas, now_, event, session_time, 0, now_});
    nas_[nas].queue.push_back(reports_.size() - 1);
}

void World::send_due(std::size_t index) {
    auto& nas = nas_[index];
    for (const auto each : std::vector(nas.queue)) {
        auto& report = reports_[each];
        if (report.next_try > now_ || is_held(report)) continue;
        const bool is_given_up = report.tries >= tries_max && nas.on != each && report.kind != Kind::start;
        if (is_given_up) {
            std::erase(nas.queue, each);
            continue;
        }
        ++report.tries;
        report.next_try = now_ + retry_interval * std::min(report.tries, tries_max);
        send(each);
    }
}

bool World::is_held(const Report& report) const {
    if (!report.stay || report.kind == Kind::start) return false;
    const auto& stay = stays_[*report.stay];
    return stay.is_under_used_id && !stay.is_start_answered;
}

WorldSeconds World::network_delay(const Nas& nas) {
    if (happens(80)) return up_to(1);
    return nas.is_stamped && happens(50) ? up_to(long_delay_max) : up_to(delay_max);
}

void World::send(std::size_t index) {
    const auto& report = reports_[index];
    const bool is_lost = happens(8) || nas_[report.nas].cut_off_until > now_;
    const int copies = is_lost ? 0 : happens(8) ? 3 : 1;
    for (int copy = 0; copy < copies; ++copy)
        network_.push_back({now_ + network_delay(nas_[report.nas]), now_ - report.made_at, index});
}

Arrival World::arrival_of(const Copy& copy) const {
    const auto& report = reports_[copy.report];
    const store::Time received_at{std::chrono::seconds(copy.arrives)};
    const store::Time event{std::chrono::seconds(
        nas_[report.nas].is_stamped ? report.event : copy.arrives - copy.acct_delay_time)};
    if (report.kind == Kind::restart)
        return {
            copy.report, {},
             report.nas, store::NasRestart{name_of(report.nas), received_at, event}
        };

    const auto& stay = stays_[*report.stay];
    store::AccountingRecord record;
    record.status = report.kind == Kind::start     ? store::AccountingStatus::start
                    : report.kind == Kind::interim ? store::AccountingStatus::interim
                                                   : store::AccountingStatus::stop;
    record.username = usernames_[stay.user];
    record.nas = name_of(report.nas);
    record.session_id = std::to_string(stay.id);
    record.received_at = received_at;
    record.event_time = event;
    record.session_time = std::chrono::seconds(report.session_time);
    record.input_octets = static_cast<std::uint64_t>(report.session_time) << 33;
    record.output_octets = static_cast<std::uint64_t>(report.session_time);
    return {copy.report, report.stay, report.nas, std::move(record)};
}

void World::answer(const Arrival& arrival) {
    auto& nas = nas_[arrival.nas];
    const bool is_lost = happens(8) || nas.cut_off_until > now_;
    const auto waiting = std::ranges::find(nas.queue, arrival.report);
    if (is_lost || waiting == nas.queue.end()) return;
    nas.queue.erase(waiting);

    const auto& report = reports_[arrival.report];
    if (report.stay) {
        auto& stay = stays_[*report.stay];
        if (!stay.first_answer) stay.first_answer = now_;
        stay.is_start_answered |= report.kind == Kind::start;
        const auto rests = nas.is_stamped ? 1 : rest;
        if (report.kind == Kind::stop) {
            stay.is_stop_answered = true;
            nas.free_ids.insert(nas.free_ids.begin(), {stay.id, now_ + rests});
        }
        return;
    }
    if (nas.on != arrival.report) return;
    nas.on.reset();
    nas.rests_until = now_ + rest;
    for (const auto index : std::exchange(nas.cut, {})) {
        const auto& stay = stays_[index];
        if (stay.first_answer && *stay.first_answer < report.made_at)
            nas.free_ids.insert(nas.free_ids.begin(), {stay.id, now_});
    }
}

void World::leap(WorldSeconds by) {
    network_.clear();
    for (std::size_t index = 0; index < nases; ++index) {
        if (!nas_[index].boots_at) shut_down(index);
        nas_[index].boots_at = now_ + by;
        nas_[index].queue.clear();
        nas_[index].on.reset();
    }
    now_ += by;
}

}  // namespace hourglass::test
