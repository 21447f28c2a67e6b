#include "store/accounting_script.hpp"

#include "store/decimal.hpp"
#include "store/redis_reply.hpp"
#include "store/scripts.hpp"
#include "store/session_text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace hourglass::store {
namespace {

constexpr std::size_t answer_elements = 13;

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

std::string seconds(std::chrono::system_clock::time_point arrival) {
    return decimal(std::chrono::floor<Seconds>(arrival));
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
    const auto details = said.record ? encode(record.details) : std::string();
    const auto& tag = place.tag;
    pipeline.run(scripts::apply_accounting,
                 {keys::user(tag), keys::account(tag), keys::closed(tag), keys::details(tag)},
                 {place.field, said.status, decimal(said.event), std::to_string(record.session_time.count()),
                  std::to_string(record.input_octets), std::to_string(record.output_octets),
                  said.record ? fingerprint(details) : std::string("0"), details, demand.name,
                  seconds(said.arrival), std::to_string(rules.retention.count()), listed_under,
                  std::to_string(rules.stale_limit().count()), std::to_string(wall_clock_tolerance.count()),
                  record.is_clamped ? "clamp" : "", demand.is_there ? "there" : ""});
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

result<AccountingAnswer> parse_accounting_answer(const Reply& reply, const UserTag& tag) {
    const auto elements = reply.elements();
    if (elements.empty()) return Error::corrupt;
    AccountingAnswer answer;
    answer.outcome = text_of(elements[0]);
    if (answer.outcome == "another") return answer;
    const auto* const outcome =
        std::ranges::find(outcomes, answer.outcome, &decltype(outcomes)::value_type::first);
    if (outcome == outcomes.end() || elements.size() != answer_elements) return Error::corrupt;

    auto& applied = answer.applied;
    applied.outcome = outcome->second;
    applied.user = parse_decimal(tag.text).value_or(0);
    applied.is_known_user = applied.user != 0;
    applied.charged = Seconds(integer_of(elements[1]));
    applied.uncovered = Seconds(integer_of(elements[2]));
    if (!is_nil(elements[3])) applied.balance = Seconds(integer_of(elements[3]));
    answer.is_field_open = text_of(elements[4]) == "open";
    applied.organization = integer_of(elements[5]);
    if (!is_nil(elements[6])) answer.deadline = Time(Seconds(integer_of(elements[6])));
    answer.visits = static_cast<std::uint64_t>(integer_of(elements[7]));
    applied.anomaly = anomaly_of(text_of(elements[8]));
    applied.number = static_cast<std::uint64_t>(integer_of(elements[9]));
    applied.started = Time(Seconds(integer_of(elements[10])));
    answer.is_running = text_of(elements[11]) == "running";
    answer.is_listed = text_of(elements[12]) != "u";
    return answer;
}

}  // namespace hourglass::store
