#include "store/ledger.hpp"

#include "store/decimal.hpp"
#include "store/keys.hpp"
#include "store/redis_connection.hpp"
#include "store/redis_reply.hpp"
#include "store/scripts.hpp"
#include "store/session_list.hpp"
#include "store/session_text.hpp"

#include <boost/assert.hpp>

#include <algorithm>

namespace hourglass::store {
namespace {

constexpr std::string_view sessions_per_step = "256";

// A Start's index entry and the session it opens arrive at Redis a moment apart. Entries younger than this
// are left alone when a NAS restarts: naming what is gone does no harm, missing an open session would.
constexpr std::chrono::seconds index_grace{10};

using Arrival = std::chrono::system_clock::time_point;

std::string microseconds(Arrival time) {
    return std::to_string(
        std::chrono::duration_cast<std::chrono::microseconds>(time.time_since_epoch()).count());
}
std::string seconds(Arrival time) {
    return decimal(std::chrono::floor<Seconds>(time));
}

std::string_view wire(AccountingStatus status) {
    switch (status) {
        case AccountingStatus::start:
            return "start";
        case AccountingStatus::interim:
            return "interim";
        case AccountingStatus::stop:
            return "stop";
    }
    return {};
}

// Where one session is kept.
struct Place {
    UserTag tag;
    std::string field;
    std::string nas_index;

