#include "store/report_step.hpp"

#include "store/deadlines.hpp"
#include "store/decimal_text.hpp"
#include "store/redis_reply.hpp"
#include "store/report_reads.hpp"

#include <algorithm>
#include <array>

namespace hourglass::store {
namespace {

// As in scripts/apply_accounting.lua.
constexpr std::chrono::hours sweep_interval{1};
constexpr std::int64_t fields_max = 128;

constexpr std::string_view no_profile = "[]";

}  // namespace

ReportStep::ReportStep(SessionPlace place, const AccountingRecord& record, RecordDemand demand,
                       const LedgerRules& rules)
    : place_(std::move(place)),
      record_(record),
      demand_(std::move(demand)),
      rules_(rules),
      arrival_(std::chrono::floor<Seconds>(record.received_at)),
      account_key_(keys::account(place_.tag)),
      user_key_(record.status == AccountingStatus::start ? keys::user(place_.tag) : std::string()),
      fingerprint_(fingerprint(record.details)) {}

void ReportStep::add_watched_keys(std::vector<std::string_view>& keys) const {
    keys.push_back(account_key_);
    if (record_.status == AccountingStatus::start) keys.push_back(user_key_);
}

void ReportStep::add_reads(Pipeline& reads) const {
    if (record_.status == AccountingStatus::start) return add_reads_of_unknown(reads);
    AccountRead::add(reads, account_key_, place_.field, {});
    if (record_.status == AccountingStatus::interim) return;
    const auto closed = keys::closed(place_.tag);
    reads.add({"HGET", closed, "swept"}).add({"HLEN", closed});
}

// Of a session that is not known, whose user's record is watched.
void ReportStep::add_reads_of_unknown(Pipeline& reads) const {
    AccountRead::add(reads, account_key_, place_.field, AccountRead::idle_fields);
    RecordRead::add(reads, user_key_);
    reads.add({"HEXISTS", keys::closed(place_.tag), place_.field});
    add_claim_check(reads, place_.tag);
}

bool ReportStep::take_reads(std::span<const Reply> replies) {
    AccountRead account;
    if (!account.read(replies, rules_)) return false;
    applied_ = {};
    merged_details_.clear();
    new_name_.clear();
    has_new_details_ = false;
    is_written_ = true;
    applied_.user = parse_decimal(place_.tag.text).value_or(0);
    applied_.is_known_user = applied_.user != 0;
    is_new_ = record_.status == AccountingStatus::start;
    if (is_new_) return open(account, replies);
    if (record_.status == AccountingStatus::interim && is_nil(account.session)) {
        user_key_ = keys::user(place_.tag);
        is_new_ = true;
        return true;
    }
    if (record_.status == AccountingStatus::stop) {
        const auto swept = number_in(replies[2].root()).value_or(0);
        is_sweep_due_ = arrival_ - Time(Seconds(exact(swept))) >= sweep_interval;
        has_closed_sessions_ = replies[3].integer() > 0;
    }
    return bring_forward(account);
}

// A first session under its id. Of one whose Start was lost the first report says what it has used so far.
bool ReportStep::open(const AccountRead& account, std::span<const Reply> replies) {
    const RecordRead owner(replies[2].elements());
    const bool is_closed = replies[3].integer() != 0;
    const bool is_his = !owner.username.empty() && (demand_.name.empty() || demand_.name == owner.username);
    const bool is_plain = account.has_idle_fields() && is_nil(account.idle[AccountRead::reserved]);
    if (is_closed || !is_his || !is_plain || !is_nil(account.session)) return false;

    const auto used = record_.session_time.count();
    const auto covered = account.coverable(used);
    const auto deadline = deadline_of_new(account, covered, owner);
    if (!deadline) return false;
    // A visit that sees this session changes the account, and one that does not makes this fail.
    const bool is_publishable = account.fields > 0 && !is_claimed(replies[4]);
    if (*deadline && !is_publishable) return false;

    const auto number = number_in(account.idle[AccountRead::sessions]).value_or(0) + 1;
    const auto age = record_.status == AccountingStatus::start ? Seconds(0) : record_.session_time;
    const auto started = record_.event_time - age;
    consumed_ = account.consumed + covered;
    has_new_details_ = true;
    if (account.username != owner.username || account.organization != owner.organization)
        new_name_ = owner.username;
    session_ = {.number = static_cast<std::uint64_t>(number),
                .mark = used,
                .input_octets = record_.input_octets,
                .output_octets = record_.output_octets,
                .start = started.time_since_epoch().count(),
                .age = age.count(),
                .fingerprint = fingerprint_,
                .flag = listed_flag,
                .heard = arrival_.time_since_epoch().count()};
    if (account.credited) charge(account, used, covered);

    applied_.outcome = Applied::Outcome::opened;
    applied_.organization = owner.organization;
    applied_.number = session_.number;
    applied_.started = started;
    deadline_ = *deadline;
    return true;
}

void ReportStep::charge(const AccountRead& account, std::int64_t used, std::int64_t covered) {
    session_.charged += covered;
    session_.uncovered += used - covered;
    applied_.charged = Seconds(covered);
    applied_.uncovered = Seconds(used - covered);
    applied_.balance = account.balance() - applied_.charged;
}

// When somebody must look after his sessions, if that is not published or comes earlier. nullopt: that takes
// a look at the others of his that run.
std::optional<std::optional<Time>> ReportStep::deadline_of_new(const AccountRead& account,
                                                               std::int64_t covered,
                                                               const RecordRead& owner) const {
    const auto expiration = parse_time(owner.expiration);
    if (!owner.expiration.empty() && !expiration) return std::nullopt;

    const bool has_profile = !owner.profile.empty() && owner.profile != no_profile;
    const bool is_settled = account.published && account.lasts(covered);
    const bool is_for_a_visit =
        has_profile || !owner.is_active || (!is_settled && account.fields >= fields_max);
    std::optional<Time> deadline;
    if (is_for_a_visit) {
        deadline = arrival_;
    } else if (is_settled) {
        deadline = expiration;
    } else {
        if (!account.is_idle()) return std::nullopt;
        deadline = arrival_ + account.stale_limit;
        if (account.credited) deadline = std::min(*deadline, arrival_ + account.balance() - Seconds(covered));
        deadline = std::max(Time(), std::min(*deadline, expiration.value_or(*deadline)));
    }
    const bool is_earlier = deadline && !(account.published && *deadline >= *account.published);
    return is_earlier ? deadline : std::optional<Time>();
}

// Of a session that runs.
bool ReportStep::bring_forward(const AccountRead& account) {
    const bool is_his =
        !account.username.empty() && (demand_.name.empty() || demand_.name == account.username);
    const auto before = unpack_running(text_of(account.session));
    if (!is_his || !account.published || !before || before->flag != listed_flag) return false;
    const auto age = record_.event_time.time_since_epoch().count() - before->start;
    if (age < 0) return false;

    const auto used = record_.session_time.count() - before->mark;
    applied_.organization = account.organization;
    applied_.number = before->number;
    applied_.started = Time(Seconds(before->start));
    if (account.credited) applied_.balance = account.balance();
    if (record_.status == AccountingStatus::interim && says_nothing_new(*before, used)) {
        applied_.outcome = Applied::Outcome::duplicate;
        if (used < 0 && age > before->age) applied_.anomaly = Anomaly::time_fell;
        is_written_ = false;
        return true;
    }
    return bring_forward(account, *before, used, age);
}

// A later report has overtaken it, or it is repeated when its answer is no longer remembered.
bool ReportStep::says_nothing_new(const PackedSession& before, std::int64_t used) const {
    const bool is_same = record_.input_octets == before.input_octets &&
                         record_.output_octets == before.output_octets && fingerprint_ == before.fingerprint;
    return used < 0 || (used == 0 && is_same);
}

// Later on, and no counter has fallen.
bool ReportStep::bring_forward(const AccountRead& account, const PackedSession& before, std::int64_t used,
                               std::int64_t age) {
    const bool is_stop = record_.status == AccountingStatus::stop;
    const auto elapsed = arrival_.time_since_epoch().count() - before.heard;
    const bool has_fallen =
        record_.input_octets < before.input_octets || record_.output_octets < before.output_octets;
    if (used < (is_stop ? 0 : 1) || elapsed < 0 || has_fallen) return false;

    const bool has_jumped = used > elapsed + wall_clock_tolerance.count();
    const auto covered = account.coverable(used);
    const bool is_ahead = used > elapsed;
    consumed_ = account.consumed + covered;
    if ((has_jumped && record_.is_clamped) || (is_ahead && !account.lasts(covered))) return false;

    session_ = before;
    has_new_details_ = before.fingerprint != fingerprint_;
    const bool has_grown = used > 0 || record_.input_octets > before.input_octets ||
                           record_.output_octets > before.output_octets;
    if (has_grown || has_new_details_) session_.age = std::max(before.age, age);
    session_.mark = record_.session_time.count();
    session_.input_octets = record_.input_octets;
    session_.output_octets = record_.output_octets;
    session_.heard = before.heard + elapsed;
    session_.fingerprint = fingerprint_;
    session_.flag = listed_flag;

    if (account.credited) charge(account, used, covered);
    applied_.outcome = is_stop ? Applied::Outcome::closed : Applied::Outcome::updated;
    if (has_jumped) applied_.anomaly = Anomaly::time_jumped;
    return true;
}

void ReportStep::add_further_reads(Pipeline& reads) const {
    if (is_new_ && record_.status == AccountingStatus::interim) {
        reads.add({"WATCH", user_key_});
        return add_reads_of_unknown(reads);
    }
    if (has_new_details_ && !is_new_)
        reads.add({"HGET", keys::details(place_.tag), DecimalText(session_.number)});
    if (is_sweep_due_ && has_closed_sessions_) reads.add({"HGETALL", keys::closed(place_.tag)});
}

bool ReportStep::take_further_reads(std::span<const Reply> replies) {
    if (is_new_) {
        AccountRead account;
        replies = replies.subspan(1);
        return account.read(replies, rules_) && open(account, replies);
    }
    if (is_sweep_due_ && has_closed_sessions_) {
        if (has_forgettable(replies.back().elements())) return false;
        replies = replies.first(replies.size() - 1);
    }
    if (replies.empty() || replies[0].is_nil()) return true;
    auto merged = merge_details(replies[0].text(), record_.details);
    if (!merged) return false;
    merged_details_ = *std::move(merged);
    return true;
}

// Among closed sessions there is one that was not heard of for the retention time.
bool ReportStep::has_forgettable(std::span<redisReply* const> closed) const {
    const auto any_field = session_field("", "");
    for (std::size_t i = 0; i + 1 < closed.size(); i += 2) {
        if (!names_session(text_of(closed[i]))) continue;
        const auto session = parse_session(any_field, text_of(closed[i + 1]));
        if (!session || arrival_ - session->heard > rules_.retention) return true;
    }
    return false;
}

void ReportStep::add_writes(Pipeline& writes) const {
    if (!is_written_) return;
    if (has_new_details_)
        writes.add({"HSET", keys::details(place_.tag), DecimalText(session_.number),
                    merged_details_.empty() ? record_.details : merged_details_});
    if (is_new_) return add_opening(writes);
    if (record_.status == AccountingStatus::stop) return add_closing(writes);
    writes.add({"HSET", account_key_, place_.field, pack(session_), "consumed", DecimalText(consumed_)});
}

void ReportStep::add_opening(Pipeline& writes) const {
    const auto text = pack(session_);
    const DecimalText consumed(consumed_);
    const DecimalText number(session_.number);
    const DecimalText organization(applied_.organization);
    const DecimalText deadline(deadline_.value_or(Time()));
    std::array<std::string_view, 14> command{"HSET",     account_key_, place_.field, text,
                                             "consumed", consumed,     "sessions",   number};
    auto* end = command.begin() + 8;
    const auto add = [&end](std::string_view field, std::string_view value) {
        *end++ = field;
        *end++ = value;
    };
    if (!new_name_.empty()) {
        add("username", new_name_);
        add("organization", organization);
    }
    if (deadline_) add("deadline", deadline);
    writes.add(std::span<const std::string_view>(command.begin(), end));

    const auto entry = place_.entry(applied_.started);
    add_nas_entry(writes, record_.nas, entry, record_.received_at);
    add_listing(writes, applied_.organization, entry, true);
    if (deadline_) add_deadline_in_transaction(writes, place_.tag, *deadline_);
}

void ReportStep::add_closing(Pipeline& writes) const {
    const auto text = pack_stopped(session_, record_.event_time);
    const auto closed = keys::closed(place_.tag);
    writes.add({"HDEL", account_key_, place_.field, "h" + place_.field, "username", "organization"});
    if (applied_.charged > Seconds(0)) writes.add({"HSET", account_key_, "consumed", DecimalText(consumed_)});
    if (is_sweep_due_)
        writes.add({"HSET", closed, place_.field, text, "swept", DecimalText(arrival_)});
    else
        writes.add({"HSET", closed, place_.field, text});

    const auto entry = place_.entry(applied_.started);
    writes.add({"ZREM", keys::sessions_of_nas(record_.nas), entry.member()});
    store::add_closing(writes, applied_.organization, entry);
}

}  // namespace hourglass::store
