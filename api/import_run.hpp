// One import: rows are read as they arrive, a window of them is on its way to the store at once, and what
// became of each is written back in order. Memory holds the window, however many rows there are.
//
// An atomic import is kept in memory (within limits) while all its rows are checked, and then written; a row
// that is refused even then, because someone took its name meanwhile, takes back the rows before it.
#pragma once

#include "api/import_row.hpp"
#include "api/ordered_window.hpp"
#include "api/streaming.hpp"
#include "api/transfer.hpp"

#include <memory>
#include <set>
#include <unordered_set>

namespace hourglass::api {

inline constexpr std::size_t rows_at_once_max = 256;
inline constexpr std::size_t atomic_rows_max = 50'000;
inline constexpr std::size_t atomic_octets_max = 32 * 1024 * 1024;
// A dry run finds repeated user names among the first so many.
inline constexpr std::size_t names_remembered_max = 100'000;

enum class ImportMode { best_effort, atomic };
enum class RowStatus { created, updated, unchanged, error };

class ImportRun : public std::enable_shared_from_this<ImportRun> {
public:
    struct Options {
        RowForm form{};
        ImportMode mode{};
        bool is_dry_run{};
        ImportRules rules;
    };

    ImportRun(store::Store& store, BodyReader& body, Options options, TransferPlace place);

    // Octets of the body that were read already.
    void take(std::string_view piece);
    // The store, the body and the writer outlive it.
    awaitable<void> run(BodyWriter& writer);

private:
    struct Outcome {
        std::uint64_t number{};
        std::uint64_t line{};
        RowStatus status = RowStatus::error;
        std::optional<store::UserId> id;
        RowErrors errors;
        std::optional<RowUndo> undo;
        std::vector<std::string> keys;
    };
    struct Spooled {
        std::uint64_t number{};
        std::uint64_t line{};
        std::string body;
    };

    static awaitable<Outcome> process(std::shared_ptr<ImportRun> self, Row row, Predecessor predecessor,
                                      std::vector<std::string> keys, bool is_only_check);

    awaitable<void> process_all(BodyWriter& writer);
    awaitable<void> write_spooled(BodyWriter& writer);
    awaitable<void> take_back(std::vector<RowUndo> undos);

    awaitable<std::optional<Row>> next_row(BodyWriter& writer);
    awaitable<void> begin(Row row, bool is_only_check, BodyWriter& writer);
    awaitable<void> finish_one(BodyWriter& writer);
    awaitable<void> report(Outcome outcome, BodyWriter& writer);
    awaitable<void> flush(BodyWriter& writer);
    awaitable<void> summarize(BodyWriter& writer);

    bool is_spooling() const { return options_.mode == ImportMode::atomic && !options_.is_dry_run; }
    void spool(const Row& row);
    Predecessor find_predecessor(const Row& row);
    std::vector<std::string> keys_of(const Row& row) const;
    void stop(std::string why);

    store::Store& store_;
    BodyReader& body_;
    const Options options_;
    const TransferPlace place_;
    RowReader reader_;
    std::optional<OrderedWindow<Outcome>> window_;
    std::set<std::string, std::less<>> keys_under_way_;  // of rows that must not run at once
    std::unordered_set<std::string> names_seen_;
    std::vector<Spooled> spooled_;
    std::size_t spooled_octets_ = 0;
    std::vector<Outcome> written_;  // of an atomic import
    bool is_writing_spooled_ = false;

    std::array<std::uint64_t, 4> counts_{};  // by RowStatus
    std::string lines_;                      // not sent yet
    bool has_body_ended_ = false;
    bool is_client_gone_ = false;
    std::string stopped_;  // why not all rows were read or written; else empty
};

}  // namespace hourglass::api
