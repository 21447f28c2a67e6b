// Where usage goes: to the ledger, and while Redis is away, or older usage of the same NAS waits in the
// journal, to the journal. Either makes it durable, and it may be acknowledged.
#pragma once

#include "store/journal.hpp"
#include "store/ledger.hpp"

namespace hourglass::store {

class DurableLedger {
public:
    // `journal` may be null: then usage waits at the NAS for Redis.
    DurableLedger(RedisConnection& redis, Ledger& ledger, Journal* journal)
        : redis_(redis), ledger_(ledger), journal_(journal) {}

    // nullopt: it is in the journal, and what it does is not known yet. What is passed outlives the
    // coroutine.
    awaitable<result<std::optional<Applied>>> apply(const AccountingRecord& record);
    awaitable<result<std::optional<std::uint64_t>>> close_sessions_of(const NasRestart& restart);

private:
    template <class Entry, class Value>
    awaitable<result<std::optional<Value>>> make_durable(
        const Entry& entry, awaitable<result<Value>> (Ledger::*apply)(const Entry&));

    RedisConnection& redis_;
    Ledger& ledger_;
    Journal* journal_;
};

}  // namespace hourglass::store
