#include "cli/conservation.hpp"

#include <algorithm>
#include <map>

namespace hourglass::cli {

namespace {

std::optional<std::int64_t> seconds_in(const Json& record, const char* field) {
    const auto found = record.find(field);
    if (found == record.end() || !found->is_number_integer()) return std::nullopt;
    return found->get<std::int64_t>();
}

std::string seconds(std::int64_t count) {
    return std::to_string(count) + " s";
}

std::string range(std::int64_t least, std::int64_t most) {
    return least == most ? seconds(least) : "from " + seconds(least) + " to " + seconds(most);
}

void check_balance(const nas::UserTruth& truth, const Account& before, const Account& after,
                   std::int64_t charged, std::vector<std::string>& violations) {
    if (!after.credited || !after.balance || !before.credited || !before.balance) return;
    if (*after.credited - after.consumed != *after.balance) {
        violations.push_back("credited " + seconds(*after.credited) + " less consumed " +
                             seconds(after.consumed) + " is not the balance of " + seconds(*after.balance));
    }
    if (*after.balance < 0) violations.push_back("the balance is below zero: " + seconds(*after.balance));

    const auto consumed = after.consumed - before.consumed;
    const auto added = std::max<std::int64_t>(*after.credited - *before.credited, 0);
    const auto least = std::min(*before.balance, truth.acknowledged());
    const auto most = std::min(*before.balance + added, truth.reported());
    if (consumed < least || consumed > most)
        violations.push_back("consumed " + seconds(consumed) + ", used " + range(least, most));
    if (consumed != charged) {
        violations.push_back("consumed " + seconds(consumed) + ", charged to the sessions " +
                             seconds(charged));
    }
}

void check_session(const nas::SessionTruth& session, const std::vector<const Json*>& shown,
                   std::vector<std::string>& violations) {
    const auto name = "session " + session.session_id() + " ";
    if (shown.empty()) {
        if (session.is_known()) violations.push_back(name + "is lost");
        return;
    }
    if (shown.size() > 1) violations.push_back(name + "is there " + std::to_string(shown.size()) + " times");
    const auto& record = *shown.front();
    const auto duration = seconds_in(record, "session_duration").value_or(0);
    if (duration < session.acknowledged() || duration > session.reported()) {
        violations.push_back(name + "has " + seconds(duration) + ", used " +
                             range(session.acknowledged(), session.reported()));
    }
    if (record.value("nas_identifier", Json{}) != Json(session.nas()))
        violations.push_back(name + "is not at " + session.nas());
    if (session.is_ended() && record.value("session_status", Json{}) != Json("completed"))
        violations.push_back(name + "runs on after its Stop");
}

}  // namespace

Account account_of(const Json& ledger) {
    return {.credited = seconds_in(ledger, "credited"),
            .consumed = seconds_in(ledger, "consumed").value_or(0),
            .balance = seconds_in(ledger, "balance")};
}

std::vector<std::string> violations_of(const nas::UserTruth& truth, const Account& before,
                                       const Account& after, const Json& sessions, std::string_view run) {
    std::map<std::string, std::vector<const Json*>> shown;
    std::int64_t charged{};
    for (const auto& session : sessions) {
        const auto id = session.value("session_id", Json{});
        if (!id.is_string() || !id.get<std::string>().starts_with(run)) continue;
        shown[id.get<std::string>()].push_back(&session);
        charged += seconds_in(session, "charged").value_or(0);
    }

    std::vector<std::string> violations;
    check_balance(truth, before, after, charged, violations);
    for (const auto& session : truth.sessions) {
        const auto found = shown.find(session.session_id());
        check_session(session, found == shown.end() ? std::vector<const Json*>{} : found->second, violations);
        if (found != shown.end()) shown.erase(found);
    }
    for (const auto& [id, records] : shown)
        violations.push_back("session " + id + " was never run");
    return violations;
}

}  // namespace hourglass::cli
