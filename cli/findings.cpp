#include "cli/findings.hpp"

#include "cli/duration.hpp"
#include "cli/figures.hpp"
#include "cli/nas_findings.hpp"
#include "cli/problem.hpp"
#include "cli/show.hpp"

#include <algorithm>
#include <array>

namespace hourglass::cli {

namespace {

using namespace std::chrono_literals;

// A share above, or a rest below, which something is doubtful or bad.
constexpr double memory_share_doubtful = 0.75;
constexpr double memory_share_bad = 0.9;
constexpr double disk_rest_doubtful = 0.15;
constexpr double disk_rest_bad = 0.05;
constexpr std::uint64_t disk_octets_plenty = std::uint64_t{20}
                                             << 30;  // whatever share of a large disk that is
constexpr std::chrono::microseconds round_trip_doubtful = 20ms;
constexpr std::chrono::seconds clocks_apart_doubtful = 3s;
constexpr std::chrono::seconds clocks_apart_bad = 60s;
constexpr std::chrono::days certificate_rest_doubtful{30};
constexpr std::chrono::days certificate_rest_bad{7};

constexpr auto see_log = "The daemon's log says more: journalctl -u hourglassd.";

using Findings = std::vector<Finding>;

Level level_by(bool is_bad, bool is_doubtful) {
    if (is_bad) return Level::failure;
    return is_doubtful ? Level::warning : Level::ok;
}

std::string percent(double share) {
    return std::to_string(static_cast<int>(share * 100)) + " %";
}

void check_daemon(const Facts& facts, Findings& findings) {
    if (!facts.is_alive) {
        findings.push_back({Level::failure, "daemon", "What answers at " + facts.url + " is not hourglassd.",
                            "Another address is named by --url or HOURGLASS_URL."});
        return;
    }
    const std::string next = std::string("docs/troubleshooting.md, \"Not ready\". ") + see_log;
    if (!facts.is_ready)
        findings.push_back(
            {Level::failure, "daemon", "It runs, but its store is away or not safe to use.", next});
    else
        findings.push_back({Level::ok, "daemon", "It answers at " + facts.url + " and is ready."});
}

void check_token(const Facts& facts, Findings& findings) {
    if (!facts.refusal.empty()) {
        const bool is_token = facts.refused_as != ExitStatus::unavailable;
        findings.push_back({is_token ? Level::failure : Level::warning, is_token ? "token" : "store",
                            facts.refusal + " What is behind it could not be looked at.",
                            is_token ? token_advice() : see_log});
    } else {
        findings.push_back({Level::ok, "token", "The API takes it."});
    }
}

void check_version(const Facts& facts, Findings& findings) {
    const auto version = facts.status.value("version", "");
    if (version == HOURGLASS_VERSION) {
        findings.push_back({Level::ok, "version", "Daemon and tool are of version " + version + "."});
    } else {
        findings.push_back({Level::warning, "version",
                            "The daemon is of version " + version + ", this tool of " HOURGLASS_VERSION ".",
                            "After an upgrade: systemctl restart hourglassd."});
    }
}

void check_settings(const Facts& facts, Findings& findings) {
    const auto settings = facts.status.value("settings", Json::object());
    const auto mistake = settings.value("mistake", Json{});
    if (mistake.is_string()) {
        findings.push_back(
            {Level::failure, "settings",
             shown(mistake) + " The daemon runs by what it read before, and would not start again.",
             "Mend the file, then try hourglassd --check."});
    } else {
        findings.push_back({Level::ok, "settings", shown(settings.value("file", Json{})) + " is good."});
    }
}

void check_listening(const Facts& facts, Findings& findings) {
    const auto listens = facts.status.value("listens", Json::object());
    const auto auth = listens.value("auth", Json::array());
    const auto is_loopback = [](const Json& address) {
        const auto text = address.get<std::string>();
        return text.starts_with("127.") || text.starts_with("[::1]");
    };
    const auto sentence = "RADIUS on " + shown(auth) + " and " + shown(listens.value("acct", Json{})) + ".";
    if (std::ranges::all_of(auth, is_loopback)) {
        findings.push_back({Level::warning, "ports", sentence + " No NAS of another machine can reach that.",
                            "radius.auth and radius.acct say where it listens."});
    } else {
        findings.push_back({Level::ok, "ports", sentence});
    }
}

void check_redis_safety(const Facts& facts, Findings& findings) {
    const auto redis = facts.status.value("redis", Json::object());
    const auto hazards = facts.status.value("hazards", Json::array());
    for (const auto& hazard : hazards)
        findings.push_back(
            {Level::failure, "redis", shown(hazard) + ".", "Set it in Redis, and keep it in redis.conf."});
    for (const auto& [field, what] : {
             std::pair{"last_write_good",   "write to"},
             std::pair{"last_rewrite_good", "rewrite" }
    }) {
        if (redis.value(field, true)) continue;
        findings.push_back({Level::failure, "redis",
                            std::string("It could not ") + what + " its append-only file the last time.",
                            "Is the disk full? Redis' own log says more."});
    }
    if (hazards.empty())
        findings.push_back(
            {Level::ok, "redis", "Version " + shown(redis.value("version", Json{})) + ", safe."});
}

void check_redis_speed(const Facts& facts, Findings& findings) {
    const auto redis = facts.status.value("redis", Json::object());
    const std::chrono::microseconds round_trip(redis.value("round_trip_us", std::int64_t{0}));
    const bool is_slow = round_trip >= round_trip_doubtful;
    findings.push_back(
        {level_by(false, is_slow), "redis", "It answers within " + format_latency(round_trip) + ".",
         is_slow ? "Look at its load and its disk: redis-cli --latency, redis-cli SLOWLOG GET." : ""});
}

void check_memory(const Facts& facts, Findings& findings) {
    const auto redis = facts.status.value("redis", Json::object());
    const auto used = redis.value("memory_bytes", std::uint64_t{0});
    const auto limit = redis.value("memory_bytes_max", Json{});
    const auto of = limit.is_number_unsigned() ? limit.get<std::uint64_t>()
                                               : redis.value("machine_memory_bytes", std::uint64_t{0});
    if (of == 0) return;
    const auto share = static_cast<double>(used) / static_cast<double>(of);
    const auto level = level_by(share >= memory_share_bad, share >= memory_share_doubtful);
    findings.push_back(
        {level, "memory",
         "Redis uses " + format_octets(used) + ", " + percent(share) + " of " +
             (limit.is_null() ? "the machine's " : "its limit of ") + format_octets(of) + ".",
         level == Level::ok ? "" : "Full, it refuses writes: give it more; docs/capacity.md says how much."});
}

void check_disk(const Facts& facts, Findings& findings) {
    const auto disk = facts.status.value("disk", Json{});
    if (!disk.is_object()) return;
    const auto free = disk.value("free_bytes", std::uint64_t{0});
    const auto size = disk.value("bytes", std::uint64_t{0});
    if (size == 0) return;
    const auto rest = static_cast<double>(free) / static_cast<double>(size);
    // A rewrite needs the file's size once more while it lasts.
    const auto file =
        facts.status.value("redis", Json::object()).value("append_file_bytes", std::uint64_t{0});
    const bool is_scarce = free < disk_octets_plenty;
    const bool is_bad = (is_scarce && rest < disk_rest_bad) || free < file;
    const auto level = level_by(is_bad, is_scarce && rest < disk_rest_doubtful);
    findings.push_back(
        {level, "disk",
         format_octets(free) + " free of " + format_octets(size) + " at " +
             shown(disk.value("path", Json{})) + ".",
         level == Level::ok ? "" : "Make room: on a full disk no report can be acknowledged."});
}

void check_journal(const Facts& facts, Findings& findings) {
    const auto journal = facts.status.value("journal", Json{});
    if (!journal.is_object()) {
        findings.push_back(
            {Level::ok, "journal",
             "There is none (accounting.journal): while Redis is away, NASes have to ask again."});
        return;
    }
    struct Trouble {
        const char* field;
        Level level;
        const char* sentence;
        const char* next_step;
    };
    static constexpr std::array troubles{
        Trouble{"set_aside", Level::failure, " reports were set aside: Redis refuses them.", see_log},
        Trouble{"errors",    Level::failure, " times the disk failed it.",                   see_log},
        Trouble{"refused",   Level::failure, " reports found it full and got no answer.",
                "accounting.journal_max_mib says how large it may be."                              },
        Trouble{"pending",   Level::warning, " reports wait in it for Redis.",
                "They are replayed by themselves; if their number stays, look at the log."          },
    };
    const auto before = findings.size();
    for (const auto& trouble : troubles) {
        const auto count = journal.value(trouble.field, std::uint64_t{0});
        if (count == 0) continue;
        findings.push_back(
            {trouble.level, "journal", with_commas(count) + trouble.sentence, trouble.next_step});
    }
    if (findings.size() == before) findings.push_back({Level::ok, "journal", "Empty."});
}

void check_clock(const Facts& facts, Findings& findings) {
    const auto daemon = parse_time(facts.status.value("time", Json{}));
    const auto redis = parse_time(facts.status.value("redis", Json::object()).value("time", Json{}));
    if (!daemon || !redis) return;
    struct Pair {
        std::string who;
        std::chrono::seconds apart;
    };
    bool is_good = true;
    for (const auto& [who, apart] : {
             Pair{"this machine's", std::chrono::abs(facts.now - *daemon)},
             Pair{"Redis'",         std::chrono::abs(*redis - *daemon)   }
    }) {
        if (apart < clocks_apart_doubtful) continue;
        is_good = false;
        findings.push_back({level_by(apart >= clocks_apart_bad, true), "clock",
                            "The daemon's clock and " + who + " are " + format_duration(apart) + " apart.",
                            "Have both kept right by NTP: timedatectl says how it stands."});
    }
    if (facts.is_clock_disciplined == false) {
        is_good = false;
        findings.push_back({Level::warning, "clock", "Nobody keeps this machine's clock right.",
                            "apt install systemd-timesyncd, or chrony."});
    }
    if (is_good) findings.push_back({Level::ok, "clock", "It is right, as far as can be seen from here."});
}

void check_certificate(const Facts& facts, Findings& findings) {
    const auto expiration = parse_time(facts.status.value("certificate_expiration", Json{}));
    if (!expiration) return;
    const auto rest = *expiration - facts.now;
    const auto level = level_by(rest < certificate_rest_bad, rest < certificate_rest_doubtful);
    const auto sentence = rest < 0s ? "The API's certificate has expired."
                                    : "The API's certificate is good for " +
                                          format_duration(std::chrono::floor<std::chrono::hours>(rest)) + ".";
    findings.push_back({level, "certificate", sentence,
                        level == Level::ok ? "" : "Renew it, then systemctl reload hourglassd."});
}

void check_endings(const Facts& facts, Findings& findings) {
    const auto sessions = facts.status.value("sessions", Json::object());
    const auto overdue = sessions.value("overdue_users", std::uint64_t{0});
    const auto running = with_commas(sessions.value("running", std::uint64_t{0})) + " run";
    if (overdue == 0) {
        findings.push_back({Level::ok, "sessions", running + ", none overdue."});
    } else {
        findings.push_back({Level::failure, "sessions",
                            running + "; " + with_commas(overdue) +
                                " users' should have been looked after, and ended if their time is over.",
                            std::string("docs/troubleshooting.md, \"A session does not end\". ") + see_log});
    }
}

using Check = void (*)(const Facts& facts, Findings& findings);

// Of what /status/ tells.
constexpr std::array checks{
    Check{check_version},     Check{check_settings},    Check{check_listening}, Check{check_redis_safety},
    Check{check_redis_speed}, Check{check_memory},      Check{check_disk},      Check{check_journal},
    Check{check_clock},       Check{check_certificate}, Check{check_endings},
};

}  // namespace

std::string_view word_of(Level level) {
    if (level == Level::ok) return "ok";
    return level == Level::warning ? "warn" : "fail";
}

std::vector<Finding> examine(const Facts& facts, const Patience& patience) {
    Findings findings;
    check_daemon(facts, findings);
    if (!facts.is_alive) return findings;
    check_token(facts, findings);
    if (facts.status.is_null()) return findings;
    for (const auto check : checks)
        check(facts, findings);
    check_nases(facts, patience, findings);
    check_strangers(facts, findings);
    return findings;
}

}  // namespace hourglass::cli
