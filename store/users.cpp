#include "store/users.hpp"

#include "store/deadlines.hpp"
#include "store/decimal.hpp"
#include "store/keys.hpp"
#include "store/name_claims.hpp"
#include "store/redis_connection.hpp"
#include "store/redis_reply.hpp"
#include "store/scripts.hpp"
#include "store/session_index.hpp"
#include "store/session_text.hpp"
#include "store/user_indexes.hpp"
#include "store/user_record.hpp"

namespace hourglass::store {
namespace {

// The membership that `changes` make of `before`.
Membership changed(Membership before, const FieldChanges& changes) {
    for (const auto& [field, value] : changes) {
        if (field == user_field::username && value) before.username = *value;
        if (field == user_field::organization && value) {
            before.organization = parse_decimal(*value).value_or(before.organization);
        }
        if (field == user_field::is_active) before.is_active = value != "0";
        if (field == user_field::external_id) before.external_id = value;
    }
    return before;
}

// What the scripts say instead of 'done'.
error_code error_of(std::string_view outcome) {
    if (outcome == "version_changed") return Error::version_changed;
    if (outcome == "session_running") return Error::session_running;
    return Error::not_found;
}

bool concerns_indexes(const FieldChanges& changes) {
    return changes.contains(user_field::username) || changes.contains(user_field::organization) ||
           changes.contains(user_field::is_active) || changes.contains(user_field::external_id);
}

void append(IndexEntries& entries, UserId id, const std::optional<Membership>& membership) {
    if (!membership) return;
    const auto more = entries_of(id, *membership);
    entries.insert(entries.end(), more.begin(), more.end());
}

// Writes the record between the indexes it needs and the proof that the name is (still) claimed for it.
struct Written {
    UserWritten record;
    bool is_name_ours{};
    Reply kept;  // what `record` points into
};

awaitable<result<Written>> write_with_indexes(RedisConnection& redis, UserId id, Membership wanted,
                                              UserWrite write) {
    Pipeline pipeline;
    add_entries(pipeline, entries_of(id, wanted));
    const auto written_at = pipeline.size();
    add_user_write(pipeline, id, write);
    auto replies = co_await redis.execute_all(std::move(pipeline));
    if (!replies) co_return replies.error();
    const auto owner = co_await find_claim(redis, wanted.username);
    if (!owner) co_return owner.error();

    Written written;
    written.kept = std::move((*replies)[written_at]);
    written.record = parse_user_written(written.kept);
    written.is_name_ours = *owner == id;
    co_return std::move(written);
}

// Somebody must look after running sessions now.
awaitable<result<void>> name_visit(RedisConnection& redis, UserTag tag, Time now) {
    Pipeline naming;
    add_deadline(naming, tag, now);
    const auto named = co_await redis.execute(std::move(naming));
    if (!named) co_return named.error();
    co_return result<void>();
}

// Sessions that the removal of their user has closed: their fields and texts.
awaitable<result<void>> list_closed(RedisConnection& redis, UserTag tag, OrganizationId organization,
                                    std::span<redisReply* const> fields_and_texts) {
    Pipeline listing;
    for (std::size_t i = 0; i + 1 < fields_and_texts.size(); i += 2) {
        const auto field = text_of(fields_and_texts[i]);
        const auto session = parse_session(field, text_of(fields_and_texts[i + 1]));
        if (!session) co_return Error::corrupt;
        add_listing(listing, organization, {tag, session->started, std::string(field)}, false);
    }
    if (listing.size() == 0) co_return result<void>();
    const auto listed = co_await redis.execute_all(std::move(listing));
    if (!listed) co_return listed.error();
    co_return result<void>();
}

}  // namespace

Users::Users(RedisConnection& redis, const SecretBox& secrets, const LedgerRules& rules,
             RememberedUsers& remembered, LastLogins& last_logins)
    : redis_(redis), secrets_(secrets), rules_(rules), remembered_(remembered), last_logins_(last_logins) {}

awaitable<result<User>> Users::create(Fields fields, Balance user_time, Actor actor, Time now) {
    auto next_id = Pipeline().add({"INCR", keys::next_user_id});
    const auto counter = co_await redis_.execute(std::move(next_id));
    if (!counter) co_return counter.error();
    const UserId id = counter->integer();

    UserWrite write{
        .is_creation = true, .changes = {}, .user_time = {}, .actor = std::move(actor), .now = now};
    if (user_time) write.user_time = user_time;
    for (auto& [field, value] : fields)
        write.changes.emplace(field, std::move(value));
    write.changes.try_emplace(std::string(user_field::date_joined), decimal(now));
    auto& password = write.changes[std::string(user_field::password)];
    password = seal_password(secrets_, id, password.value_or(""));
    const auto wanted = changed({}, write.changes);

    const auto claimed = co_await claim_name(redis_, wanted.username, id, now);
    if (!claimed) co_return claimed.error();
    const auto written = co_await write_with_indexes(redis_, id, wanted, std::move(write));
    if (!written) co_return written.error();
    if (!written->is_name_ours) {
        const auto removed = co_await remove(id, true);
        if (!removed && removed.error() != Error::not_found) co_return removed.error();
        co_return Error::name_taken;
    }
    co_return co_await find(id);
}

awaitable<result<User>> Users::find(UserId id) {
    Pipeline read;
    add_user_read(read, id);
    const auto replies = co_await redis_.execute_all(std::move(read));
    if (!replies) co_return replies.error();
    auto user = parse_user(id, replies_of_user(*replies), rules_);
    if (!user) co_return Error::not_found;
    co_return *std::move(user);
}

awaitable<result<User>> Users::change(UserId id, FieldChanges changes, std::optional<Balance> user_time,
                                      Actor actor, Time now, ExpectedVersion expected) {
    const auto password = changes.find(user_field::password);
    if (password != changes.end())
        password->second = seal_password(secrets_, id, password->second.value_or(""));
    UserWrite write{.is_creation = false,
                    .changes = std::move(changes),
                    .user_time = user_time,
                    .actor = std::move(actor),
                    .now = now,
                    .expected = expected,
                    .stale_limit = rules_.stale_limit()};

    if (!concerns_indexes(write.changes)) {
        Pipeline pipeline;
        add_user_write(pipeline, id, write);
        const auto reply = co_await redis_.execute(std::move(pipeline));
        if (!reply) co_return reply.error();
        const auto written = parse_user_written(*reply);
        if (written.outcome != "done") co_return error_of(written.outcome);
        if (written.must_tell_sessions) {
            const auto named = co_await name_visit(redis_, UserTag::of(id), now);
            if (!named) co_return named.error();
        }
        co_return co_await find(id);  // which is a barrier too: see add_change_barrier
    }

    const auto before = co_await read_membership(redis_, id);
    if (!before) co_return before.error();
    if (!*before) co_return Error::not_found;
    const auto wanted = changed(**before, write.changes);
    const bool is_renamed = wanted.username != (*before)->username;
    if (is_renamed) {
        const auto claimed = co_await claim_name(redis_, wanted.username, id, now);
        if (!claimed) co_return claimed.error();
    }

    const bool is_moved = wanted.organization != (*before)->organization;
    if (is_moved) {
        const auto listed = co_await list_sessions(redis_, id, wanted.organization);
        if (!listed) co_return listed.error();
    }

    const auto written = co_await write_with_indexes(redis_, id, wanted, std::move(write));
    if (!written) co_return written.error();
    const bool is_done = written->record.outcome == "done";
    if (written->record.must_tell_sessions) {
        const auto named = co_await name_visit(redis_, UserTag::of(id), now);
        if (!named) co_return named.error();
    }
    const bool is_name_lost = is_done && is_renamed && !written->is_name_ours;
    if (is_name_lost) {
        Pipeline undo;
        add_user_write(undo, id,
                       {.is_creation = false,
                        .changes = {{std::string(user_field::username), (*before)->username}},
                        .user_time = {},
                        .actor = {},
                        .now = now});
        const auto undone = co_await redis_.execute(std::move(undo));
        if (!undone) co_return undone.error();
    }

    auto suspects = entries_of(id, wanted);
    append(suspects, id, *before);
    append(suspects, id, written->record.before);
    const auto settled = co_await settle_entries(redis_, id, std::move(suspects));
    if (!settled) co_return settled.error();
    if (is_moved) {
        const auto moved = co_await settle_sessions(redis_, id, (*before)->organization);
        if (!moved) co_return moved.error();
    }
    if (is_name_lost) co_return Error::name_taken;
    if (!is_done) co_return error_of(written->record.outcome);
    co_return co_await find(id);
}

awaitable<result<void>> Users::remove(UserId id, bool force, ExpectedVersion expected) {
    const auto tag = UserTag::of(id);
    const auto before = co_await read_membership(redis_, id);
    if (!before) co_return before.error();
    if (*before) {
        auto name = Pipeline().add({"SADD", keys::removed_users((*before)->username), tag.text});
        const auto named = co_await redis_.execute(std::move(name));
        if (!named) co_return named.error();
    }
    const auto now = std::chrono::floor<Seconds>(std::chrono::system_clock::now());
    auto removal = Pipeline().run(scripts::remove_user,
                                  {keys::user(tag), keys::account(tag), keys::credits(tag), keys::extra(tag),
                                   keys::closed(tag), keys::idempotency(tag), keys::logins(tag)},
                                  {decimal(now), force ? "force" : "", decimal_or_empty(expected)});
    removal.add({"EXISTS", keys::closed(tag)});
    const auto replies = co_await redis_.execute_all(std::move(removal));
    if (!replies) co_return replies.error();

    const auto elements = replies->front().elements();
    const auto outcome = elements.empty() ? std::string_view() : text_of(elements[0]);
    if (outcome != "done") co_return error_of(outcome);
    auto known = elements.size() >= 2 ? parse_membership(elements_of(elements[1])) : std::nullopt;
    if (!known) co_return Error::corrupt;
    const bool has_sessions = replies->back().integer() == 1;
    if (!has_sessions) {
        redis_.send(Pipeline().add({"SREM", keys::removed_users(known->username), tag.text}));
    }
    const auto closed = co_await list_closed(redis_, tag, known->organization, elements.subspan(2));
    if (!closed) co_return closed.error();
    const bool has_ended_sessions = elements.size() > 2;
    if (has_ended_sessions) {
        const auto visit = co_await name_visit(redis_, tag, now);
        if (!visit) co_return visit.error();
    }

    if (known->extra) {
        auto pointer =
            Pipeline().run(scripts::release_claim, {keys::extra_parent(*known->extra)}, {tag.text});
        const auto released = co_await redis_.execute(std::move(pointer));
        if (!released) co_return released.error();
        const bool lies_elsewhere = released->integer() == 0;
        if (lies_elsewhere) known->extra.reset();
    }
    co_return co_await settle_entries(redis_, id, entries_of(id, *known));  // reads too: a barrier
}

}  // namespace hourglass::store
