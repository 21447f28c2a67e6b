// Users::list: pages by rank of the list that fits the filter, or out of what the index of names finds, or by
// the few candidates that an exact name or an external_id leave.
#include "store/decimal.hpp"
#include "store/id_lists.hpp"
#include "store/name_claims.hpp"
#include "store/redis_reply.hpp"
#include "store/user_record.hpp"
#include "store/user_search.hpp"
#include "store/user_walk.hpp"

#include <algorithm>
#include <functional>

namespace hourglass::store {
namespace {

constexpr std::size_t records_per_read = 500;

using Ids = std::vector<UserId>;

bool is_visible(const UserFilter& filter, OrganizationId organization) {
    const auto& visible = filter.visible_organizations;
    return visible.empty() || std::find(visible.begin(), visible.end(), organization) != visible.end();
}

bool matches(const UserFilter& filter, const User& user) {
    const auto text = [&](std::string_view field) {
        const auto found = user.fields.find(field);
        return found == user.fields.end() ? std::string_view() : std::string_view(found->second);
    };
    const auto organization = parse_decimal(text(user_field::organization)).value_or(0);
    const auto username = text(user_field::username);
    const bool is_active = text(user_field::is_active) != "0";
    return is_visible(filter, organization) &&
           (!filter.organization || *filter.organization == organization) &&
           (!filter.is_active || *filter.is_active == is_active) &&
           (!filter.username || *filter.username == username) &&
           (!filter.username_prefix || username.starts_with(*filter.username_prefix)) &&
           (!filter.external_id || *filter.external_id == text(user_field::external_id));
}

// The lists whose users are exactly those that pass the filter's organizations and activity.
IdLists lists_of(const UserFilter& filter) {
    IdLists lists;
    const auto add = [&](std::string all, std::string inactive) {
        if (filter.is_active == false) return lists.plus.push_back(std::move(inactive));
        lists.plus.push_back(std::move(all));
        if (filter.is_active == true) lists.minus.push_back(std::move(inactive));
    };
    if (filter.organization) {
        const auto id = *filter.organization;
        if (is_visible(filter, id)) add(keys::users_of(id), keys::inactive_users_of(id));
    } else if (filter.visible_organizations.empty()) {
        add(std::string(keys::users), std::string(keys::inactive_users));
    } else {
        for (const auto id : filter.visible_organizations)
            add(keys::users_of(id), keys::inactive_users_of(id));
    }
    return lists;
}

bool are_all_users(const IdLists& lists) {
    return lists.minus.empty() && lists.plus == std::vector{std::string(keys::users)};
}

awaitable<result<Ids>> ids_by_external_id(RedisConnection& redis, std::string external_id) {
    auto read = Pipeline().add({"ZRANGE", keys::users_by_external_id(external_id), "0", "-1"});
    const auto reply = co_await redis.execute(std::move(read));
    if (!reply) co_return reply.error();
    Ids ids;
    for (const auto* element : reply->elements())
        ids.push_back(integer_of(element));
    co_return std::move(ids);
}

// nullopt: the filter does not narrow the users down to candidates.
awaitable<result<std::optional<Ids>>> find_candidates(RedisConnection& redis, const UserFilter& filter) {
    if (filter.username) {
        const auto owner = co_await find_claim(redis, *filter.username);
        if (!owner) co_return owner.error();
        co_return std::optional(*owner ? Ids{**owner} : Ids{});
    }
    if (!filter.external_id) co_return std::optional<Ids>();
    auto ids = co_await ids_by_external_id(redis, *filter.external_id);
    if (!ids) co_return ids.error();
    co_return std::optional(*std::move(ids));
}

// A user whose name changed at this moment may be found by both.
awaitable<result<Ids>> search_by_id(RedisConnection& redis, std::string prefix, IdLists lists) {
    auto ids = co_await search_by_name(redis, std::move(prefix), std::move(lists));
    if (!ids) co_return ids.error();
    std::sort(ids->begin(), ids->end());
    ids->erase(std::unique(ids->begin(), ids->end()), ids->end());
    co_return ids;
}

awaitable<result<Page<UserId>>> search_page(RedisConnection& redis, std::string prefix, IdLists lists,
                                            PageRequest page, UserOrder order) {
    const bool is_by_name = order == UserOrder::by_name;
    if (is_by_name && are_all_users(lists)) co_return co_await page_by_name(redis, std::move(prefix), page);

    auto ids = is_by_name ? co_await search_by_name(redis, std::move(prefix), std::move(lists))
                          : co_await search_by_id(redis, std::move(prefix), std::move(lists));
    if (!ids) co_return ids.error();
    if (page.descending) std::reverse(ids->begin(), ids->end());
    co_return slice_page(*std::move(ids), page, std::identity());
}

// Ids whose record is gone are left out.
awaitable<result<std::vector<User>>> read_users(RedisConnection& redis, Ids ids, const LedgerRules& rules) {
    std::vector<User> users;
    for (std::size_t first = 0; first < ids.size(); first += records_per_read) {
        const auto end = std::min(first + records_per_read, ids.size());
        Pipeline read;
        for (auto i = first; i < end; ++i)
            add_user_read(read, ids[i]);
        const auto replies = co_await redis.execute_all(std::move(read));
        if (!replies) co_return replies.error();
        for (auto i = first; i < end; ++i) {
            if (auto user = parse_user(ids[i], replies_of_user(*replies, i - first), rules))
                users.push_back(*std::move(user));
        }
    }
    co_return std::move(users);
}

}  // namespace

awaitable<result<Page<User>>> Users::list(UserFilter filter, PageRequest page, UserOrder order) {
    const auto is_other = [&](const User& user) { return !matches(filter, user); };
    auto candidates = co_await find_candidates(redis_, filter);
    if (!candidates) co_return candidates.error();
    if (*candidates) {
        auto users = co_await read_users(redis_, **std::move(candidates), rules_);
        if (!users) co_return users.error();
        std::erase_if(*users, is_other);
        co_return select_page(*std::move(users), page);
    }

    auto ids = filter.username_prefix
                   ? co_await search_page(redis_, *filter.username_prefix, lists_of(filter), page, order)
                   : co_await page_of_ids(redis_, lists_of(filter), page);
    if (!ids) co_return ids.error();
    const auto [count, next_after] = std::pair(ids->count, ids->next_after);
    auto users = co_await read_users(redis_, std::move(ids->items), rules_);
    if (!users) co_return users.error();
    std::erase_if(*users, is_other);
    co_return Page<User>{count, *std::move(users), next_after};
}

UserWalk::UserWalk(RedisConnection& redis, const SecretBox& secrets, const LedgerRules& rules,
                   UserFilter filter, bool with_passwords)
    : redis_(redis),
      secrets_(secrets),
      rules_(rules),
      filter_(std::move(filter)),
      with_passwords_(with_passwords) {}

awaitable<result<Ids>> UserWalk::next_ids() {
    if (!is_begun_) {
        auto candidates = co_await find_candidates(redis_, filter_);
        if (!candidates) co_return candidates.error();
        candidates_ = *std::move(candidates);
        if (!candidates_ && filter_.username_prefix) {
            auto found = co_await search_by_id(redis_, *filter_.username_prefix, lists_of(filter_));
            if (!found) co_return found.error();
            candidates_ = *std::move(found);
        }
        is_begun_ = true;
    }
    if (!candidates_) co_return co_await ids_after(redis_, lists_of(filter_), after_, walk_batch_users);

    const auto first = std::upper_bound(candidates_->begin(), candidates_->end(), after_);
    const auto count = std::min<std::ptrdiff_t>(candidates_->end() - first, walk_batch_users);
    co_return Ids(first, first + count);
}

awaitable<result<std::vector<UserWithPassword>>> UserWalk::next() {
    std::vector<UserWithPassword> users;
    while (users.empty()) {
        const auto ids = co_await next_ids();
        if (!ids) co_return ids.error();
        if (ids->empty()) break;

        Pipeline read;
        for (const auto id : *ids)
            add_user_read(read, id);
        const auto replies = co_await redis_.execute_all(std::move(read));
        if (!replies) co_return replies.error();
        for (std::size_t i = 0; i < ids->size(); ++i) {
            const auto parts = replies_of_user(*replies, i);
            auto user = parse_user((*ids)[i], parts, rules_);
            if (!user || !matches(filter_, *user)) continue;
            auto password = with_passwords_ ? open_password(secrets_, user->id, sealed_password_in(parts[0]))
                                            : result<Secret>(Secret());
            if (!password) co_return password.error();
            users.push_back({*std::move(user), *std::move(password)});
        }
        after_ = ids->back();
    }
    co_return std::move(users);
}

}  // namespace hourglass::store
