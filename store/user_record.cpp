#include "store/user_record.hpp"

#include "store/decimal.hpp"
#include "store/redis_reply.hpp"
#include "store/scripts.hpp"
#include "store/session_list.hpp"

#include <algorithm>
#include <functional>

namespace hourglass::store {
namespace {

constexpr std::string_view version_field = "version";

std::string password_purpose(UserId id) {
    return "password of user " + std::to_string(id);
}

// The fields by which a session may run, and how.
constexpr auto limits_of_sessions = std::to_array<std::string_view>(
    {user_field::is_active, user_field::expiration, user_field::profile, user_field::organization});

bool concerns_sessions(const FieldChanges& changes) {
    return std::ranges::any_of(limits_of_sessions,
                               [&](std::string_view field) { return changes.contains(field); });
}

// The record has such times too if it was imported with them, or is from a version that kept them there.
void take_logins(Fields& fields, std::span<redisReply* const> first_and_last) {
    if (first_and_last.size() != 2 || is_nil(first_and_last[0])) return;
    const auto take = [&](std::string_view field, std::string_view text, auto is_better) {
        auto& kept = fields[std::string(field)];
        const auto kept_time = parse_time(kept);
        if (!kept_time || is_better(parse_time(text), kept_time)) kept = text;
    };
    take(user_field::first_login, text_of(first_and_last[0]), std::less());
    take(user_field::last_login, text_of(first_and_last[1]), std::greater());
}

}  // namespace

void add_user_read(Pipeline& pipeline, UserId id) {
    const auto tag = UserTag::of(id);
    pipeline.add({"HGETALL", keys::user(tag)})
        .add({"HGETALL", keys::account(tag)})
        .add({"HMGET", keys::logins(tag), "first", "last"});
}

UserReplies replies_of_user(const std::vector<Reply>& replies, std::size_t n) {
    return UserReplies(&replies.at(n * user_read_commands), user_read_commands);
}

std::optional<User> parse_user(UserId id, UserReplies replies, const LedgerRules& rules) {
    const auto elements = replies[0].elements();
    if (elements.empty()) return std::nullopt;

    User user;
    user.id = id;
    user.account = parse_account(replies[1].elements(), rules.stale_limit());
    for (std::size_t i = 0; i + 1 < elements.size(); i += 2) {
        const auto field = text_of(elements[i]);
        const auto* value = elements[i + 1];
        if (field == version_field)
            user.version = static_cast<std::uint64_t>(integer_of(value));
        else if (field != user_field::password)
            user.fields.emplace(field, text_of(value));
    }
    take_logins(user.fields, replies[2].elements());
    return user;
}

std::string_view sealed_password_in(const Reply& record) {
    const auto elements = record.elements();
    for (std::size_t i = 0; i + 1 < elements.size(); i += 2) {
        if (text_of(elements[i]) == user_field::password) return text_of(elements[i + 1]);
    }
    return {};
}

std::string seal_password(const SecretBox& secrets, UserId id, std::string_view password) {
    return secrets.seal(password, password_purpose(id));
}

result<Secret> open_password(const SecretBox& secrets, UserId id, std::string_view sealed) {
    return secrets.open(sealed, password_purpose(id));
}

void add_user_write(Pipeline& pipeline, UserId id, const UserWrite& write) {
    const auto tag = UserTag::of(id);
    const auto user = keys::user(tag);
    const auto account = keys::account(tag);
    const auto credits = keys::credits(tag);
    const auto extra = keys::extra(tag);

    const bool is_metered = write.user_time && *write.user_time;
    const auto seconds = is_metered ? std::clamp(**write.user_time, Seconds(0), balance_max) : Seconds(0);
    const auto balance = std::to_string(seconds.count());
    const auto now = decimal(write.now);
    const auto set_fields = std::count_if(write.changes.begin(), write.changes.end(),
                                          [](const auto& change) { return change.second.has_value(); });
    const auto set_count = std::to_string(set_fields);
    const auto expected = decimal_or_empty(write.expected);

    const auto stale_limit = std::to_string(write.stale_limit.count());

    std::vector<std::string_view> arguments{
        write.is_creation ? "create" : "change",
        !write.user_time ? "keep"
        : is_metered     ? "set"
                         : "clear",
        balance,
        now,
        write.actor,
        write.is_creation ? "created" : "set",
        expected,
        stale_limit,
        !write.is_creation && concerns_sessions(write.changes) ? "tell" : "",
        set_count,
    };
    for (const auto& [field, value] : write.changes) {
        if (value) arguments.insert(arguments.end(), {field, *value});
    }
    for (const auto& [field, value] : write.changes) {
        if (!value) arguments.push_back(field);
    }
    const std::array<std::string_view, 4> record_keys{user, account, credits, extra};
    pipeline.run(scripts::write_user, record_keys, arguments);
}

UserWritten parse_user_written(const Reply& reply) {
    const auto elements = reply.elements();
    if (elements.size() != 4)
        return {elements.empty() ? "" : text_of(elements[0]), std::nullopt, std::nullopt, false};
    return {text_of(elements[0]), parse_membership(elements_of(elements[1])),
            parse_membership(elements_of(elements[2])), integer_of(elements[3]) > 0};
}

}  // namespace hourglass::store
