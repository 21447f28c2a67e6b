#include "store/holdings.hpp"

#include "store/credit_text.hpp"
#include "store/decimal.hpp"
#include "store/redis_reply.hpp"
#include "store/scripts.hpp"
#include "store/session_list.hpp"
#include "store/session_text.hpp"
#include "store/stays.hpp"

#include <array>

namespace hourglass::store {
namespace {

using Elements = std::span<redisReply* const>;

constexpr std::size_t holdings_elements = 9;

// What else a hash of sessions may hold, as numbers.
constexpr auto account_numbers =
    std::to_array<std::string_view>({"credited", "consumed", "sessions", "stale_limit"});

void take_sessions(Holdings& holdings, Elements hash, bool are_running) {
    for (std::size_t i = 0; i + 1 < hash.size(); i += 2) {
        const auto field = text_of(hash[i]);
        if (!names_session(field)) continue;
        const auto text = text_of(hash[i + 1]);
        auto session = parse_session(field, text);
        if (!session || session->is_running != are_running) {
            holdings.unreadable.push_back("session " + std::string(field));
            continue;
        }
        auto name = session_field(session->nas, session->session_id);
        const bool is_newest = name == field;
        holdings.sessions.push_back({*std::move(session), std::move(name), is_newest, is_listed(text)});
    }
}

void take_account(Holdings& holdings, Elements hash, Seconds stale_limit) {
    for (const auto field : account_numbers) {
        const auto text = value_of(hash, field);
        if (!text.empty() && !parse_decimal(text)) holdings.unreadable.push_back(std::string(field));
    }
    holdings.account = parse_account(hash, stale_limit);
    holdings.sessions_numbered = parse_decimal<std::uint64_t>(value_of(hash, "sessions")).value_or(0);
    const auto deadline = value_of(hash, "deadline");
    holdings.is_deadline_published = parse_decimal(deadline).has_value();
    const bool is_asked_for = deadline.starts_with('?') && parse_decimal(deadline.substr(1));
    if (!deadline.empty() && !holdings.is_deadline_published && !is_asked_for)
        holdings.unreadable.emplace_back("deadline");
}

void take_credits(Holdings& holdings, Elements lines) {
    for (std::size_t i = 0; i < lines.size(); ++i) {
        auto credit = parse_credit(i + 1, text_of(lines[i]));
        if (credit)
            holdings.credits.push_back(*std::move(credit));
        else
            holdings.unreadable.push_back("credit " + std::to_string(i + 1));
    }
}

void take_leftovers(Holdings& holdings, bool has_account, bool has_extra, bool has_keys, bool has_logins) {
    if (has_account) holdings.leftovers.emplace_back("account");
    if (!holdings.credits.empty()) holdings.leftovers.emplace_back("credits");
    if (has_extra) holdings.leftovers.emplace_back("user_extra");
    if (has_keys) holdings.leftovers.emplace_back("idempotency keys");
    if (has_logins) holdings.leftovers.emplace_back("times of logins");
}

}  // namespace

bool Holdings::is_empty() const {
    return !record && sessions.empty() && leftovers.empty() && unreadable.empty();
}

void add_holdings_read(Pipeline& pipeline, const UserTag& tag) {
    pipeline.run(scripts::read_holdings,
                 {keys::user(tag), keys::account(tag), keys::closed(tag), keys::details(tag),
                  keys::credits(tag), keys::extra(tag), keys::idempotency(tag), keys::logins(tag)},
                 {});
}

result<Holdings> parse_holdings(const UserTag& tag, const Reply& reply, Seconds stale_limit) {
    const auto elements = reply.elements();
    if (elements.size() != holdings_elements) return Error::corrupt;
    const auto membership = elements_of(elements[0]);
    const auto account = elements_of(elements[2]);
    const auto closed = elements_of(elements[3]);

    Holdings holdings;
    holdings.tag = tag;
    holdings.user = parse_decimal(tag.text).value_or(0);
    for (const auto* key : elements_of(elements[7]))
        holdings.unreadable.push_back(std::string(text_of(key)));
    holdings.record = parse_membership(membership);
    holdings.date_joined = parse_time(text_of(elements[1]));
    take_account(holdings, account, stale_limit);
    take_sessions(holdings, account, true);
    take_sessions(holdings, closed, false);
    holdings.forgotten = Seconds(parse_decimal(value_of(closed, "forgotten")).value_or(0));
    for (const auto* number : elements_of(elements[4])) {
        if (const auto parsed = parse_decimal<std::uint64_t>(text_of(number)))
            holdings.details.insert(*parsed);
    }
    take_credits(holdings, elements_of(elements[5]));

    if (holdings.record) {
        holdings.username = holdings.record->username;
        holdings.organization = holdings.record->organization;
        return holdings;
    }
    if (holdings.user == 0) {
        holdings.username = username_of(tag, nullptr);
        return holdings;
    }
    holdings.username = value_of(closed, "username");
    holdings.organization = parse_decimal(value_of(closed, "organization")).value_or(unknown_organization);
    const bool may_have_record = !holdings.unreadable.empty();
    if (may_have_record) return holdings;
    take_leftovers(holdings, !account.empty(), membership.size() == 5 && !is_nil(membership[4]),
                   integer_of(elements[6]) == 1, integer_of(elements[8]) == 1);
    return holdings;
}

}  // namespace hourglass::store
