#include "store/stays.hpp"

#include "store/packed_text.hpp"
#include "store/redis_reply.hpp"
#include "store/scripts.hpp"
#include "store/session_ids.hpp"
#include "store/session_list.hpp"
#include "store/session_text.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace hourglass::store {
namespace {

constexpr auto outcome_names = std::to_array<std::pair<DisconnectOutcome, std::string_view>>({
    {DisconnectOutcome::unsupported,  "unsupported" },
    {DisconnectOutcome::requested,    "requested"   },
    {DisconnectOutcome::acknowledged, "acknowledged"},
    {DisconnectOutcome::refused,      "refused"     },
    {DisconnectOutcome::unreachable,  "unreachable" },
    {DisconnectOutcome::confirmed,    "confirmed"   },
});

constexpr auto owner_names = std::to_array<std::pair<OwnerKind, std::string_view>>({
    {OwnerKind::user,    "user"   },
    {OwnerKind::removed, "removed"},
    {OwnerKind::unknown, "unknown"},
});

constexpr std::size_t stays_head = 3;  // elements before the stays of read_stays.lua
constexpr std::size_t stay_elements = 3;
constexpr std::string_view unknown_prefix = "?";

// In the text of a Disconnect before what earlier versions did not write; no Actor is it.
constexpr std::string_view state_mark = "#";
constexpr Time never{};

UserSession make_session(const UserTag& tag, std::string_view username, OrganizationId organization,
                         Session session) {
    session.user = parse_decimal(tag.text).value_or(0);
    session.id = session_id_of(session.user, session.number).value_or(0);
    return {std::move(session), tag, std::string(username), organization, {}};
}

}  // namespace

std::string_view name_of(DisconnectOutcome outcome) {
    return std::ranges::find(outcome_names, outcome, &decltype(outcome_names)::value_type::first)->second;
}

std::string username_of(const UserTag& tag, const redisReply* recorded) {
    if (!tag.text.starts_with(unknown_prefix)) return std::string(text_of(recorded));
    const auto digits = std::string_view(tag.text).substr(unknown_prefix.size());
    std::vector<std::uint8_t> octets(digits.size() / 2);
    if (!from_hex(digits, octets)) return {};
    return {octets.begin(), octets.end()};
}

std::string encode(const Disconnect& disconnect) {
    auto text = std::string(name_of(disconnect.outcome)) + " " + decimal(disconnect.requested_at) + " " +
                std::string(state_mark) + " " + std::to_string(disconnect.attempts) + " " +
                decimal(disconnect.next_attempt.value_or(never)) + " " +
                decimal(disconnect.answered_at.value_or(never)) + " " +
                std::to_string(disconnect.error_cause) + " ";
    append_with_length(text, disconnect.reason);
    return text + disconnect.by;
}

std::optional<Disconnect> parse_disconnect(std::string_view text) {
    const auto name = take_word(text);
    const auto* const outcome =
        std::ranges::find(outcome_names, name, &decltype(outcome_names)::value_type::second);
    std::int64_t requested_at = 0;
    if (outcome == outcome_names.end() || !take_number(text, requested_at)) return std::nullopt;
    Disconnect disconnect{.outcome = outcome->first, .requested_at = Time(Seconds(requested_at))};
    const bool has_state = text.starts_with(state_mark);
    if (has_state) {
        take_word(text);
        std::int64_t next_attempt = 0;
        std::int64_t answered_at = 0;
        const bool is_readable = take_number(text, disconnect.attempts) && take_number(text, next_attempt) &&
                                 take_number(text, answered_at) && take_number(text, disconnect.error_cause);
        const auto reason = is_readable ? take_with_length(text) : std::nullopt;
        if (!reason) return std::nullopt;
        disconnect.reason = *reason;
        if (Time(Seconds(next_attempt)) != never) disconnect.next_attempt = Time(Seconds(next_attempt));
        if (Time(Seconds(answered_at)) != never) disconnect.answered_at = Time(Seconds(answered_at));
    }
    disconnect.by = text;
    return disconnect;
}

void add_stays_read(Pipeline& pipeline, const SessionEntry& entry) {
    pipeline.run(
        scripts::read_stays,
        {keys::user(entry.tag), keys::account(entry.tag), keys::closed(entry.tag), keys::details(entry.tag)},
        {entry.field, decimal(entry.started)});
}

result<Stays> parse_stays(const SessionEntry& entry, const Reply& reply) {
    const auto elements = reply.elements();
    if (elements.size() < stays_head || (elements.size() - stays_head) % stay_elements != 0)
        return Error::corrupt;
    const auto* const owner =
        std::ranges::find(owner_names, text_of(elements[0]), &decltype(owner_names)::value_type::second);
    if (owner == owner_names.end()) return Error::corrupt;

    Stays stays{owner->first, integer_of(elements[2]), {}};
    const auto username = username_of(entry.tag, elements[1]);
    for (auto i = stays_head; i < elements.size(); i += stay_elements) {
        auto session = parse_session(entry.field, text_of(elements[i]));
        auto details = parse_details(text_of(elements[i + 1]));
        if (!session || !details) return Error::corrupt;
        session->details = *std::move(details);
        stays.sessions.push_back(make_session(entry.tag, username, stays.organization, *std::move(session)));
        stays.sessions.back().disconnect = parse_disconnect(text_of(elements[i + 2]));
    }
    return stays;
}

void add_sessions_read(Pipeline& pipeline, const UserTag& tag) {
    pipeline.run(scripts::read_sessions,
                 {keys::user(tag), keys::account(tag), keys::closed(tag), keys::details(tag)}, {});
}

std::vector<UserSession> user_sessions(const UserTag& tag, std::string_view username,
                                       OrganizationId organization, const SessionHashes& hashes) {
    std::map<std::string_view, std::string_view> details;
    for (std::size_t i = 0; i + 1 < hashes.details.size(); i += 2)
        details.emplace(text_of(hashes.details[i]), text_of(hashes.details[i + 1]));

    std::vector<UserSession> sessions;
    for (auto& session : parse_sessions(parse_decimal(tag.text).value_or(0), hashes)) {
        const auto noted = details.find("d" + std::to_string(session.number));
        sessions.push_back(make_session(tag, username, organization, std::move(session)));
        if (noted != details.end()) sessions.back().disconnect = parse_disconnect(noted->second);
    }
    return sessions;
}

result<std::vector<UserSession>> parse_user_sessions(const UserTag& tag, const Reply& reply) {
    const auto elements = reply.elements();
    if (elements.size() != 5) return Error::corrupt;
    return user_sessions(tag, username_of(tag, elements[0]), integer_of(elements[1]),
                         {elements_of(elements[2]), elements_of(elements[3]), elements_of(elements[4])});
}

}  // namespace hourglass::store
