#include "store/session_index_upkeep.hpp"

#include "store/decimal.hpp"
#include "store/redis_reply.hpp"
#include "store/scripts.hpp"
#include "store/stays.hpp"

#include <algorithm>
#include <utility>

namespace hourglass::store {
namespace {

bool is_running(const Stays& stays) {
    return std::ranges::any_of(stays.sessions,
                               [](const UserSession& each) { return each.session.is_running; });
}

// Nobody's reports sweep the sessions of those who have no record.
bool may_be_forgotten(const Stays& stays, Time now, Seconds retention) {
    return stays.owner != OwnerKind::user &&
           std::ranges::any_of(stays.sessions, [&](const UserSession& each) {
               return each.session.ended && *each.session.ended + retention < now;
           });
}

awaitable<result<void>> forget_removed_user(RedisConnection& redis, UserTag tag, std::string username,
                                            Time now, Seconds retention) {
    auto forget =
        Pipeline().run(scripts::forget_removed_user, {keys::user(tag), keys::closed(tag), keys::details(tag)},
                       {decimal(now), std::to_string(retention.count())});
    const auto is_forgotten = co_await redis.execute(std::move(forget));
    if (!is_forgotten) co_return is_forgotten.error();
    if (is_forgotten->integer() == 1) {
        redis.send(Pipeline().add({"SREM", keys::removed_users(username), tag.text}));
    }
    co_return result<void>();
}

}  // namespace

SessionIndexUpkeep::SessionIndexUpkeep(RedisConnection& redis, const LedgerRules& rules)
    : redis_(redis), rules_(rules) {}

awaitable<result<SessionIndexUpkeep::Progress>> SessionIndexUpkeep::step(Time now) {
    if (organizations_.empty()) {
        auto all = co_await organizations_with_sessions(redis_);
        if (!all) co_return all.error();
        organizations_ = *std::move(all);
        if (organizations_.empty()) co_return Progress::complete;
    }
    const auto organization = organizations_.back();
    auto scan = Pipeline().add(
        {"ZSCAN", keys::sessions_of_organization(organization), cursor_, "COUNT", entries_per_step});
    const auto reply = co_await redis_.execute(std::move(scan));
    if (!reply) co_return reply.error();
    if (reply->elements().size() != 2) co_return Error::corrupt;

    std::vector<std::string> members_and_scores;
    for (const auto* element : elements_of(reply->elements()[1]))
        members_and_scores.emplace_back(text_of(element));
    cursor_ = text_of(reply->elements()[0]);
    if (cursor_ == "0") organizations_.pop_back();
    const auto mended = co_await mend(organization, std::move(members_and_scores), now);
    if (!mended) co_return mended.error();
    co_return organizations_.empty() ? Progress::complete : Progress::partial;
}

awaitable<result<void>> SessionIndexUpkeep::mend(OrganizationId organization,
                                                 std::vector<std::string> members_and_scores, Time now) {
    std::vector<std::pair<SessionEntry, bool>> entries;  // whether it stands among the running ones
    Pipeline read;
    for (std::size_t i = 0; i + 1 < members_and_scores.size(); i += 2) {
        auto entry = parse_session_entry(members_and_scores[i]);
        if (!entry) co_return Error::corrupt;
        add_stays_read(read, *entry);
        const bool is_first_range = members_and_scores[i + 1] == score_of(entry->started, true);
        entries.emplace_back(*std::move(entry), is_first_range);
    }
    if (entries.empty()) co_return result<void>();
    const auto replies = co_await redis_.execute_all(std::move(read));
    if (!replies) co_return replies.error();

    Pipeline mending;
    std::vector<SessionEntry> touched;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const auto& [entry, is_listed_running] = entries[i];
        const auto stays = parse_stays(entry, (*replies)[i]);
        if (!stays) co_return stays.error();
        const bool is_gone = stays->sessions.empty();
        if (is_gone && entry.started + entry_grace >= now) continue;
        if (!is_gone && may_be_forgotten(*stays, now, rules_.retention)) {
            const auto forgotten = co_await forget_removed_user(
                redis_, entry.tag, stays->sessions.front().username, now, rules_.retention);
            if (!forgotten) co_return forgotten.error();
        }
        const bool is_right =
            !is_gone && stays->organization == organization && is_running(*stays) == is_listed_running;
        if (is_right) continue;
        if (!is_gone) add_listing(mending, stays->organization, entry, is_running(*stays));
        if (is_gone || stays->organization != organization) add_delisting(mending, organization, entry);
        touched.push_back(entry);
    }
    if (touched.empty()) co_return result<void>();

    // Another may have written meanwhile what was taken away here.
    const auto mended = mending.size();
    for (const auto& entry : touched)
        add_stays_read(mending, entry);
    const auto seen = co_await redis_.execute_all(std::move(mending));
    if (!seen) co_return seen.error();
    Pipeline again;
    for (std::size_t i = 0; i < touched.size(); ++i) {
        const auto stays = parse_stays(touched[i], (*seen)[mended + i]);
        if (!stays) co_return stays.error();
        if (!stays->sessions.empty()) add_listing(again, stays->organization, touched[i], is_running(*stays));
    }
    if (again.size() == 0) co_return result<void>();
    const auto listed = co_await redis_.execute_all(std::move(again));
    if (!listed) co_return listed.error();
    co_return result<void>();
}

}  // namespace hourglass::store
