#include "store/records.hpp"

#include "store/decimal.hpp"
#include "store/id_lists.hpp"
#include "store/keys.hpp"
#include "store/redis_connection.hpp"
#include "store/redis_reply.hpp"
#include "store/scripts.hpp"
#include "store/secret_box.hpp"

#include <algorithm>

namespace hourglass::store {
namespace {

constexpr std::string_view version_field = "version";
constexpr std::string_view whatever_was_written = "-";
constexpr std::size_t records_per_read = 500;

std::string purpose(const RecordKind& kind, RecordId id) {
    return std::string(kind.secret).append(" of ").append(kind.name).append(" ").append(std::to_string(id));
}

// "name lobby": how the unique values of all fields stand in one hash.
std::vector<std::string> claims_of(const RecordKind& kind, const Fields& fields) {
    std::vector<std::string> claims;
    for (const auto field : kind.unique) {
        const auto found = fields.find(field);
        if (found != fields.end()) claims.push_back(std::string(field) + " " + found->second);
    }
    return claims;
}

std::optional<OrganizationId> organization_of(const Fields& fields) {
    const auto found = fields.find(record_field::organization);
    return found == fields.end() ? std::nullopt : parse_decimal(found->second);
}

std::string format(std::optional<Generation> generation) {
    return generation ? std::to_string(*generation) : std::string(whatever_was_written);
}

Error taken(std::string_view claim) {
    const auto field = claim.substr(0, claim.find(' '));
    return field == record_field::name ? Error::name_in_use : Error::address_in_use;
}

std::string_view outcome_of(const Reply& reply) {
    return reply.elements().empty() ? std::string_view() : text_of(reply.elements()[0]);
}

std::optional<RegistryChange> parse_change(std::string_view text) {
    const auto kind_at = text.find(' ') + 1;
    const auto id_at = text.rfind(' ') + 1;
    if (kind_at == 0 || id_at <= kind_at) return std::nullopt;
    const auto generation = parse_decimal<Generation>(text.substr(0, kind_at - 1));
    const auto id = parse_decimal(text.substr(id_at));
    if (!generation || !id) return std::nullopt;
    return RegistryChange{*generation, std::string(text.substr(kind_at, id_at - 1 - kind_at)), *id};
}

bool is_visible(const RecordFilter& filter, std::optional<OrganizationId> organization) {
    const auto& visible = filter.visible_organizations;
    return visible.empty() || !organization || std::ranges::find(visible, *organization) != visible.end();
}

}  // namespace

Records::Records(RedisConnection& redis, const SecretBox& secrets, const RecordKind& kind)
    : redis_(redis), secrets_(secrets), kind_(kind) {}

std::string Records::list_of(RecordId id, const Fields& fields) const {
    if (kind_.is_organization) return keys::records_of(kind_.name, id);
    const auto organization = organization_of(fields);
    return organization ? keys::records_of(kind_.name, *organization) : keys::shared_records(kind_.name);
}

std::optional<Record> Records::parse(RecordId id, const Reply& reply) const {
    const auto elements = reply.elements();
    if (elements.empty()) return std::nullopt;
    Record record{.id = id, .fields = {}, .version = 0};
    for (std::size_t i = 0; i + 1 < elements.size(); i += 2) {
        const auto field = text_of(elements[i]);
        const auto value = text_of(elements[i + 1]);
        if (field == version_field)
            record.version = static_cast<Generation>(integer_of(elements[i + 1]));
        else if (field != kind_.secret)
            record.fields.emplace(field, value);
        else if (auto plain = secrets_.open(value, purpose(kind_, id)))
            record.fields.emplace(field, *plain);
    }
    return record;
}

// An organization that has users already is somebody's, described or not.
awaitable<result<RecordId>> Records::next_id() {
    for (;;) {
        auto count = Pipeline().add({"INCR", keys::next_record_id(kind_.name)});
        const auto counter = co_await redis_.execute(std::move(count));
        if (!counter) co_return counter.error();
        const RecordId id = counter->integer();
        if (!kind_.is_organization) co_return id;

        auto look = Pipeline().add({"EXISTS", keys::users_of(id)});
        const auto has_users = co_await redis_.execute(std::move(look));
        if (!has_users) co_return has_users.error();
        if (has_users->integer() == 0) co_return id;
    }
}

awaitable<result<Record>> Records::create(Fields fields, std::optional<RecordId> id,
                                          std::optional<Generation> unless_since) {
    for (;;) {
        const auto next = id ? result<RecordId>(*id) : co_await next_id();
        if (!next) co_return next.error();
        auto written = co_await write({.id = *next, .fields = {}, .version = 0}, fields, unless_since);
        if (!written && written.error() == Error::id_taken && !id) continue;
        co_return written;
    }
}

awaitable<result<Record>> Records::replace(Record before, Fields fields,
                                           std::optional<Generation> unless_since) {
    return write(std::move(before), std::move(fields), unless_since);
}

awaitable<result<Record>> Records::write(Record before, Fields fields,
                                         std::optional<Generation> unless_since) {
    const auto id = before.id;
    const auto claims = claims_of(kind_, fields);
    const auto released = claims_of(kind_, before.fields);
    auto stored = fields;
    const auto secret = stored.find(kind_.secret);
    if (secret != stored.end()) secret->second = secrets_.seal(secret->second, purpose(kind_, id));

    const std::array write_keys{
        keys::record(kind_.name, id),
        keys::records(kind_.name),
        list_of(id, before.fields),
        list_of(id, fields),
        keys::unique_record_values(kind_.name),
        std::string(keys::registry_generation),
        std::string(keys::registry_changes),
    };
    const std::array head{
        std::to_string(id),           std::to_string(before.version),        format(unless_since),
        std::string(kind_.name),      std::to_string(registry_changes_kept), std::to_string(released.size()),
        std::to_string(claims.size())};
    std::vector<std::string_view> arguments(head.begin(), head.end());
    arguments.insert(arguments.end(), released.begin(), released.end());
    arguments.insert(arguments.end(), claims.begin(), claims.end());
    for (const auto& [field, value] : stored)
        arguments.insert(arguments.end(), {field, value});

    const std::vector<std::string_view> key_views(write_keys.begin(), write_keys.end());
    Pipeline pipeline;
    pipeline.run(scripts::write_record, key_views, arguments);
    const auto reply = co_await redis_.execute(std::move(pipeline));
    if (!reply) co_return reply.error();

    const auto outcome = outcome_of(*reply);
    if (outcome == "taken") co_return taken(text_of(reply->elements()[1]));
    const bool is_creation = before.version == 0;
    if (outcome == "changed") co_return is_creation ? Error::id_taken : Error::version_changed;
    if (outcome != "done") co_return Error::version_changed;
    co_return Record{id, std::move(fields), static_cast<Generation>(integer_of(reply->elements()[1]))};
}

awaitable<result<void>> Records::remove(Record before, std::optional<Generation> unless_since) {
    const auto id = std::to_string(before.id);
    const std::array write_keys{
        keys::record(kind_.name, before.id),    keys::records(kind_.name),
        list_of(before.id, before.fields),      keys::unique_record_values(kind_.name),
        std::string(keys::registry_generation), std::string(keys::registry_changes),
    };
    const std::array head{id, std::to_string(before.version), format(unless_since), std::string(kind_.name),
                          std::to_string(registry_changes_kept)};
    const auto claims = claims_of(kind_, before.fields);
    std::vector<std::string_view> arguments(head.begin(), head.end());
    arguments.insert(arguments.end(), claims.begin(), claims.end());

    const std::vector<std::string_view> key_views(write_keys.begin(), write_keys.end());
    Pipeline pipeline;
    pipeline.run(scripts::remove_record, key_views, arguments);
    const auto reply = co_await redis_.execute(std::move(pipeline));
    if (!reply) co_return reply.error();
    if (reply->integer() != 1) co_return Error::version_changed;
    co_return result<void>();
}

awaitable<result<std::vector<Record>>> Records::find_all(std::vector<RecordId> ids) {
    std::vector<Record> records;
    records.reserve(ids.size());
    for (std::size_t first = 0; first < ids.size(); first += records_per_read) {
        const auto end = std::min(first + records_per_read, ids.size());
        Pipeline pipeline;
        for (std::size_t i = first; i < end; ++i)
            pipeline.add({"HGETALL", keys::record(kind_.name, ids[i])});
        const auto replies = co_await redis_.execute_all(std::move(pipeline));
        if (!replies) co_return replies.error();
        for (std::size_t i = first; i < end; ++i) {
            if (auto record = parse(ids[i], (*replies)[i - first])) records.push_back(*std::move(record));
        }
    }
    co_return std::move(records);
}

awaitable<result<Record>> Records::find(RecordId id) {
    auto records = co_await find_all({id});
    if (!records) co_return records.error();
    if (records->empty()) co_return Error::not_found;
    co_return std::move(records->front());
}

awaitable<result<std::vector<Record>>> Records::find_by_name(std::string name) {
    const auto claim = std::string(record_field::name) + " " + name;
    auto look = Pipeline().add({"HGET", keys::unique_record_values(kind_.name), claim});
    const auto id = co_await redis_.execute(std::move(look));
    if (!id) co_return id.error();
    if (id->is_nil()) co_return std::vector<Record>();
    co_return co_await find_all({id->integer()});
}

awaitable<result<Page<Record>>> Records::list(RecordFilter filter, PageRequest page) {
    if (filter.name) {
        auto records = co_await find_by_name(*filter.name);
        if (!records) co_return records.error();
        std::erase_if(*records, [&](const Record& record) {
            const auto organization =
                kind_.is_organization ? std::optional(record.id) : organization_of(record.fields);
            return !is_visible(filter, organization) ||
                   (filter.organization && filter.organization != organization);
        });
        co_return select_page(*std::move(records), page);
    }

    IdLists lists;
    if (filter.organization) {
        if (is_visible(filter, filter.organization))
            lists.plus.push_back(keys::records_of(kind_.name, *filter.organization));
    } else if (filter.visible_organizations.empty()) {
        lists.plus.push_back(keys::records(kind_.name));
    } else {
        lists.plus.push_back(keys::shared_records(kind_.name));
        for (const auto id : filter.visible_organizations)
            lists.plus.push_back(keys::records_of(kind_.name, id));
    }
    auto ids = co_await page_of_ids(redis_, std::move(lists), page);
    if (!ids) co_return ids.error();
    const auto count = ids->count;
    auto records = co_await find_all(std::move(ids->items));
    if (!records) co_return records.error();
    co_return Page<Record>{count, *std::move(records), ids->next_after};
}

awaitable<result<std::vector<Record>>> Records::all() {
    auto look = Pipeline().add({"ZRANGE", keys::records(kind_.name), "0", "-1"});
    const auto reply = co_await redis_.execute(std::move(look));
    if (!reply) co_return reply.error();
    std::vector<RecordId> ids;
    for (const auto* element : reply->elements())
        ids.push_back(integer_of(element));
    co_return co_await find_all(std::move(ids));
}

awaitable<result<Generation>> Records::generation() {
    auto look = Pipeline().add({"GET", keys::registry_generation});
    const auto reply = co_await redis_.execute(std::move(look));
    if (!reply) co_return reply.error();
    co_return static_cast<Generation>(reply->integer());
}

// One that is missing was made by somebody who does not name what he writes, or long ago.
awaitable<result<std::optional<std::vector<RegistryChange>>>> Records::changes_since(Generation known) {
    auto look = Pipeline().add({"LRANGE", keys::registry_changes, "0", "-1"});
    const auto reply = co_await redis_.execute(std::move(look));
    if (!reply) co_return reply.error();
    std::vector<RegistryChange> changes;
    for (const auto* element : reply->elements()) {
        auto change = parse_change(text_of(element));
        if (!change) co_return std::nullopt;
        if (change->generation <= known) continue;
        if (change->generation != known + changes.size() + 1) co_return std::nullopt;
        changes.push_back(*std::move(change));
    }
    if (changes.empty()) co_return std::nullopt;
    co_return std::move(changes);
}

awaitable<result<std::uint64_t>> Records::count_of(OrganizationId organization) {
    auto look = Pipeline().add({"ZCARD", keys::records_of(kind_.name, organization)});
    const auto reply = co_await redis_.execute(std::move(look));
    if (!reply) co_return reply.error();
    co_return static_cast<std::uint64_t>(reply->integer());
}

}  // namespace hourglass::store
