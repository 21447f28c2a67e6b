// An extra lies beside its parent, in the parent's slot; hg:extra:<id> names the parent, and only what it
// names counts: a copy left behind by a move that was cut short is nobody's.
#include "store/extras.hpp"

#include "store/decimal.hpp"
#include "store/id_lists.hpp"
#include "store/keys.hpp"
#include "store/redis_connection.hpp"
#include "store/redis_reply.hpp"
#include "store/scripts.hpp"
#include "store/secret_box.hpp"
#include "store/user_indexes.hpp"

#include <algorithm>

namespace hourglass::store {
namespace {

bool is_secret(std::string_view field) {
    return std::find(secret_extra_fields.begin(), secret_extra_fields.end(), field) !=
           secret_extra_fields.end();
}

std::string purpose(ExtraId id, std::string_view field) {
    return std::string(field).append(" of extra ").append(std::to_string(id));
}

FieldChanges sealed(const SecretBox& secrets, ExtraId id, FieldChanges changes) {
    for (auto& [field, value] : changes) {
        if (value && is_secret(field)) value = secrets.seal(*value, purpose(id, field));
    }
    return changes;
}

void add_write(Pipeline& pipeline, std::string_view mode, ExtraId id, UserId parent,
               const FieldChanges& changes, ExpectedVersion expected = {}) {
    const auto tag = UserTag::of(parent);
    const auto user = keys::user(tag);
    const auto extra = keys::extra(tag);
    const auto id_text = std::to_string(id);
    const auto set_fields = std::count_if(changes.begin(), changes.end(),
                                          [](const auto& change) { return change.second.has_value(); });
    const auto set_count = std::to_string(set_fields);

    const auto expected_text = decimal_or_empty(expected);

    std::vector<std::string_view> arguments{mode, id_text, expected_text, set_count};
    for (const auto& [field, value] : changes) {
        if (value) arguments.insert(arguments.end(), {field, *value});
    }
    for (const auto& [field, value] : changes) {
        if (!value) arguments.push_back(field);
    }
    pipeline.run(scripts::write_extra, std::array<std::string_view, 2>{user, extra}, arguments);
}

// What the scripts say instead of 'done'.
error_code error_of(std::string_view outcome) {
    if (outcome == "parent_not_found") return Error::parent_not_found;
    if (outcome == "already_exists") return Error::already_exists;
    if (outcome == "version_changed") return Error::version_changed;
    return Error::not_found;
}

std::string_view outcome_of(const Reply& reply) {
    return reply.elements().empty() ? std::string_view() : text_of(reply.elements()[0]);
}

// nullopt if `id` is not the extra that lies there.
result<std::optional<Extra>> parse_extra(const SecretBox& secrets, ExtraId id, UserId parent,
                                         const Reply& reply) {
    Extra extra{.id = 0, .parent = parent, .fields = {}, .version = 0};
    const auto elements = reply.elements();
    for (std::size_t i = 0; i + 1 < elements.size(); i += 2) {
        const auto field = text_of(elements[i]);
        const auto value = text_of(elements[i + 1]);
        if (field == "id")
            extra.id = integer_of(elements[i + 1]);
        else if (field == "version")
            extra.version = static_cast<std::uint64_t>(integer_of(elements[i + 1]));
        else if (!is_secret(field))
            extra.fields.emplace(field, value);
        else {
            auto plain = secrets.open(value, purpose(id, field));
            if (!plain) return plain.error();
            extra.fields.emplace(field, *plain);
        }
    }
    if (extra.id != id) return std::optional<Extra>();
    return std::optional(std::move(extra));
}

bool is_visible(const std::vector<OrganizationId>& visible, OrganizationId organization) {
    return visible.empty() || std::find(visible.begin(), visible.end(), organization) != visible.end();
}

IdLists lists_of(const ExtraFilter& filter) {
    IdLists lists;
    if (filter.parent_organization) {
        const auto id = *filter.parent_organization;
        if (is_visible(filter.visible_organizations, id)) lists.plus.push_back(keys::extras_of(id));
    } else if (filter.visible_organizations.empty()) {
        lists.plus.emplace_back(keys::extras);
    } else {
        for (const auto id : filter.visible_organizations)
            lists.plus.push_back(keys::extras_of(id));
    }
    return lists;
}

// The extra that lies beside this user, if the filter's organizations let it be seen.
awaitable<result<std::vector<ExtraId>>> id_by_parent(RedisConnection& redis, UserId parent,
                                                     ExtraFilter filter) {
    const auto membership = co_await read_membership(redis, parent);
    if (!membership) co_return membership.error();
    const auto& user = *membership;
    const bool is_match = user && user->extra &&
                          is_visible(filter.visible_organizations, user->organization) &&
                          (!filter.parent_organization || *filter.parent_organization == user->organization);
    co_return is_match ? std::vector{*user->extra} : std::vector<ExtraId>{};
}

awaitable<result<UserId>> parent_of(RedisConnection& redis, ExtraId id) {
    auto read = Pipeline().add({"GET", keys::extra_parent(id)});
    const auto reply = co_await redis.execute(std::move(read));
    if (!reply) co_return reply.error();
    if (reply->is_nil()) co_return Error::not_found;
    co_return reply->integer();
}

}  // namespace

Extras::Extras(RedisConnection& redis, const SecretBox& secrets) : redis_(redis), secrets_(secrets) {}

awaitable<result<void>> Extras::put(ExtraId id, UserId parent, FieldChanges changes) {
    auto user = co_await read_membership(redis_, parent);
    if (!user) co_return user.error();
    if (!*user) co_return Error::parent_not_found;
    const auto other = (*user)->extra;
    if (other && *other != id) {
        const auto others_parent = co_await parent_of(redis_, *other);
        if (!others_parent && others_parent.error() != Error::not_found) co_return others_parent.error();
        const bool is_left_behind = !others_parent || *others_parent != parent;
        if (!is_left_behind) co_return Error::already_exists;
        const auto now_at = others_parent ? std::optional(*others_parent) : std::nullopt;
        const auto cleaned = co_await take_off(*other, parent, now_at);
        if (!cleaned && cleaned.error() != Error::not_found) co_return cleaned.error();
    }

    auto wanted = **user;
    wanted.extra = id;
    const auto entries = entries_of(parent, wanted);
    Pipeline pipeline;
    add_entries(pipeline, entries);
    const auto written_at = pipeline.size();
    add_write(pipeline, "create", id, parent, sealed(secrets_, id, std::move(changes)));
    const auto replies = co_await redis_.execute_all(std::move(pipeline));
    if (!replies) co_return replies.error();
    const auto outcome = outcome_of((*replies)[written_at]);
    const auto error = outcome == "done" ? error_code() : error_of(outcome);

    const auto settled = co_await settle_entries(redis_, parent, entries);
    if (!settled) co_return settled.error();
    if (error) co_return error;
    co_return result<void>();
}

awaitable<result<void>> Extras::take_off(ExtraId id, UserId parent, std::optional<UserId> now_at,
                                         ExpectedVersion expected) {
    const auto user = co_await read_membership(redis_, parent);
    if (!user) co_return user.error();
    auto removal = Pipeline().run(scripts::remove_extra, {keys::extra(UserTag::of(parent))},
                                  {std::to_string(id), decimal_or_empty(expected)});
    const auto removed = co_await redis_.execute(std::move(removal));
    if (!removed) co_return removed.error();
    if (removed->text() != "done") co_return error_of(removed->text());
    if (!*user) co_return result<void>();

    auto known = **user;
    known.extra = id;
    auto suspects = entries_of(parent, known);
    if (now_at) {
        const auto other = co_await read_membership(redis_, *now_at);
        if (!other) co_return other.error();
        const auto kept = *other ? entries_of(*now_at, **other) : IndexEntries{};
        std::erase_if(suspects, [&](const IndexEntry& entry) {
            return std::find(kept.begin(), kept.end(), entry) != kept.end();
        });
    }
    co_return co_await settle_entries(redis_, parent, std::move(suspects));
}

awaitable<result<Extra>> Extras::create(UserId parent, Fields fields) {
    auto next_id = Pipeline().add({"INCR", keys::next_extra_id});
    const auto counter = co_await redis_.execute(std::move(next_id));
    if (!counter) co_return counter.error();
    const ExtraId id = counter->integer();

    const auto pointer = keys::extra_parent(id);
    auto point = Pipeline().add({"SET", pointer, std::to_string(parent)});
    const auto pointed = co_await redis_.execute(std::move(point));
    if (!pointed) co_return pointed.error();

    FieldChanges changes;
    for (auto& [field, value] : fields)
        changes.emplace(field, std::move(value));
    const auto written = co_await put(id, parent, std::move(changes));
    if (!written) {
        if (written.error() != Error::unavailable) redis_.send(Pipeline().add({"DEL", pointer}));
        co_return written.error();
    }
    co_return co_await find(id);
}

awaitable<result<Extra>> Extras::find(ExtraId id) {
    auto extras = co_await read({id});
    if (!extras) co_return extras.error();
    if (extras->empty()) co_return Error::not_found;
    co_return std::move(extras->front());
}

awaitable<result<std::vector<Extra>>> Extras::read(std::vector<ExtraId> ids) {
    Pipeline pointers;
    for (const auto id : ids)
        pointers.add({"GET", keys::extra_parent(id)});
    const auto parents = co_await redis_.execute_all(std::move(pointers));
    if (!parents) co_return parents.error();

    Pipeline records;
    for (const auto& parent : *parents)
        records.add({"HGETALL", keys::extra(UserTag::of(parent.integer()))});
    const auto replies = co_await redis_.execute_all(std::move(records));
    if (!replies) co_return replies.error();

    std::vector<Extra> extras;
    for (std::size_t i = 0; i < ids.size(); ++i) {
        auto extra = parse_extra(secrets_, ids[i], (*parents)[i].integer(), (*replies)[i]);
        if (!extra) co_return extra.error();
        if (*extra) extras.push_back(**std::move(extra));
    }
    co_return std::move(extras);
}

awaitable<result<Page<Extra>>> Extras::list(ExtraFilter filter, PageRequest page) {
    if (filter.parent) {
        auto ids = co_await id_by_parent(redis_, *filter.parent, filter);
        if (!ids) co_return ids.error();
        auto extras = co_await read(*std::move(ids));
        if (!extras) co_return extras.error();
        std::erase_if(*extras, [&](const Extra& extra) { return extra.parent != *filter.parent; });
        co_return select_page(*std::move(extras), page);
    }

    auto ids = co_await page_of_ids(redis_, lists_of(filter), page);
    if (!ids) co_return ids.error();
    const auto [count, next_after] = std::pair(ids->count, ids->next_after);
    auto extras = co_await read(std::move(ids->items));
    if (!extras) co_return extras.error();
    co_return Page<Extra>{count, *std::move(extras), next_after};
}

awaitable<result<Extra>> Extras::change(ExtraId id, std::optional<UserId> parent, FieldChanges changes,
                                        ExpectedVersion expected) {
    const auto old_parent = co_await parent_of(redis_, id);
    if (!old_parent) co_return old_parent.error();

    const bool is_move = parent && *parent != *old_parent;
    if (is_move && expected) {
        // A move takes several steps. The first is a new version, which one of those who expect the old one
        // gets to make; it stays even if the new parent then turns out to have a record.
        const auto claimed = co_await write(id, *old_parent, {}, expected);
        if (!claimed) co_return claimed.error();
    }
    if (is_move) co_return co_await move(id, *old_parent, *parent, std::move(changes));

    const auto written = co_await write(id, *old_parent, std::move(changes), expected);
    if (!written) co_return written.error();
    co_return co_await find(id);
}

awaitable<result<void>> Extras::write(ExtraId id, UserId parent, FieldChanges changes,
                                      ExpectedVersion expected) {
    Pipeline write;
    add_write(write, "change", id, parent, sealed(secrets_, id, std::move(changes)), expected);
    const auto reply = co_await redis_.execute(std::move(write));
    if (!reply) co_return reply.error();
    const auto outcome = outcome_of(*reply);
    if (outcome != "done") co_return error_of(outcome);
    co_return result<void>();
}

// Copied first, named next, taken off the old parent last: cut short anywhere, one of the two copies counts.
awaitable<result<Extra>> Extras::move(ExtraId id, UserId from, UserId to, FieldChanges changes) {
    const auto extra = co_await find(id);
    if (!extra) co_return extra.error();
    for (const auto& [field, value] : extra->fields)
        changes.try_emplace(field, value);
    changes.insert_or_assign("version", std::to_string(extra->version));
    const auto copied = co_await put(id, to, std::move(changes));
    if (!copied) co_return copied.error();

    auto point = Pipeline().add({"SET", keys::extra_parent(id), std::to_string(to)});
    const auto pointed = co_await redis_.execute(std::move(point));
    if (!pointed) co_return pointed.error();
    const auto taken_off = co_await take_off(id, from, to);
    if (!taken_off && taken_off.error() != Error::not_found) co_return taken_off.error();
    co_return co_await find(id);
}

awaitable<result<void>> Extras::remove(ExtraId id, ExpectedVersion expected) {
    const auto parent = co_await parent_of(redis_, id);
    if (!parent) co_return parent.error();
    const auto removed = co_await take_off(id, *parent, std::nullopt, expected);
    if (!removed) co_return removed.error();
    redis_.send(Pipeline().add({"DEL", keys::extra_parent(id)}));
    co_return result<void>();
}

}  // namespace hourglass::store