    std::string index_member() const { return tag.text + " " + field; }
};

Place place_of(UserTag tag, const AccountingRecord& record) {
    return {std::move(tag), session_field(record.nas, record.session_id), keys::sessions_of_nas(record.nas)};
}

void add_index_entry(Pipeline& pipeline, const Place& place, Arrival arrival) {
    pipeline.add({"ZADD", place.nas_index, "GT", microseconds(arrival), place.index_member()});
}

void add_report(Pipeline& pipeline, const Place& place, const AccountingRecord& record, bool is_known_user) {
    const auto details = encode(record.details);
    pipeline.run(
        scripts::apply_accounting,
        {keys::user(place.tag), keys::account(place.tag), keys::closed(place.tag), keys::details(place.tag)},
        {place.field, wire(record.status), decimal(record.event_time),
         std::to_string(record.session_time.count()), std::to_string(record.input_octets),
         std::to_string(record.output_octets), fingerprint(details), details,
         is_known_user ? std::string_view(record.username) : std::string_view(), seconds(record.received_at),
         std::to_string(closed_session_retention.count())});
}

void add_restart(Pipeline& pipeline, const UserTag& tag, std::string_view field, const NasRestart& restart) {
    pipeline.run(scripts::apply_accounting,
                 {keys::user(tag), keys::account(tag), keys::closed(tag), keys::details(tag)},
                 {field, "restart", decimal(restart.event_time), "0", "0", "0", "0", "", "",
                  seconds(restart.received_at), std::to_string(closed_session_retention.count())});
}

// The script's answer. `place` is 'open', 'unindexed' or 'closed'.
struct Answer {
    std::string_view outcome;
    std::string_view place;
    Applied applied;
};

result<Answer> parse_answer(const Reply& reply, bool is_known_user) {
    const auto elements = reply.elements();
    if (elements.empty()) return Error::corrupt;
    Answer answer{text_of(elements[0]), {}, {}};
    if (answer.outcome == "renamed") return answer;
    if (elements.size() != 5) return Error::corrupt;

    using Outcome = Applied::Outcome;
    auto& applied = answer.applied;
    if (answer.outcome == "opened")
        applied.outcome = Outcome::opened;
    else if (answer.outcome == "updated")
        applied.outcome = Outcome::updated;
    else if (answer.outcome == "closed")
        applied.outcome = Outcome::closed;
    else if (answer.outcome == "duplicate")
        applied.outcome = Outcome::duplicate;
    else
        return Error::corrupt;
    applied.is_known_user = is_known_user;
    applied.charged = Seconds(integer_of(elements[1]));
    applied.uncovered = Seconds(integer_of(elements[2]));
    if (!is_nil(elements[3])) applied.balance = Seconds(integer_of(elements[3]));
    answer.place = text_of(elements[4]);
    return answer;
}

// The session is open and its NAS's index may miss it: nothing is acknowledged before that is mended.
awaitable<result<void>> index_session(RedisConnection& redis, Place place, Arrival arrival) {
    Pipeline mend;
    add_index_entry(mend, place, arrival);
    mend.run(scripts::mark_indexed, {keys::account(place.tag)}, {place.field});
    const auto replies = co_await redis.execute_all(std::move(mend));
    if (!replies) co_return replies.error();
    co_return result<void>();
}

// Arrivals count in microseconds; a late Start's own entry goes too.
void forget_closed(RedisConnection& redis, const Place& place, const AccountingRecord& record) {
    const bool has_entry = record.status != AccountingStatus::interim;
    if (!has_entry) return;
    const bool is_own = record.status == AccountingStatus::start;
    const auto before = record.received_at + std::chrono::microseconds(is_own ? 1 : 0);
    redis.send(Pipeline().run(scripts::forget_sessions, {place.nas_index},
                              {microseconds(before), place.index_member()}));
}

// nullopt: the user has another name by now.
awaitable<result<std::optional<Applied>>> apply_to(RedisConnection& redis, Place place, bool is_known_user,
                                                   const AccountingRecord& record) {
    Pipeline report;
    if (record.status == AccountingStatus::start) add_index_entry(report, place, record.received_at);
    add_report(report, place, record, is_known_user);
    const auto replies = co_await redis.execute_all(std::move(report));
    if (!replies) co_return replies.error();

    const auto answer = parse_answer(replies->back(), is_known_user);
    if (!answer) co_return answer.error();
    if (answer->outcome == "renamed") co_return std::optional<Applied>();
    if (answer->place == "closed") forget_closed(redis, place, record);
    if (answer->place == "unindexed") {
        const auto indexed = co_await index_session(redis, std::move(place), record.received_at);
        if (!indexed) co_return indexed.error();
    }
    co_return std::optional(answer->applied);
}

// Closes what the members of a NAS's index name, and forgets those that are not open.
awaitable<result<std::uint64_t>> close_members(RedisConnection& redis, std::vector<std::string> members,
                                               NasRestart restart) {
    Pipeline closing;
    for (const std::string_view member : members) {
        const auto space = member.find(' ');
        add_restart(closing, {std::string(member.substr(0, space))}, member.substr(space + 1), restart);
    }
    const auto replies = co_await redis.execute_all(std::move(closing));
    if (!replies) co_return replies.error();

    std::uint64_t closed = 0;
    const auto before = microseconds(restart.received_at - index_grace);
    std::vector<std::string_view> forget{before};
    for (std::size_t i = 0; i < members.size(); ++i) {
        const auto answer = parse_answer((*replies)[i], false);
        if (!answer) co_return answer.error();
        if (answer->outcome == "closed") ++closed;
        if (answer->place == "closed") forget.push_back(members[i]);
    }
    const auto index = keys::sessions_of_nas(restart.nas);
    const std::array<std::string_view, 1> index_keys{index};
    Pipeline forgetting;
    forgetting.run(scripts::forget_sessions, index_keys, forget);
    const auto forgotten = co_await redis.execute(std::move(forgetting));
    if (!forgotten) co_return forgotten.error();
    co_return closed;
}

}  // namespace

Ledger::Ledger(RedisConnection& redis, Users& users) : redis_(redis), users_(users) {}

awaitable<result<Applied>> Ledger::apply(AccountingRecord record) {
    for (int lookup = 0; lookup < NameCache::lookups_max; ++lookup) {
        const auto id = co_await users_.find_id(record.username);
        if (!id && id.error() == Error::not_found) break;
        if (!id) co_return id.error();

        const auto applied = co_await apply_to(redis_, place_of(UserTag::of(*id), record), true, record);
        if (!applied) co_return applied.error();
        if (*applied) co_return **applied;
        users_.forget_name(record.username);
    }
    const auto applied =
        co_await apply_to(redis_, place_of(UserTag::of_unknown(record.username), record), false, record);
    if (!applied) co_return applied.error();
    co_return applied->value();
}

awaitable<result<std::uint64_t>> Ledger::close_sessions_of(NasRestart restart) {
    std::uint64_t closed = 0;
    std::string cursor = "0";
    do {
        auto scan =
            Pipeline().add({"ZSCAN", keys::sessions_of_nas(restart.nas), cursor, "COUNT", sessions_per_step});
        const auto step = co_await redis_.execute(std::move(scan));
        if (!step) co_return step.error();
        if (step->elements().size() != 2) co_return Error::corrupt;

        cursor = text_of(step->elements()[0]);
        std::vector<std::string> members;
        const auto members_and_scores = elements_of(step->elements()[1]);
        for (std::size_t i = 0; i < members_and_scores.size(); i += 2) {
            members.emplace_back(text_of(members_and_scores[i]));
        }
        const auto closed_now = co_await close_members(redis_, std::move(members), restart);
        if (!closed_now) co_return closed_now.error();
        closed += *closed_now;
    } while (cursor != "0");
    co_return closed;
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
