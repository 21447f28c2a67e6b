#include "store/accounting_script.hpp"

#include "store/decimal_text.hpp"
#include "store/packed_text.hpp"
#include "store/scripts.hpp"
#include "store/session_text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace hourglass::store {
namespace {

constexpr auto outcomes = std::to_array<std::pair<std::string_view, Applied::Outcome>>({
    {"opened",    Applied::Outcome::opened   },
    {"updated",   Applied::Outcome::updated  },
    {"closed",    Applied::Outcome::closed   },
    {"duplicate", Applied::Outcome::duplicate},
});

constexpr auto anomalies = std::to_array<std::pair<std::string_view, Anomaly>>({
    {"time_jumped", Anomaly::time_jumped},
    {"time_fell",   Anomaly::time_fell  },
    {"octets_fell", Anomaly::octets_fell},
});

std::optional<Anomaly> anomaly_of(std::string_view name) {
    const auto* const found = std::ranges::find(anomalies, name, &decltype(anomalies)::value_type::first);
    return found == anomalies.end() ? std::nullopt : std::optional(found->second);
}

Time second_of(std::chrono::system_clock::time_point arrival) {
    return std::chrono::floor<Seconds>(arrival);
}

std::string_view wire(AccountingStatus status) {
    switch (status) {
        case AccountingStatus::start:
            return "start";
        case AccountingStatus::interim:
            return "interim";
        case AccountingStatus::stop:
            return "stop";
    }
    return {};
}

// The next word of an answer; of an optional, '-' is none.
bool take(std::string_view& line, std::integral auto& number) {
    return take_number(line, number);
}
bool take(std::string_view& line, Seconds& seconds) {
    std::int64_t count = 0;
    const bool is_readable = take_number(line, count);
    seconds = Seconds(count);
    return is_readable;
}
bool take(std::string_view& line, Time& time) {
    Seconds since_1970{};
    const bool is_readable = take(line, since_1970);
    time = Time(since_1970);
    return is_readable;
}
template <class Value>
bool take(std::string_view& line, std::optional<Value>& value) {
    if (!line.starts_with("- ")) return take(line, value.emplace());
    take_word(line);
    return true;
}

std::string_view clamp_of(const AccountingRecord& record) {
    return record.is_clamped ? "clamp" : "";
}

// What a report says of the session itself; empty of what is none.
struct Said {
    std::string_view status;
    Time event{};
    const AccountingRecord* record{};
    std::chrono::system_clock::time_point arrival;
};

void add_run(Pipeline& pipeline, const SessionPlace& place, const Said& said, const RecordDemand& demand,
             std::string_view listed_under, const LedgerRules& rules) {
    static const AccountingRecord nothing;
    const auto& record = said.record ? *said.record : nothing;
    const auto& tag = place.tag;
    pipeline.run(scripts::apply_accounting,
                 {keys::user(tag), keys::account(tag), keys::closed(tag), keys::details(tag)},
                 {place.field, said.status, DecimalText(said.event), DecimalText(record.session_time),
                  DecimalText(record.input_octets), DecimalText(record.output_octets),
                  said.record ? fingerprint(record.details) : std::string("0"), record.details, demand.name,
                  DecimalText(second_of(said.arrival)), DecimalText(rules.retention), listed_under,
                  DecimalText(rules.stale_limit()), DecimalText(wall_clock_tolerance), clamp_of(record),
                  demand.is_there ? "there" : ""});
}

}  // namespace

void add_report(Pipeline& pipeline, const SessionPlace& place, const AccountingRecord& record,
                const RecordDemand& demand, std::optional<OrganizationId> listed_under,
                const LedgerRules& rules) {
    add_run(pipeline, place, {wire(record.status), record.event_time, &record, record.received_at}, demand,
            listed_under ? std::to_string(*listed_under) : std::string(), rules);
}

void add_restart(Pipeline& pipeline, const SessionPlace& place, const NasRestart& restart,
                 const LedgerRules& rules) {
    add_run(pipeline, place, {"restart", restart.event_time, nullptr, restart.received_at}, {}, "", rules);
}

void add_stale_closing(Pipeline& pipeline, const SessionPlace& place, Time heard, Time now,
                       const LedgerRules& rules) {
    add_run(pipeline, place, {"stale", heard, nullptr, now}, {}, "", rules);
}

std::string_view name_of(Anomaly anomaly) {
    return std::ranges::find(anomalies, anomaly, &decltype(anomalies)::value_type::second)->first;
}

result<AccountingAnswer> parse_accounting_answer(std::string_view line, const UserTag& tag) {
    AccountingAnswer answer;
    const auto word = take_word(line);
    answer.is_another = word == "another";
    if (answer.is_another) return answer;
    const auto* const outcome = std::ranges::find(outcomes, word, &decltype(outcomes)::value_type::first);
    if (outcome == outcomes.end()) return Error::corrupt;

    auto& applied = answer.applied;
    applied.outcome = outcome->second;
    applied.user = parse_decimal(tag.text).value_or(0);
    applied.is_known_user = applied.user != 0;
    bool is_readable =
        take(line, applied.charged) && take(line, applied.uncovered) && take(line, applied.balance);
    answer.is_field_open = take_word(line) == "open";
    is_readable = is_readable && take(line, applied.organization) && take(line, answer.deadline) &&
                  take(line, answer.visits);
    applied.anomaly = anomaly_of(take_word(line));
    is_readable = is_readable && take(line, applied.number) && take(line, applied.started);
    if (!is_readable) return Error::corrupt;
    const auto state = take_word(line);
    answer.is_running = state == "running";
    answer.may_go_on = state == "quiet";
    answer.is_listed = line != "u";
    return answer;
}

}  // namespace hourglass::store
