#include "store/audit.hpp"

#include "store/decimal.hpp"
#include "store/id_lists.hpp"
#include "store/pause.hpp"

#include <algorithm>
#include <tuple>

namespace hourglass::store {
namespace {

constexpr char unknown_mark = 'u';
// Of users with thousands of sessions too, no login waits behind all of their entries.
constexpr std::size_t lookups_per_read = 500;

struct Sought {
    std::size_t look{};  // whose, in the order of the looks
    Lookup lookup;
};

IdLists lists_of(const std::vector<OrganizationId>& organizations) {
    IdLists lists;
    for (const auto id : organizations)
        lists.plus.push_back(keys::users_of(id));
    if (organizations.empty()) lists.plus.emplace_back(keys::users);
    return lists;
}

}  // namespace

// A user, what is surely wrong with him, and what may be.
struct Audit::Look {
    Holdings holdings;
    std::vector<Violation> sure;
    std::vector<Violation> doubtful;

    // The entry of the organization's list that the walk meets first; empty: it meets none.
    std::string first_entry() const {
        std::tuple<Time, std::string> newest;
        for (const auto& kept : holdings.sessions) {
            const auto entry = holdings.entry_of(kept);
            const auto is_entry_missing = [&](const Violation& violation) {
                return violation.subject ==
                       subject_of(keys::sessions_of_organization(holdings.organization), entry.member());
            };
            if (!kept.is_listed || std::ranges::any_of(doubtful, is_entry_missing)) continue;
            newest = std::max(newest, std::tuple(entry.started, entry.member()));
        }
        return std::get<std::string>(newest);
    }
};

std::string encode(const AuditPosition& position) {
    return position.unknown ? unknown_mark + decimal(*position.unknown) : std::to_string(position.user);
}

std::optional<AuditPosition> parse_audit_position(std::string_view text) {
    const bool is_unknown = text.starts_with(unknown_mark);
    if (is_unknown) text.remove_prefix(1);
    const auto number = parse_decimal(text);
    if (!number) return std::nullopt;
    if (!is_unknown) return *number < 0 ? std::nullopt : std::optional(AuditPosition{.user = *number});
    const Time began{Seconds(*number)};
    if (began < started_least || began > started_most) return std::nullopt;
    return AuditPosition{.unknown = began};
}

Audit::Audit(RedisConnection& redis, const LedgerRules& rules, std::vector<OrganizationId> organizations,
             AuditPosition from)
    : redis_(redis), rules_(rules), organizations_(std::move(organizations)), position_(from) {}

awaitable<result<std::uint64_t>> Audit::count() {
    if (position_.unknown) co_return std::uint64_t{0};
    const auto lists = lists_of(organizations_);
    const auto first = "(" + std::to_string(position_.user);
    Pipeline read;
    for (const auto& list : lists.plus)
        read.add({"ZCOUNT", list, first, "+inf"});
    const auto replies = co_await redis_.execute_all(std::move(read));
    if (!replies) co_return replies.error();
    std::int64_t users = 0;
    for (const auto& reply : *replies)
        users += reply.integer();
    co_return static_cast<std::uint64_t>(users);
}

bool Audit::is_in_scope(OrganizationId organization) const {
    return organizations_.empty() || std::ranges::find(organizations_, organization) != organizations_.end();
}

awaitable<result<Audit::Batch>> Audit::next_batch() {
    if (!position_.unknown) co_return co_await next_users();
    if (organizations_.empty()) co_return co_await next_unknown();
    co_return Batch{.tags = {}, .entries = {}, .next = position_, .is_last = true};
}

awaitable<result<Audit::Batch>> Audit::next_users() {
    Batch batch;
    batch.next = position_;
    if (!organizations_.empty()) {
        const auto ids = co_await ids_after(redis_, lists_of(organizations_), position_.user, users_per_step);
        if (!ids) co_return ids.error();
        for (const auto id : *ids)
            batch.tags.push_back(UserTag::of(id));
        if (!ids->empty()) batch.next.user = ids->back();
        batch.is_last = ids->size() < users_per_step;
        co_return std::move(batch);
    }

    // A user whom no list names has an id nevertheless.
    if (last_user_ == 0) {
        auto read = Pipeline().add({"GET", keys::next_user_id});
        const auto last = co_await redis_.execute(std::move(read));
        if (!last) co_return last.error();
        last_user_ = last->integer();
    }
    const auto end = std::min(last_user_, position_.user + static_cast<UserId>(users_per_step));
    for (auto id = position_.user + 1; id <= end; ++id)
        batch.tags.push_back(UserTag::of(id));
    batch.next.user = std::max(position_.user, end);
    if (end >= last_user_) batch.next.unknown = started_most;
    co_return std::move(batch);
}

awaitable<result<Audit::Batch>> Audit::next_unknown() {
    if (!unknown_) {
        const SessionRange range{.organizations = {unknown_organization}, .is_running = {}};
        unknown_.emplace(redis_, range, SessionPosition{*position_.unknown});
    }
    const auto entries = co_await unknown_->next(users_per_step);
    if (!entries) {
        unknown_.reset();
        co_return entries.error();
    }
    Batch batch;
    batch.next = position_;
    for (const auto& listed : *entries) {
        batch.next.unknown = listed.entry.started;
        const bool is_of_user = parse_decimal(listed.entry.tag.text).has_value();
        if (is_of_user) continue;
        batch.tags.push_back(listed.entry.tag);
        batch.entries.push_back(listed.member);
    }
    batch.is_last = entries->size() < users_per_step;
    co_return std::move(batch);
}

awaitable<result<std::vector<Audit::Look>>> Audit::look_at(std::vector<UserTag> tags, Time now) {
    std::vector<Look> looks_taken;
    if (tags.empty()) co_return std::move(looks_taken);
    Pipeline read;
    for (const auto& tag : tags)
        add_holdings_read(read, tag);
    const auto replies = co_await redis_.execute_all(std::move(read));
    if (!replies) co_return replies.error();

    std::vector<Sought> sought;
    for (std::size_t i = 0; i < tags.size(); ++i) {
        auto holdings = parse_holdings(tags[i], (*replies)[i], rules_.stale_limit());
        if (!holdings) co_return holdings.error();
        for (auto& lookup : lookups_of(*holdings, now))
            sought.push_back({i, std::move(lookup)});
        auto sure = violations_of(*holdings);
        looks_taken.push_back({*std::move(holdings), std::move(sure), {}});
    }
    for (std::span<Sought> left(sought); !left.empty();) {
        const auto some = left.first(std::min(left.size(), lookups_per_read));
        left = left.subspan(some.size());
        Pipeline search;
        for (const auto& each : some)
            add_lookup(search, each.lookup);
        const auto answers = co_await redis_.execute_all(std::move(search));
        if (!answers) co_return answers.error();
        for (std::size_t i = 0; i < some.size(); ++i) {
            auto& [look, lookup] = some[i];
            if (!is_met(lookup, (*answers)[i]))
                looks_taken[look].doubtful.push_back(std::move(lookup.if_missing));
        }
    }
    co_return std::move(looks_taken);
}

// What is not missing each time is not missing.
awaitable<result<void>> Audit::look_again(std::vector<Look>& looks_taken, Time now) {
    for (int look = 1; look < looks; ++look) {
        std::vector<UserTag> tags;
        for (const auto& each : looks_taken) {
            if (!each.doubtful.empty()) tags.push_back(each.holdings.tag);
        }
        if (tags.empty()) break;
        co_await pause(look_again_delay);
        const auto again = co_await look_at(std::move(tags), now);
        if (!again) co_return again.error();

        auto next = again->begin();
        for (auto& each : looks_taken) {
            if (each.doubtful.empty()) continue;
            const auto& seen = (next++)->doubtful;
            std::erase_if(each.doubtful, [&](const Violation& violation) {
                return std::ranges::none_of(seen,
                                            [&](const Violation& other) { return other.is_same(violation); });
            });
        }
    }
    co_return result<void>();
}

awaitable<result<Audit::Step>> Audit::step(Time now) {
    auto batch = co_await next_batch();
    if (!batch) co_return batch.error();
    Step step{.findings = {}, .reads = batch->tags.size(), .checked = 0, .is_complete = batch->is_last};
    auto looks_taken = co_await look_at(batch->tags, now);
    if (!looks_taken) {
        unknown_.reset();
        co_return looks_taken.error();
    }
    // An unknown user is looked at where the walk first meets him, not at each of his sessions.
    for (std::size_t i = batch->entries.size(); i-- > 0;) {
        const auto first = (*looks_taken)[i].first_entry();
        if (!first.empty() && first != batch->entries[i])
            looks_taken->erase(looks_taken->begin() + static_cast<std::ptrdiff_t>(i));
    }
    // A list may name a user who has left its organization.
    std::erase_if(*looks_taken, [&](const Look& look) { return !is_in_scope(look.holdings.organization); });
    const auto looked = co_await look_again(*looks_taken, now);
    if (!looked) {
        unknown_.reset();
        co_return looked.error();
    }

    for (auto& look : *looks_taken) {
        const auto& holdings = look.holdings;
        if (holdings.is_empty()) continue;
        ++step.checked;
        std::ranges::move(look.doubtful, std::back_inserter(look.sure));
        for (auto& violation : look.sure) {
            step.findings.push_back(
                {std::move(violation), holdings.user, holdings.username, holdings.organization});
        }
    }
    position_ = batch->next;
    co_return std::move(step);
}

}  // namespace hourglass::store
