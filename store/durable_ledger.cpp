#include "store/durable_ledger.hpp"

#include "store/redis_connection.hpp"

namespace hourglass::store {

template <class Entry, class Value>
awaitable<result<std::optional<Value>>> DurableLedger::make_durable(
    const Entry& entry, awaitable<result<Value>> (Ledger::*apply)(const Entry&)) {
    if (!journal_) {
        auto applied = co_await (ledger_.*apply)(entry);
        if (!applied) co_return applied.error();
        co_return std::optional<Value>(*std::move(applied));
    }

    const bool must_wait = !redis_.is_ready() || journal_->holds(entry.nas);
    if (must_wait) {
        const auto kept = co_await journal_->keep(entry);
        if (!kept) co_return kept.error();
        if (*kept == Journal::Kept::on_disk) co_return std::optional<Value>();
    }

    auto applied = co_await (ledger_.*apply)(entry);
    if (applied) co_return std::optional<Value>(*std::move(applied));
    if (applied.error() != Error::unavailable) co_return applied.error();

    const auto kept = co_await journal_->keep(entry);
    if (!kept) co_return kept.error();
    if (*kept == Journal::Kept::not_now) co_return Error::unavailable;  // the NAS tries once more
    co_return std::optional<Value>();
}

awaitable<result<std::optional<Applied>>> DurableLedger::apply(const AccountingRecord& record) {
    return make_durable(record, &Ledger::apply);
}

awaitable<result<std::optional<std::uint64_t>>> DurableLedger::close_sessions_of(const NasRestart& restart) {
    return make_durable(restart, &Ledger::close_sessions_of);
}

}  // namespace hourglass::store
