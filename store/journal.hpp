// Where usage is kept while Redis cannot take it. What is written here may be acknowledged; it is given to
// the ledger in order when Redis is back, and the ledger charges it once however often that happens.
#pragma once

#include "store/accounting_record.hpp"
#include "store/error.hpp"

#include <optional>
#include <variant>

namespace hourglass::store {

using JournalEntry = std::variant<AccountingRecord, NasRestart>;

const std::string& nas_of(const JournalEntry& entry);

// For /readyz and /metrics.
struct JournalState {
    std::uint64_t pending{};  // entries not yet known to be in Redis
    std::uint64_t octets{};   // on disk
    std::optional<Time> oldest;
    std::uint64_t written{};    // entries, since the start
    std::uint64_t replayed{};   // entries, since the start
    std::uint64_t refused{};    // the journal was full
    std::uint64_t errors{};     // of the disk
    std::uint64_t set_aside{};  // entries that Redis refused while it took others
};

// Every function may be called from any thread.
class Journal {
public:
    enum class Kept {
        on_disk,  // it may be acknowledged
        not_now,  // nothing older of its NAS is left here: the ledger can have it
    };

    virtual ~Journal() = default;

    // Whether usage of this NAS is here that Redis does not have yet. What is newer must not overtake it: a
    // session id may be used again, and a restart of the NAS closes what began before it.
    virtual bool holds(std::string_view nas) const = 0;

    // Error::unavailable: it is full, the disk fails, or nothing new is taken.
    virtual awaitable<result<Kept>> keep(JournalEntry entry) = 0;

    virtual JournalState state() const = 0;
};

}  // namespace hourglass::store
