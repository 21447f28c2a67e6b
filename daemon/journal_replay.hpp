// Brings what the journal holds into Redis when that is back: in order, many users at once. A segment leaves
// the disk when Redis has confirmed all of it; ended before that, it is replayed from its beginning, which
// charges nothing twice.
#pragma once

#include "daemon/usage_journal.hpp"
#include "store/store.hpp"

namespace hourglass::daemon {

class JournalReplay {
public:
    static constexpr std::size_t reports_at_once_max = 256;
    // A report that Redis refuses so often, while it takes others, is set aside.
    static constexpr int tries_max = 5;

    JournalReplay(boost::asio::io_context& loop, UsageJournal& journal, store::Store& store, Log& log)
        : loop_(loop), journal_(journal), store_(store), log_(log) {}

    awaitable<void> run();
    // From now on, for a while, nobody is claimed for what Redis knows of his sessions: it is old. False:
    // Redis takes no write whatever, for its disk or its memory is full, or it is a replica.
    awaitable<bool> announce();
    // run() returns soon.
    void stop() { is_stopping_ = true; }

private:
    using Entries = std::vector<store::JournalEntry>;

    awaitable<bool> replay_oldest();
    awaitable<bool> replay_together(Entries entries);
    awaitable<Entries> apply_all(Entries entries);
    awaitable<void> apply(store::JournalEntry entry, Entries& refused);
    awaitable<bool> set_aside(Entries entries);

    boost::asio::io_context& loop_;
    UsageJournal& journal_;
    store::Store& store_;
    Log& log_;
    bool is_stopping_ = false;
};

}  // namespace hourglass::daemon
