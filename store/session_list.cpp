#include "store/session_list.hpp"

#include "store/decimal.hpp"
#include "store/redis_reply.hpp"
#include "store/session_ids.hpp"
#include "store/session_text.hpp"

#include <algorithm>
#include <map>

namespace hourglass::store {
namespace {

Seconds seconds_of(const redisReply* reply) {
    return Seconds(exact(integer_of(reply)));
}

}  // namespace

std::vector<Session> parse_sessions(UserId user, SessionHashes hashes) {
    std::map<std::uint64_t, Session, std::greater<>> by_number;
    for (const auto hash : {hashes.account, hashes.closed}) {
        for (std::size_t i = 0; i + 1 < hash.size(); i += 2) {
            auto session = parse_session(text_of(hash[i]), text_of(hash[i + 1]));
            if (!session) continue;  // another field
            session->user = user;
            session->id = session_id_of(user, session->number).value_or(0);
            const auto number = session->number;
            by_number.insert_or_assign(number, *std::move(session));
        }
    }
    for (std::size_t i = 0; i + 1 < hashes.details.size(); i += 2) {
        const auto session = by_number.find(static_cast<std::uint64_t>(integer_of(hashes.details[i])));
        auto parsed = parse_details(text_of(hashes.details[i + 1]));
        if (session != by_number.end() && parsed) session->second.details = *std::move(parsed);
    }

    std::vector<Session> newest_first;
    newest_first.reserve(by_number.size());
    for (auto& [number, session] : by_number)
        newest_first.push_back(std::move(session));
    return newest_first;
}

Account parse_account(std::span<redisReply* const> hash, Seconds stale_limit) {
    Account account;
    account.stale_limit = stale_limit;
    for (std::size_t i = 0; i + 1 < hash.size(); i += 2) {
        const auto field = text_of(hash[i]);
        if (names_session(field))
            account.heard.push_back(heard_in(text_of(hash[i + 1])));
        else if (field == "credited")
            account.credited = seconds_of(hash[i + 1]);
        else if (field == "consumed")
            account.consumed = seconds_of(hash[i + 1]);
        else if (field == "stale_limit")
            account.stale_limit = std::max(seconds_of(hash[i + 1]), Seconds(0));
    }
    return account;
}

std::string_view value_of(std::span<redisReply* const> hash, std::string_view field) {
    for (std::size_t i = 0; i + 1 < hash.size(); i += 2) {
        if (text_of(hash[i]) == field) return text_of(hash[i + 1]);
    }
    return {};
}

}  // namespace hourglass::store
