#include "store/ledger.hpp"

#include "store/accounting_script.hpp"
#include "store/deadlines.hpp"
#include "store/decimal.hpp"
#include "store/keys.hpp"
#include "store/redis_connection.hpp"
#include "store/redis_reply.hpp"
#include "store/report_batches.hpp"
#include "store/scripts.hpp"
#include "store/session_list.hpp"
#include "store/session_text.hpp"

namespace hourglass::store {
namespace {

constexpr std::string_view sessions_per_step = "256";

// A Start's index entry and the session it opens arrive at Redis a moment apart. Entries younger than this
// are left alone when a NAS restarts: naming what is gone does no harm, missing an open session would.
constexpr std::chrono::seconds index_grace{10};

// A report of before a NAS's restart is not under way for longer.
constexpr std::chrono::days silent_retention{1};

using Arrival = std::chrono::system_clock::time_point;

// Whose a report is, as far as it is known before Redis is asked.
struct Owner {
    UserTag tag;
    RecordDemand demand;
    std::optional<OrganizationId> organization;
    bool is_remembered{};  // see Bearer
};

// The indexes may miss the session: nothing is acknowledged before that is mended.
awaitable<result<void>> index_session(RedisConnection& redis, SessionPlace place, AccountingAnswer answer,
                                      const AccountingRecord& record) {
    const auto& applied = answer.applied;
    const auto entry = place.entry(applied.started);
    Pipeline mend;
    if (answer.is_running) add_nas_entry(mend, record.nas, entry, record.received_at);
    add_listing(mend, applied.organization, entry, answer.is_running);
    mend.run(scripts::mark_indexed, {keys::account(place.tag), keys::closed(place.tag)},
             {place.field, decimal(applied.started)});
    const auto replies = co_await redis.execute_all(std::move(mend));
    if (!replies) co_return replies.error();
    co_return result<void>();
}

void forget(RedisConnection& redis, const SessionEntry& entry, Arrival before,
            const AccountingRecord& record) {
    redis.send(Pipeline().run(scripts::forget_sessions, {keys::sessions_of_nas(record.nas)},
                              {arrival_score(before), entry.member()}),
               Urgency::in_company);
}

// The entry of a stay that is over, and that of a Start which opened none; not that of a stay which may go
// on, for another daemon may be listing it. Arrivals count in microseconds.
void forget_closed(RedisConnection& redis, const SessionPlace& place, const AccountingAnswer& answer,
                   const AccountingRecord& record) {
    const auto started = answer.applied.started;
    if (record.status == AccountingStatus::stop && !answer.is_running) {
        forget(redis, place.entry(started), record.received_at, record);
    }
    const bool is_named = (answer.is_running || answer.may_go_on) && started == record.event_time;
    if (record.status == AccountingStatus::start && !is_named) {
        forget(redis, place.entry(record.event_time), record.received_at + std::chrono::microseconds(1),
               record);
    }
}

// nullopt: the user is another than was thought, or is gone.
awaitable<result<std::optional<Applied>>> apply_to(RedisConnection& redis, Owner owner,
                                                   const AccountingRecord& record, const LedgerRules& rules) {
    const SessionPlace place{std::move(owner.tag), session_field(record.nas, record.session_id)};
    const bool is_start = record.status == AccountingStatus::start;
    Pipeline report;
    if (is_start) add_nas_entry(report, record.nas, place.entry(record.event_time), record.received_at);
    if (is_start && owner.organization) {
        add_listing(report, *owner.organization, place.entry(record.event_time), true, Listing::if_new);
    }
    add_report(report, place, record, owner.demand, owner.organization, rules);
    const auto replies = co_await redis.execute_all(std::move(report));
    if (!replies) co_return replies.error();

    const auto answer = parse_accounting_answer(replies->back().text(), place.tag);
    if (!answer) co_return answer.error();
    if (answer->is_another) co_return std::optional<Applied>();
    const auto& applied = answer->applied;
    if (answer->deadline) {
        const auto published = co_await publish_deadline(redis, place.tag, *answer->deadline, answer->visits);
        if (!published) co_return published.error();
    }
    forget_closed(redis, place, *answer, record);

    // Under a reused id a stay may begin at the very second at which one before it did.
    const bool has_new_entry =
        !is_start || !owner.organization || (*replies)[replies->size() - 2].integer() == 1;
    const bool is_hidden = applied.outcome == Applied::Outcome::opened && !has_new_entry;
    if (!answer->is_listed || is_hidden) {
        const auto indexed = co_await index_session(redis, place, *answer, record);
        if (!indexed) co_return indexed.error();
    } else if (!answer->is_running && record.status == AccountingStatus::stop && applied.number != 0) {
        Pipeline closing;
        add_closing(closing, applied.organization, place.entry(applied.started));
        redis.send(closing, Urgency::in_company);
    }
    const bool is_stray = is_start && owner.organization && applied.outcome == Applied::Outcome::duplicate &&
                          has_new_entry && applied.started != record.event_time;
    if (is_stray) {
        Pipeline removal;
        add_delisting(removal, *owner.organization, place.entry(record.event_time));
        redis.send(removal, Urgency::in_company);
    }
    co_return std::optional(applied);
}

// Closes what the members of a NAS's index name, and forgets those that are not open.
awaitable<result<std::uint64_t>> close_members(RedisConnection& redis, std::string index,
                                               std::vector<std::string> members, NasRestart restart,
                                               const LedgerRules& rules) {
    std::vector<SessionPlace> places;
    std::vector<Time> starts;
    Pipeline closing;
    for (const std::string_view member : members) {
        auto entry = parse_session_entry(member);
        if (!entry) co_return Error::corrupt;
        starts.push_back(entry->started);
        places.push_back({std::move(entry->tag), std::move(entry->field)});
        add_restart(closing, places.back(), restart, rules);
    }
    const auto replies = co_await redis.execute_all(std::move(closing));
    if (!replies) co_return replies.error();

    std::uint64_t closed = 0;
    const auto before = arrival_score(restart.received_at - index_grace);
    std::vector<std::string_view> forget{before};
    Pipeline forgetting;
    for (std::size_t i = 0; i < members.size(); ++i) {
        const auto answer = parse_accounting_answer((*replies)[i].text(), places[i].tag);
        if (!answer) co_return answer.error();
        const auto& applied = answer->applied;
        if (applied.outcome == Applied::Outcome::closed) {
            ++closed;
            add_closing(forgetting, applied.organization, places[i].entry(applied.started));
        }
        // What began later may still be named to a later restart: see silent_sessions_of_nas().
        if (!answer->is_field_open && starts[i] < restart.event_time) forget.push_back(members[i]);
    }
    const std::array<std::string_view, 1> index_keys{index};
    forgetting.run(scripts::forget_sessions, index_keys, forget);
    const auto forgotten = co_await redis.execute_all(std::move(forgetting));
    if (!forgotten) co_return forgotten.error();
    co_return closed;
}

awaitable<result<std::uint64_t>> close_all_in(RedisConnection& redis, std::string index, NasRestart restart,
                                              const LedgerRules& rules) {
    std::uint64_t closed = 0;
    std::string cursor = "0";
    do {
        // Behind the reports that came before it, which wait for company too.
        auto scan = Pipeline().add({"ZSCAN", index, cursor, "COUNT", sessions_per_step});
        const auto step = co_await redis.execute(std::move(scan), Urgency::in_company);
        if (!step) co_return step.error();
        if (step->elements().size() != 2) co_return Error::corrupt;

        cursor = text_of(step->elements()[0]);
        std::vector<std::string> members;
        const auto members_and_scores = elements_of(step->elements()[1]);
        for (std::size_t i = 0; i < members_and_scores.size(); i += 2) {
            members.emplace_back(text_of(members_and_scores[i]));
        }
        const auto closed_now = co_await close_members(redis, index, std::move(members), restart, rules);
        if (!closed_now) co_return closed_now.error();
        closed += *closed_now;
    } while (cursor != "0");
    co_return closed;
}

// A Start is listed by the organization before the record is asked for it.
awaitable<result<Owner>> owner_by_name(Users& users, SoughtUser sought, AccountingStatus status) {
    const bool asks_organization = status == AccountingStatus::start || !sought.organizations.empty();
    auto found = asks_organization ? users.find_member(sought) : users.find_bearer(sought);
    auto bearer = co_await std::move(found);
    if (!bearer) co_return bearer.error();
    if (!sought.may_be_of(bearer->organization)) co_return Error::not_found;
    Owner owner{UserTag::of(bearer->id), {.name = std::move(bearer->name)}, {}, bearer->is_remembered};
    if (asks_organization) owner.organization = bearer->organization;
    co_return owner;
}

awaitable<result<Owner>> owner_by_id(Users& users, UserId id, std::string username, AccountingStatus status) {
    Owner owner{UserTag::of(id), {.is_there = true}, {}};
    if (status != AccountingStatus::start) co_return owner;
    const auto organization = co_await users.find_organization(id, std::move(username));
    if (!organization) co_return organization.error();
    owner.organization = *organization;
    co_return owner;
}

}  // namespace

Ledger::Ledger(RedisConnection& redis, Users& users, const LedgerRules& rules, ReportBatches* batches)
    : redis_(redis), users_(users), rules_(rules), batches_(batches) {}

awaitable<result<Applied>> Ledger::apply(const AccountingRecord& record) {
    if (!batches_) co_return co_await apply_by_script(record);
    auto& by_script = batches_->counts().by_script;
    auto bearer = recall_bearer(record);
    if (!bearer) {
        const auto asked = co_await users_.find_member(record.sought.value_or(SoughtUser{record.username}));
        if (!asked && asked.error() == Error::unavailable) co_return asked.error();
        if (!asked && asked.error() == Error::not_found) {
            by_script.fetch_add(1, std::memory_order_relaxed);
            co_return co_await apply_to_nobody(record);
        }
        bearer = recall_bearer(record);
    }
    if (bearer) {
        ReportStep step({UserTag::of(bearer->id), session_field(record.nas, record.session_id)}, record,
                        {.name = std::move(bearer->name), .is_there = true}, rules_);
        const auto applied = co_await batches_->apply(step);
        if (!applied) co_return applied.error();
        if (*applied) {
            const auto organization = (*applied)->organization;
            if (bearer->is_remembered && bearer->organization != organization)
                users_.keep_organization(record.sought ? record.sought->name : record.username, organization);
            co_return **applied;
        }
    }
    by_script.fetch_add(1, std::memory_order_relaxed);
    co_return co_await apply_by_script(record);
}

// By a Class of ours, or by name from memory.
std::optional<Bearer> Ledger::recall_bearer(const AccountingRecord& record) {
    if (record.user != 0) return Bearer{.id = record.user};
    return users_.recall_bearer(record.sought ? *record.sought : SoughtUser{record.username});
}

awaitable<result<Applied>> Ledger::apply_by_script(const AccountingRecord& record) {
    auto attempt = record.user != 0 ? apply_by_class(record) : apply_by_name(record);
    auto applied = co_await std::move(attempt);
    if (!applied) co_return applied.error();
    if (*applied) co_return **applied;
    co_return co_await apply_to_nobody(record);
}

awaitable<result<Applied>> Ledger::apply_to_nobody(const AccountingRecord& record) {
    const auto applied = co_await apply_to(
        redis_, {UserTag::of_unknown(record.username), {}, unknown_organization}, record, rules_);
    if (!applied) co_return applied.error();
    co_return applied->value();
}

// nullopt: he is gone. Who bears the name by now has nothing to do with it.
awaitable<result<std::optional<Applied>>> Ledger::apply_by_class(const AccountingRecord& record) {
    const auto& name = record.sought ? record.sought->name : record.username;
    auto owner = co_await owner_by_id(users_, record.user, name, record.status);
    if (!owner && owner.error() == Error::not_found) co_return std::optional<Applied>();
    if (!owner) co_return owner.error();
    co_return co_await apply_to(redis_, *std::move(owner), record, rules_);
}

// nullopt: nobody bears it.
awaitable<result<std::optional<Applied>>> Ledger::apply_by_name(const AccountingRecord& record) {
    auto sought = record.sought.value_or(SoughtUser{record.username});
    for (int lookup = 0; lookup < NameCache::lookups_max; ++lookup) {
        auto owner = co_await owner_by_name(users_, sought, record.status);
        if (!owner && owner.error() == Error::not_found) break;
        if (!owner) co_return owner.error();

        const auto believed = owner->organization;
        const auto name = owner->demand.name;
        const bool is_remembered = owner->is_remembered;
        const auto applied = co_await apply_to(redis_, *std::move(owner), record, rules_);
        if (!applied) co_return applied.error();
        if (*applied) {
            const auto seen = (*applied)->organization;
            if (believed && believed != seen) users_.keep_organization(sought.name, seen);
            co_return applied;
        }
        users_.forget_name(sought.name);
        if (!is_remembered) sought.rule_out(name);
    }
    co_return std::optional<Applied>();
}

awaitable<result<std::uint64_t>> Ledger::close_sessions_of(const NasRestart& restart) {
    const auto running = co_await close_all_in(redis_, keys::sessions_of_nas(restart.nas), restart, rules_);
    if (!running) co_return running.error();
    const auto silent =
        co_await close_all_in(redis_, keys::silent_sessions_of_nas(restart.nas), restart, rules_);
    if (!silent) co_return silent.error();
    co_return *running + *silent;
}

awaitable<result<StaleClosing>> Ledger::close_stale(UserTag tag, Session session, Time now) {
    const SessionPlace place{std::move(tag), session_field(session.nas, session.session_id)};
    const auto entry = place.entry(session.started);
    const auto silent = keys::silent_sessions_of_nas(session.nas);
    Pipeline closing;
    closing.add({"ZADD", silent, "GT", arrival_score(now), entry.member()});
    add_stale_closing(closing, place, session.heard, now, rules_);
    const auto replies = co_await redis_.execute_all(std::move(closing));
    if (!replies) co_return replies.error();
    const auto answer = parse_accounting_answer(replies->back().text(), place.tag);
    if (!answer) co_return answer.error();
    if (answer->applied.outcome != Applied::Outcome::closed) co_return StaleClosing::unchanged;

    Pipeline listing;
    add_closing(listing, answer->applied.organization, entry);
    listing.run(scripts::forget_sessions, {keys::sessions_of_nas(session.nas)},
                {arrival_score(now - index_grace), entry.member()});
    listing.add({"ZREMRANGEBYSCORE", silent, "-inf", arrival_score(now - silent_retention)});
    redis_.send(listing);
    co_return StaleClosing::closed;
}

awaitable<result<std::vector<Session>>> Ledger::sessions_of(UserId user) {
    const auto tag = UserTag::of(user);
    Pipeline read;
    read.add({"HGETALL", keys::account(tag)})
        .add({"HGETALL", keys::closed(tag)})
        .add({"HGETALL", keys::details(tag)});
    const auto replies = co_await redis_.execute_all(std::move(read));
    if (!replies) co_return replies.error();

    co_return parse_sessions(user,
                             {(*replies)[0].elements(), (*replies)[1].elements(), (*replies)[2].elements()});
}

}  // namespace hourglass::store
