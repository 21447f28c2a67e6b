#include "tests/simulation/ledger_model.hpp"

#include <algorithm>
#include <sstream>

namespace hourglass::test {
namespace {

template <class... Parts>
void require(bool is_kept, const Parts&... parts) {
    if (is_kept) return;
    std::ostringstream sentence;
    (sentence << ... << parts);
    throw Violation(sentence.str());
}

std::string describe(const std::string& user, const store::Session& session) {
    std::ostringstream text;
    text << "session " << session.session_id << " of " << session.nas << " and " << user << ", number "
         << session.number;
    return text.str();
}

}  // namespace

void LedgerModel::add_user(std::string name, std::optional<std::int64_t> balance) {
    users_.push_back({.name = std::move(name), .credited = balance, .stays = {}});
}

void LedgerModel::take_new_stays() {
    for (auto index = stays_.size(); index < world_.stays().size(); ++index) {
        stays_.emplace_back();
        users_[world_.stays()[index].user].stays.push_back(index);
    }
}

void LedgerModel::note(const Arrival& arrival, bool is_answered) {
    take_new_stays();
    if (const auto* restart = std::get_if<store::NasRestart>(&arrival.message))
        note_restart(*restart, arrival.nas, is_answered);
    else
        note_report(std::get<store::AccountingRecord>(arrival.message), *arrival.stay, is_answered);
}

void LedgerModel::note_restart(const store::NasRestart& restart, std::size_t nas, bool is_answered) {
    const auto event = restart.event_time.time_since_epoch().count();
    for (std::size_t index = 0; index < stays_.size(); ++index) {
        const auto& truth = world_.stays()[index];
        if (truth.nas != nas || truth.begin >= event) continue;
        auto& stay = stays_[index];
        stay.may_be_over = true;
        const bool was_listed = stay.first_answer != 0 && stay.first_answer < step_;
        stay.must_be_over |= is_answered && was_listed;
    }
}

void LedgerModel::note_report(const store::AccountingRecord& record, std::size_t index, bool is_answered) {
    auto& stay = stays_[index];
    const auto time = record.session_time.count();
    const auto arrival = std::chrono::floor<std::chrono::seconds>(record.received_at);
    stay.is_reported = true;
    stay.reported = std::max(stay.reported, time);
    stay.last_heard = std::max(stay.last_heard, arrival);
    stay.reports.push_back({record.status, time, arrival});
    stay.may_be_over |= record.status == store::AccountingStatus::stop;
    const bool is_new = stay.seen && time > stay.seen->session_time.count();
    if (record.status == store::AccountingStatus::interim && is_new) note_opening(stay, is_answered);
    auto& user = users_[world_.stays()[index].user];
    (is_answered ? user.last_answer : user.last_silence) = step_;
    if (!is_answered) {
        stay.last_silence = step_;
        return;
    }
    stay.last_answer = step_;
    if (stay.first_answer == 0) stay.first_answer = step_;
    stay.answered = std::max(stay.answered, time);
    stay.must_be_over |= record.status == store::AccountingStatus::stop;
}

void LedgerModel::note_opening(Stay& stay, bool is_answered) const {
    if (stay.silence == Silence::none) return;
    const bool is_open = is_answered && stay.last_closing != step_;
    stay.silence = is_open ? Silence::none : Silence::possible;
}

void LedgerModel::note_closing(std::size_t index, const Closing& closing) {
    const auto& user = users_[index];
    const auto name = describe(user.name, closing.session);
    auto& stay = stays_[stay_of(user, closing.session)];
    const bool was_heard_since = stay.seen && stay.seen->heard > closing.session.heard;
    const bool is_closed = closing.outcome == store::StaleClosing::closed;
    require(!is_closed || !was_heard_since, name, " was closed as silent and had been heard");
    if (was_heard_since || closing.outcome == store::StaleClosing::unchanged) return;
    stay.last_closing = step_;
    stay.silence = is_closed ? Silence::certain : std::max(stay.silence, Silence::possible);
}

void LedgerModel::note_credit(std::size_t index, std::int64_t seconds) {
    auto& user = users_[index];
    *user.credited += seconds;
    (seconds > 0 ? user.added : user.taken) += std::abs(seconds);
}

void LedgerModel::note_balance(std::size_t index, std::optional<std::int64_t> balance, store::Time now) {
    auto& user = users_[index];
    user.credited = std::nullopt;
    if (balance) user.credited = *balance + user.consumed + unreported(user, now);
}

// check_heard() has made sure of what this goes by.
std::int64_t LedgerModel::unreported(const User& user, store::Time now) const {
    std::int64_t sum = 0;
    for (const auto index : user.stays) {
        const auto& seen = stays_[index].seen;
        if (!seen || !seen->is_running || stays_[index].is_forgotten) continue;
        sum += std::clamp(now - seen->heard, store::Seconds(0), rules_.stale_limit()).count();
    }
    return sum;
}

std::int64_t LedgerModel::left(const User& user, store::Time now) const {
    return std::max<std::int64_t>(0, *user.credited - user.consumed - unreported(user, now));
}

void LedgerModel::check_left(std::size_t index, const Account& account, store::Time now) const {
    const auto& user = users_[index];
    if (!user.credited) return require(!account.left, user.name, " is not metered and has a balance");
    const auto settled = *user.credited - user.consumed;
    require(account.left == left(user, now), user.name, " has ", account.left.value_or(-1),
            " s left, should have ", left(user, now));
    require(*account.left >= 0 && *account.left <= settled, user.name, " has ", *account.left, " s left of ",
            settled);
}

void LedgerModel::check_debit(std::size_t index, std::int64_t seconds, store::Time now, bool is_done) const {
    const auto& user = users_[index];
    if (!user.credited || seconds >= 0) return;
    require(is_done == (left(user, now) >= -seconds), user.name, " has ", left(user, now),
            " s left, a debit of ", -seconds, " was ", is_done ? "made" : "refused");
}

bool LedgerModel::is_acknowledged(std::size_t index) const {
    return users_[index].last_answer > users_[index].last_silence;
}

// The one stay whose Start the session says.
std::size_t LedgerModel::stay_of(const User& user, const store::Session& session) const {
    std::vector<std::size_t> found;
    for (const auto index : user.stays) {
        const auto& truth = world_.stays()[index];
        const bool is_same_id =
            World::name_of(truth.nas) == session.nas && std::to_string(truth.id) == session.session_id;
        const auto off = std::abs(session.started.time_since_epoch().count() - truth.begin);
        const auto most = world_.is_stamped(truth.nas) ? 0 : World::blurred_max;
        if (is_same_id && off <= most) found.push_back(index);
    }
    require(found.size() == 1, "there was no ", describe(user.name, session), " that began at ",
            session.started.time_since_epoch().count());
    return found.front();
}

void LedgerModel::check(std::size_t index, const Account& account) {
    take_new_stays();
    auto& user = users_[index];
    std::int64_t used = 0;
    std::set<std::size_t> present;
    for (const auto& session : account.sessions) {
        const auto stay = stay_of(user, session);
        require(present.insert(stay).second, describe(user.name, session), " is there twice");
        used += check_session(user, stay, session);
    }
    const auto forgotten = check_missing(user, present);
    check_sums(user, account, used, forgotten);
    user.consumed = account.consumed;
    user.forgotten = account.forgotten;
    user.added = user.taken = 0;
    for (const auto stay : user.stays)
        stays_[stay].reports.clear();
}

std::int64_t LedgerModel::check_session(const User& user, std::size_t index, const store::Session& session) {
    auto& stay = stays_[index];
    const auto name = describe(user.name, session);
    const auto before = stay.seen.value_or(store::Session());
    const auto mark = session.session_time.count();
    require(stay.is_reported && !stay.is_forgotten, "nobody reported ", name);
    require(!stay.seen || before.number == session.number, name, " had number ", before.number);
    require(mark >= before.session_time.count(), name, ": its mark fell from ", before.session_time.count(),
            " to ", mark);
    require(mark >= stay.answered, name, ": ", stay.answered, " s were acknowledged, its mark is ", mark);
    require(mark <= stay.reported, name, ": at most ", stay.reported, " s were reported, its mark is ", mark);
    require(session.input_octets == static_cast<std::uint64_t>(mark) << 33, name, " has ",
            session.input_octets, " octets");

    const auto grown = mark - before.session_time.count();
    const auto charged = (session.charged - before.charged).count();
    const auto uncovered = (session.uncovered - before.uncovered).count();
    require(charged >= 0 && uncovered >= 0 && charged + uncovered == (user.credited ? grown : 0), name,
            ": its mark grew by ", grown, ", ", charged, " s were charged and ", uncovered, " uncovered");
    check_state(stay, session, name);
    check_heard(stay, session, name);
    stay.seen = session;
    return grown;
}

void LedgerModel::check_state(Stay& stay, const store::Session& session, const std::string& name) const {
    const bool must_be_over = stay.must_be_over || stay.silence == Silence::certain;
    const bool may_be_over = stay.may_be_over || stay.silence != Silence::none;
    require(!session.is_running || !must_be_over, name, " runs and should be over");
    require(session.is_running || may_be_over, name, " is over and should run");
    if (stay.silence != Silence::none) stay.silence = session.is_running ? Silence::none : Silence::certain;
}

// It was heard when a report came that said something new, and by its Stop.
void LedgerModel::check_heard(const Stay& stay, const store::Session& session,
                              const std::string& name) const {
    const auto mark = session.session_time.count();
    const auto mark_before = stay.seen ? stay.seen->session_time.count() : -1;
    auto least = stay.seen ? stay.seen->heard : store::Time::max();
    auto most = stay.seen ? stay.seen->heard : store::Time::min();
    auto reached = store::Time::max();
    for (const auto& report : stay.reports) {
        const bool is_new = report.session_time > mark_before && report.session_time <= mark;
        if (is_new || report.status == store::AccountingStatus::stop || !stay.seen)
            most = std::max(most, report.arrival);
        if (!stay.seen) least = std::min(least, report.arrival);
        if (is_new && report.session_time == mark) reached = std::min(reached, report.arrival);
    }
    if (mark > mark_before && mark > 0) least = stay.seen ? std::max(least, reached) : reached;
    require(session.heard >= least && session.heard <= most, name, " was heard at ",
            session.heard.time_since_epoch().count(), ", should be ", least.time_since_epoch().count(),
            " to ", most.time_since_epoch().count());
}

// Returns what the sessions were charged that are no longer there.
std::int64_t LedgerModel::check_missing(const User& user, const std::set<std::size_t>& present) {
    std::int64_t charged = 0;
    for (const auto index : user.stays) {
        auto& stay = stays_[index];
        if (present.contains(index) || stay.is_forgotten) continue;
        const bool is_old = world_.time() - stay.last_heard > rules_.retention;
        const auto& truth = world_.stays()[index];
        require((stay.first_answer == 0 && !stay.seen) || is_old, "the session ", truth.id, " of ",
                World::name_of(truth.nas), " and ", user.name, " that began at ", truth.begin, " is missing");
        if (stay.seen) charged += stay.seen->charged.count();
        stay.is_forgotten = is_old && stay.seen;
    }
    return charged;
}

void LedgerModel::check_sums(const User& user, const Account& account, std::int64_t used,
                             std::int64_t forgotten) const {
    std::int64_t charged = account.forgotten;
    for (const auto& session : account.sessions)
        charged += session.charged.count();
    require(account.forgotten - user.forgotten == forgotten, user.name, ": sessions that were charged ",
            forgotten, " s are gone, ", account.forgotten - user.forgotten, " s were kept of them");
    require(account.consumed == charged, user.name, ": consumed ", account.consumed,
            ", sessions were charged ", charged);
    require(account.credited == user.credited, user.name, ": credited ", account.credited.value_or(-1),
            ", should be ", user.credited.value_or(-1));
    const auto taken = account.consumed - user.consumed;
    if (!user.credited) {
        require(taken == 0, user.name, " is not metered and paid ", taken, " s");
        return;
    }
    const auto balance = *user.credited - user.added + user.taken - user.consumed;
    const auto least = std::min(used, std::max<std::int64_t>(0, balance - user.taken));
    const auto most = std::min(used, balance + user.added);
    require(taken >= least && taken <= most, user.name, " used ", used, " s and paid ", taken, ", should be ",
            least, " to ", most);
    require(*account.credited >= account.consumed, user.name, ": a balance of ",
            *account.credited - account.consumed);
}

bool LedgerModel::must_be_listed(std::size_t user, const store::Session& session) const {
    const auto& stay = stays_[stay_of(users_[user], session)];
    return stay.first_answer != 0 && stay.last_answer > stay.last_silence;
}

}  // namespace hourglass::test
