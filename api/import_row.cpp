#include "api/import_row.hpp"

#include "api/authorization.hpp"
#include "api/problem.hpp"
#include "api/transfer.hpp"
#include "api/user_token.hpp"
#include "store/hex.hpp"
#include "store/user_walk.hpp"

#include <algorithm>

namespace hourglass::api {
namespace {

namespace name = store::user_field;

constexpr std::string_view user_time = "user_time";
constexpr std::uint64_t lookup_users_max = 2;  // more than one is too many
constexpr std::uint64_t credits_looked_through = 20;

// In the words that a POST would get.
RowErrors errors_of(error_code error) {
    return {json::parse(problem(error).body), error == store::Error::unavailable};
}

RowErrors errors_of(std::string_view field, std::string_view message) {
    return {{{std::string(field), json::array({message})}}, false};
}

store::Actor actor_of_import(const ImportRules& rules) {
    return actor_of(rules.token) + " by import";
}

awaitable<result<std::vector<store::User>>> look_up(store::Users& users, store::UserFilter filter) {
    const auto page = co_await users.list(std::move(filter), {.offset = 0, .limit = lookup_users_max});
    if (!page) co_return page.error();
    co_return page->items;
}

// nullopt: there is none yet.
awaitable<boost::system::result<std::optional<store::User>, RowErrors>> find_target(store::Users& users,
                                                                                    const ImportRules& rules,
                                                                                    const json& body) {
    if (rules.upsert == Upsert::never) co_return std::nullopt;
    const auto field = rules.upsert == Upsert::by_username ? name::username : name::external_id;
    const auto key = key_of(body, field);
    if (!key) co_return std::nullopt;

    store::UserFilter filter{.visible_organizations = rules.token.organizations};
    (rules.upsert == Upsert::by_username ? filter.username : filter.external_id) = *key;
    auto found = co_await look_up(users, std::move(filter));
    if (!found) co_return errors_of(found.error());
    if (found->size() > 1)
        co_return errors_of(field, "More than one user has this " + std::string(field) + ".");
    if (found->empty()) co_return std::nullopt;
    co_return std::move(found->front());
}

// Puts the sealed password of a row, if it has one, where one in clear would stand.
void open_password(const store::Users& users, const std::optional<store::User>& target,
                   ParsedRecord& record) {
    const auto sealed = record.take(password_sealed);
    if (!sealed || !*sealed) return;
    if (record.values.contains(name::password)) {
        return record.refuse(password_sealed, "Send either password or password_sealed.");
    }
    record.errors.erase(std::string(name::password));

    std::string bearer;
    const auto sent = record.values.find(name::username);
    if (sent != record.values.end() && sent->second)
        bearer = *sent->second;
    else if (target)
        bearer = target->fields.at(std::string(name::username));

    std::vector<std::uint8_t> octets((*sealed)->size() / 2);
    const bool is_hex = store::from_hex(**sealed, octets);
    auto opened = is_hex ? users.open_from_transfer(
                               bearer, {reinterpret_cast<const char*>(octets.data()), octets.size()})
                         : result<store::Secret>(store::Error::corrupt);
    if (!opened || opened->empty()) {
        return record.refuse(password_sealed,
                             "It was sealed with another key, or for another user name, or was changed.");
    }
    record.values.emplace(name::password, std::string(*opened));
}

// Leaves only what differs from the target.
void drop_unchanged(const store::User& target, CheckedRow& row, store::Time now) {
    for (const auto own_date : {name::date_joined, name::first_login, name::last_login}) {
        const auto found = row.changes.find(own_date);
        if (found != row.changes.end()) row.changes.erase(found);
    }
    std::erase_if(row.changes, [&](const auto& change) {
        const auto current = target.fields.find(change.first);
        const bool is_null = current == target.fields.end();
        return change.second ? !is_null && current->second == *change.second : is_null;
    });
    if (row.user_time && *row.user_time == target.account.balance_at(now)) row.user_time.reset();
}

// A password cannot be compared with the sealed one without opening that. nullopt: it was done.
awaitable<std::optional<RowErrors>> compare_password(store::Users& users, CheckedRow& row) {
    const auto password = row.changes.find(name::password);
    if (password == row.changes.end()) co_return std::nullopt;
    auto former = co_await users.find_with_password(row.target->id);
    if (!former) co_return errors_of(former.error());
    if (former->password == password->second)
        row.changes.erase(password);
    else
        row.former_password = std::move(former->password);
    co_return std::nullopt;
}

awaitable<std::optional<RowErrors>> find_taken_name(store::Users& users, const CheckedRow& row) {
    const auto username = row.changes.find(name::username);
    if (username == row.changes.end() || !username->second) co_return std::nullopt;
    const auto bearers = co_await look_up(users, {.username = username->second});
    if (!bearers) co_return errors_of(bearers.error());
    if (!bearers->empty()) co_return errors_of(store::Error::name_taken);
    co_return std::nullopt;
}

// By the opposite of what the ledger has of it: what was charged meanwhile stays charged.
awaitable<bool> undo_balance(store::Store& store, const ImportRules& rules, store::UserId id) {
    const auto credits = co_await store.credits.list(id, {.offset = 0, .limit = credits_looked_through});
    if (!credits) co_return credits.error() == store::Error::not_found;
    const auto source = actor_of_import(rules);
    const auto ours = std::ranges::find(credits->items, source, &store::Credit::source);
    if (ours == credits->items.end()) co_return false;

    if (ours->before && ours->after) {
        const auto added = co_await store.credits.add({.user = id,
                                                       .seconds = -ours->seconds,
                                                       .reason = "import taken back",
                                                       .source = source,
                                                       .idempotency_key = {},
                                                       .now = rules.now});
        if (added || added.error() == store::Error::not_found) co_return true;
        if (added.error() != store::Error::insufficient_balance) co_return false;
    }
    const bool is_spent = ours->before && ours->after;
    const auto former = is_spent ? store::Balance(store::Seconds(0)) : ours->before;
    const auto set = co_await store.users.change(id, {}, former, source, rules.now);
    co_return set || set.error() == store::Error::not_found;
}

}  // namespace

std::optional<std::string> key_of(const json& body, std::string_view field) {
    const auto fields = transfer_fields();
    const auto described = std::ranges::find(fields, field, &Field::name);
    if (!body.is_object() || described == fields.end()) return std::nullopt;
    const auto sent = body.find(std::string(field));
    if (sent == body.end() || sent->is_null()) return std::nullopt;
    auto parsed = described->type->parse(*described, *sent);
    if (!parsed.errors.is_null() || parsed.stored == "") return std::nullopt;
    return std::move(parsed.stored);
}

awaitable<boost::system::result<CheckedRow, RowErrors>> check_row(store::Store& store,
                                                                  const ImportRules& rules, json body,
                                                                  Predecessor predecessor,
                                                                  bool is_only_check) {
    auto target = co_await find_target(store.users, rules, body);
    if (!target) co_return std::move(target).error();

    CheckedRow row;
    row.target = *std::move(target);
    const bool is_update = row.target || predecessor == Predecessor::makes_the_same_user;
    fill_in_organization(rules.token, body);
    auto record = parse_record(transfer_fields(), body, is_update ? Write::patch : Write::post);
    open_password(store.users, row.target, record);
    if (names_foreign_organization(rules.token, record)) {
        record.refuse(name::organization, "You do not have permission to perform this action.");
    }
    judge_name(rules.why_unusable, row.target, record);
    if (!record.errors.empty()) co_return RowErrors(std::move(record.errors), false);
    if (predecessor == Predecessor::takes_the_name) co_return errors_of(store::Error::name_taken);

    row.user_time = to_balance(record.take(user_time));
    row.changes = std::move(record.values);
    if (row.target) {
        drop_unchanged(*row.target, row, rules.now);
        if (auto refusal = co_await compare_password(store.users, row)) co_return *std::move(refusal);
    }
    if (is_only_check && predecessor == Predecessor::none) {
        if (auto refusal = co_await find_taken_name(store.users, row)) co_return *std::move(refusal);
    }
    co_return std::move(row);
}

awaitable<boost::system::result<store::UserId, RowErrors>> write_row(store::Store& store,
                                                                     const ImportRules& rules,
                                                                     CheckedRow row) {
    if (row.changes_nothing()) co_return row.target->id;
    auto written = row.target ? co_await store.users.change(row.target->id, std::move(row.changes),
                                                            row.user_time, actor_of_import(rules), rules.now)
                              : co_await store.users.create(without_nulls(std::move(row.changes)),
                                                            row.user_time.value_or(rules.default_user_time),
                                                            actor_of_import(rules), rules.now);
    if (!written) co_return errors_of(written.error());
    co_return written->id;
}

RowUndo undo_of(const CheckedRow& row, store::UserId id) {
    RowUndo undo{.id = id, .is_new = !row.target, .former = {}, .has_set_balance = false};
    if (!row.target) return undo;
    for (const auto& [field, value] : row.changes) {
        const auto former = row.target->fields.find(field);
        if (field == name::password)
            undo.former.emplace(field, row.former_password);
        else if (former == row.target->fields.end())
            undo.former.emplace(field, std::nullopt);
        else
            undo.former.emplace(field, former->second);
    }
    undo.has_set_balance = row.user_time.has_value();
    return undo;
}

awaitable<bool> undo_row(store::Store& store, const ImportRules& rules, RowUndo undo) {
    if (undo.is_new) {
        const auto removed = co_await store.users.remove(undo.id, false);
        co_return removed || removed.error() == store::Error::not_found;
    }
    if (undo.has_set_balance && !co_await undo_balance(store, rules, undo.id)) co_return false;
    if (undo.former.empty()) co_return true;
    const auto changed = co_await store.users.change(undo.id, std::move(undo.former), std::nullopt,
                                                     actor_of_import(rules), rules.now);
    co_return changed || changed.error() == store::Error::not_found;
}

}  // namespace hourglass::api
