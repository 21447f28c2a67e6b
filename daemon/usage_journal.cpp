#include "daemon/usage_journal.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <utility>

namespace hourglass::daemon {

namespace {

namespace asio = boost::asio;

constexpr std::chrono::seconds disk_error_log_interval{5};
constexpr std::size_t write_octets_max = std::size_t{256} * 1024;  // at once, more or less

store::Time arrival_of(const store::JournalEntry& entry) {
    return std::visit([](const auto& kind) { return std::chrono::floor<store::Seconds>(kind.received_at); },
                      entry);
}

std::string frame_of(const store::JournalEntry& entry) {
    std::string frame;
    const auto text = store::encode(entry);
    if (text.size() <= store::journal_entry_octets_max) store::append_frame(frame, text);
    return frame;
}

}  // namespace

UsageJournal::UsageJournal(const std::filesystem::path& directory, Limits limits, Log& log)
    : limits_(limits), log_(log), files_(directory, log) {
    for (const auto segment : files_.numbers())
        recall(segment);
    state_.octets = files_.octets();
    if (state_.pending == 0) return;
    const auto pending = std::to_string(state_.pending);
    log_.notice("The journal holds usage that is not in Redis yet", {
                                                                        {"reports", pending}
    });
}

void UsageJournal::recall(std::uint64_t segment) {
    const auto read = files_.read(segment);
    if (!read) throw std::system_error(read.error(), "The journal cannot be read");
    auto& content = contents_[segment];
    for (const auto& entry : read->entries) {
        held_[nas_of(entry)].newest_segment = segment;
        if (content.entries++ == 0) content.oldest = arrival_of(entry);
    }
    state_.pending += content.entries;
}

void UsageJournal::start() {
    is_stopping_ = false;
    thread_ = std::thread([this] { work(); });
}

void UsageJournal::stop() {
    {
        const std::lock_guard lock(mutex_);
        is_stopping_ = true;
    }
    work_available_.notify_one();
    if (thread_.joinable()) thread_.join();
}

bool UsageJournal::holds(std::string_view nas) const {
    const std::lock_guard lock(mutex_);
    return !held_.empty() && held_.contains(std::string(nas));
}

store::JournalState UsageJournal::state() const {
    const std::lock_guard lock(mutex_);
    auto state = state_;
    for (const auto& [segment, content] : contents_) {
        if (content.entries == 0) continue;
        state.oldest = content.oldest;
        break;
    }
    return state;
}

// ---- what callers wait for

awaitable<result<store::Journal::Kept>> UsageJournal::keep(store::JournalEntry entry) {
    Report report;
    report.executor = co_await asio::this_coro::executor;
    report.nas = nas_of(entry);
    report.arrival = arrival_of(entry);
    report.frame = frame_of(entry);
    if (report.frame.empty()) co_return store::Error::unavailable;

    const auto hand_over = [&](Handler handler) {
        report.resume.emplace(std::move(handler));
        if (!enqueue(report)) resume(report);
    };
    co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(hand_over, asio::use_awaitable);
    co_return report.outcome;
}

// False: it is not taken.
bool UsageJournal::enqueue(Report& report) {
    {
        const std::lock_guard lock(mutex_);
        if (is_stopping_ || !limits_.takes_new) return false;
        if (state_.octets + queued_octets_ + report.frame.size() > limits_.octets_max) {
            ++state_.refused;
            return false;
        }
        queued_octets_ += report.frame.size();
        ++held_[report.nas].queued;
        jobs_.emplace_back(&report);
    }
    work_available_.notify_one();
    return true;
}

awaitable<void> UsageJournal::on_thread(std::function<void()> run) {
    Task task;
    task.executor = co_await asio::this_coro::executor;
    task.run = std::move(run);
    const auto hand_over = [&](Handler handler) {
        task.resume.emplace(std::move(handler));
        {
            const std::lock_guard lock(mutex_);
            if (!is_stopping_) jobs_.emplace_back(&task);
            if (is_stopping_) resume(task);
        }
        work_available_.notify_one();
    };
    co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(hand_over, asio::use_awaitable);
}

awaitable<result<std::optional<UsageJournal::Segment>>> UsageJournal::oldest() {
    result<std::optional<Segment>> outcome = error_code(store::Error::unavailable);
    co_await on_thread([&] {
        const auto number = files_.oldest();
        if (!number) {
            outcome = std::optional<Segment>();
            return;
        }
        auto content = files_.read(*number);
        if (!content) {
            note_disk_error("read", content.error());
            outcome = content.error();
            return;
        }
        is_replay_ending_ = files_.numbers().size() == 1;
        outcome = std::optional(Segment{*number, content->damaged_octets > 0, std::move(content->entries)});
    });
    co_return outcome;
}

awaitable<result<void>> UsageJournal::remove(std::uint64_t number, bool is_damaged) {
    result<void> outcome = error_code(store::Error::unavailable);
    co_await on_thread([&] {
        if (const auto failure = files_.remove(number, is_damaged)) {
            note_disk_error("remove", failure);
            outcome = failure;
            return;
        }
        forget_segment(number);
        if (is_replay_ending_) release_waiting();
        outcome = result<void>();
    });
    co_return outcome;
}

awaitable<result<void>> UsageJournal::set_aside(store::JournalEntry entry) {
    result<void> outcome = error_code(store::Error::unavailable);
    const auto frame = frame_of(entry);
    co_await on_thread([&] {
        if (const auto failure = files_.set_aside(frame)) {
            note_disk_error("set aside a report of", failure);
            outcome = failure;
            return;
        }
        const std::lock_guard lock(mutex_);
        ++state_.set_aside;
        outcome = result<void>();
    });
    co_return outcome;
}

awaitable<void> UsageJournal::give_up_replay() {
    co_await on_thread([this] {
        is_replay_ending_ = false;
        write(std::exchange(waiting_, {}));
    });
}

// ---- the thread

void UsageJournal::work() {
    for (;;) {
        Reports reports;
        Task* task = nullptr;
        {
            std::unique_lock lock(mutex_);
            work_available_.wait(lock, [this] { return is_stopping_ || !jobs_.empty(); });
            if (is_stopping_) break;
            if (auto** const first = std::get_if<Task*>(&jobs_.front())) {
                task = *first;
                jobs_.pop_front();
            } else {
                reports = take_reports();
            }
        }
        if (task) {
            task->run();
            resume(*task);
        } else if (is_replay_ending_) {
            waiting_.insert(waiting_.end(), reports.begin(), reports.end());
        } else {
            write(reports);
        }
    }
    finish(std::exchange(waiting_, {}), error_code(store::Error::unavailable));
    const std::lock_guard lock(mutex_);
    for (const auto& job : std::exchange(jobs_, {}))
        std::visit([](auto* waiter) { resume(*waiter); }, job);
}

// The reports that come next, up to a task or to as much as is written at once.
UsageJournal::Reports UsageJournal::take_reports() {
    Reports reports;
    for (std::size_t octets = 0; !jobs_.empty() && octets < write_octets_max; jobs_.pop_front()) {
        auto** const report = std::get_if<Report*>(&jobs_.front());
        if (!report) break;
        octets += (*report)->frame.size();
        reports.push_back(*report);
    }
    return reports;
}

void UsageJournal::write(const Reports& reports) {
    if (reports.empty()) return;
    std::string frames;
    for (const auto* const report : reports)
        frames += report->frame;
    const auto failure = files_.append(frames);
    if (failure) note_disk_error("write", failure);
    finish(reports, failure ? result<Kept>(error_code(store::Error::unavailable)) : Kept::on_disk);
}

void UsageJournal::finish(const Reports& reports, result<Kept> outcome) {
    const bool is_on_disk = outcome && *outcome == Kept::on_disk;
    const std::lock_guard lock(mutex_);
    state_.octets = files_.octets();
    for (auto* const report : reports) {
        queued_octets_ -= report->frame.size();
        auto& held = held_[report->nas];
        --held.queued;
        if (is_on_disk) {
            held.newest_segment = files_.newest();
            auto& content = contents_[files_.newest()];
            if (content.entries++ == 0) content.oldest = report->arrival;
            ++state_.pending;
            ++state_.written;
        } else if (held.queued == 0 && held.newest_segment == 0) {
            held_.erase(report->nas);
        }
        report->outcome = outcome;
        resume(*report);
    }
}

void UsageJournal::forget_segment(std::uint64_t number) {
    const std::lock_guard lock(mutex_);
    const auto entries = contents_[number].entries;
    contents_.erase(number);
    state_.pending -= entries;
    state_.replayed += entries;
    state_.octets = files_.octets();
    for (auto& [nas, held] : held_)
        if (held.newest_segment <= number) held.newest_segment = 0;
    std::erase_if(held_, [](const auto& entry) {
        return entry.second.queued == 0 && entry.second.newest_segment == 0;
    });
}

// Nothing is left on disk: who waits, or is still in the queue, goes to the ledger before any who asks later.
void UsageJournal::release_waiting() {
    is_replay_ending_ = false;
    auto reports = std::exchange(waiting_, {});
    {
        const std::lock_guard lock(mutex_);
        std::erase_if(jobs_, [&](const Job& job) {
            if (const auto* const report = std::get_if<Report*>(&job)) {
                reports.push_back(*report);
                return true;
            }
            return false;
        });
    }
    finish(reports, Kept::not_now);
}

void UsageJournal::note_disk_error(std::string_view doing, error_code failure) {
    {
        const std::lock_guard lock(mutex_);
        ++state_.errors;
    }
    const auto now = std::chrono::steady_clock::now();
    if (now < next_disk_error_log_) return;
    next_disk_error_log_ = now + disk_error_log_interval;
    const auto text = failure.message();
    log_.error("The disk does not let the daemon " + std::string(doing) + " the journal",
               {
                   {"error", text}
    });
}

// The waiter may be gone as soon as it is resumed.
void UsageJournal::resume(Waiter& waiter) {
    auto handler = std::move(*waiter.resume);
    asio::post(waiter.executor, std::move(handler));
}

}  // namespace hourglass::daemon
