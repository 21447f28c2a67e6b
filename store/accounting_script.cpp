#include "store/accounting_script.hpp"

#include "store/decimal.hpp"
#include "store/redis_reply.hpp"
#include "store/scripts.hpp"
#include "store/session_text.hpp"

#include <array>
#include <utility>

namespace hourglass::store {
namespace {

constexpr std::size_t answer_elements = 10;

constexpr auto outcomes = std::to_array<std::pair<std::string_view, Applied::Outcome>>({
    {"opened",    Applied::Outcome::opened   },
    {"updated",   Applied::Outcome::updated  },
    {"closed",    Applied::Outcome::closed   },
    {"duplicate", Applied::Outcome::duplicate},
});

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

}  // namespace

void add_report(Pipeline& pipeline, const SessionPlace& place, const AccountingRecord& record,
                bool is_known_user, std::optional<OrganizationId> listed_under) {
    const auto details = encode(record.details);
    const auto& tag = place.tag;
    pipeline.run(scripts::apply_accounting,
                 {keys::user(tag), keys::account(tag), keys::closed(tag), keys::details(tag)},
                 {place.field, wire(record.status), decimal(record.event_time),
                  std::to_string(record.session_time.count()), std::to_string(record.input_octets),
                  std::to_string(record.output_octets), fingerprint(details), details,
                  is_known_user ? std::string_view(record.username) : std::string_view(),
                  seconds(record.received_at), std::to_string(closed_session_retention.count()),
                  listed_under ? std::to_string(*listed_under) : std::string()});
}

void add_restart(Pipeline& pipeline, const SessionPlace& place, const NasRestart& restart) {
    const auto& tag = place.tag;
    pipeline.run(scripts::apply_accounting,
                 {keys::user(tag), keys::account(tag), keys::closed(tag), keys::details(tag)},
                 {place.field, "restart", decimal(restart.event_time), "0", "0", "0", "0", "", "",
                  seconds(restart.received_at), std::to_string(closed_session_retention.count()), ""});
}

result<AccountingAnswer> parse_accounting_answer(const Reply& reply, const UserTag& tag) {
    const auto elements = reply.elements();
    if (elements.empty()) return Error::corrupt;
    AccountingAnswer answer;
    answer.outcome = text_of(elements[0]);
    if (answer.outcome == "renamed") return answer;
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
    applied.number = static_cast<std::uint64_t>(integer_of(elements[6]));
    applied.started = Time(Seconds(integer_of(elements[7])));
    answer.is_running = text_of(elements[8]) == "running";
    answer.is_listed = text_of(elements[9]) != "u";
    return answer;
}

}  // namespace hourglass::store
