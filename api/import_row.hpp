// One row of an import: whom it means, whether it may be written, writing it, and taking that back.
#pragma once

#include "api/row_format.hpp"
#include "api/user_name.hpp"
#include "store/store.hpp"

namespace hourglass::api {

// By which field a row finds the user whom it updates.
enum class Upsert { never, by_username, by_external_id };

struct ImportRules {
    Upsert upsert = Upsert::never;
    store::ApiToken token;  // whose import it is
    store::Seconds default_user_time{};
    store::Time now{};
    WhyUnusable why_unusable{};
};

struct RowErrors {
    // No conversion from json: everything converts to that.
    RowErrors() = default;
    RowErrors(json by_field, bool store_gone) : errors(std::move(by_field)), is_store_gone(store_gone) {}

    json errors = json::object();  // {"field": ["message"]}
    // The row may have been written or not, and the next ones would fare no better.
    bool is_store_gone = false;
};

struct CheckedRow {
    std::optional<store::User> target;  // nobody: a new user
    store::FieldChanges changes;        // of the target, only what differs
    std::optional<store::Balance> user_time;
    std::optional<std::string> former_password;  // if it is changed

    bool changes_nothing() const { return target && changes.empty() && !user_time; }
};

// The key by which rows are the same user's: what `field` says in this row; nullopt: nothing that it may be.
std::optional<std::string> key_of(const json& body, std::string_view field);

// What rows before it in the same import, not written yet, mean for a row.
enum class Predecessor { none, makes_the_same_user, takes_the_name };

// What the coroutines below refer to outlives them. With `is_only_check` nothing follows in which the store
// would find a taken user name, so it is looked for.
awaitable<boost::system::result<CheckedRow, RowErrors>> check_row(store::Store& store,
                                                                  const ImportRules& rules, json body,
                                                                  Predecessor predecessor,
                                                                  bool is_only_check);
awaitable<boost::system::result<store::UserId, RowErrors>> write_row(store::Store& store,
                                                                     const ImportRules& rules,
                                                                     CheckedRow row);

// What takes a written row back.
struct RowUndo {
    store::UserId id{};
    bool is_new{};
    store::FieldChanges former;
    bool has_set_balance{};
};
RowUndo undo_of(const CheckedRow& row, store::UserId id);
// False: the row, or a part of it, stays as it was written.
awaitable<bool> undo_row(store::Store& store, const ImportRules& rules, RowUndo undo);

}  // namespace hourglass::api
