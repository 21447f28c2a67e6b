// The journal at work: a thread of its own owns the files and writes what all workers hand over meanwhile
// with one fdatasync(2). When the replay has come to the last segment, reports that would go behind it wait
// for its end instead, so that a busy NAS finds its way back to the ledger.
#pragma once

#include "daemon/journal_files.hpp"
#include "store/journal.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <variant>
#include <vector>

namespace hourglass::daemon {

class UsageJournal final : public store::Journal {
public:
    struct Limits {
        std::uint64_t octets_max = std::uint64_t{256} << 20;  // on disk and on the way there
        bool takes_new = true;                                // false: what is there is only replayed
    };

    // Reads what an earlier run left. Throws std::system_error.
    UsageJournal(const std::filesystem::path& directory, Limits limits, Log& log);
    ~UsageJournal() override { stop(); }

    void start();
    // What is not on disk yet fails; nothing is called back afterwards.
    void stop();

    bool holds(std::string_view nas) const override;
    awaitable<result<Kept>> keep(store::JournalEntry entry) override;
    store::JournalState state() const override;

    // What is replayed as one; all of it before the next.
    struct Segment {
        std::uint64_t number{};
        bool is_damaged{};
        std::vector<store::JournalEntry> entries;
    };
    awaitable<result<std::optional<Segment>>> oldest();
    // Redis has all of it.
    awaitable<result<void>> remove(std::uint64_t number, bool is_damaged);
    awaitable<result<void>> set_aside(store::JournalEntry entry);
    // Redis left before it had all: who waits for the end of the replay is written after all.
    awaitable<void> give_up_replay();

private:
    using Handler = boost::asio::async_result<boost::asio::use_awaitable_t<>, void()>::handler_type;

    // Who waits for the thread; it lives in the caller's coroutine.
    struct Waiter {
        boost::asio::any_io_executor executor;
        std::optional<Handler> resume{};
    };
    struct Report : Waiter {
        std::string nas;
        store::Time arrival;
        std::string frame;
        result<Kept> outcome = error_code(store::Error::unavailable);
    };
    struct Task : Waiter {
        std::function<void()> run;
    };
    using Job = std::variant<Report*, Task*>;
    using Reports = std::vector<Report*>;

    struct Held {
        std::uint64_t queued{};          // reports on their way to the disk
        std::uint64_t newest_segment{};  // 0: none
    };
    struct Content {
        std::uint64_t entries{};
        store::Time oldest;
    };

    void recall(std::uint64_t segment);
    bool enqueue(Report& report);
    awaitable<void> on_thread(std::function<void()> run);

    void work();
    Reports take_reports();
    void write(const Reports& reports);
    void finish(const Reports& reports, result<Kept> outcome);
    void forget_segment(std::uint64_t number);
    void release_waiting();
    void note_disk_error(std::string_view doing, error_code failure);
    static void resume(Waiter& waiter);

    const Limits limits_;
    Log& log_;
    std::thread thread_;

    // The thread's own, once it runs.
    JournalFiles files_;
    Reports waiting_;  // for the end of the replay
    bool is_replay_ending_ = false;
    std::chrono::steady_clock::time_point next_disk_error_log_;

    mutable std::mutex mutex_;  // of all below
    std::condition_variable work_available_;
    std::deque<Job> jobs_;
    std::uint64_t queued_octets_ = 0;
    std::unordered_map<std::string, Held> held_;
    std::map<std::uint64_t, Content> contents_;
    store::JournalState state_;
    bool is_stopping_ = true;  // until it is started
};

}  // namespace hourglass::daemon
