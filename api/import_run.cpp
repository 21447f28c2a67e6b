#include "api/import_run.hpp"

#include <boost/asio/this_coro.hpp>

#include <algorithm>

namespace hourglass::api {
namespace {

constexpr std::size_t lines_octets_max = 16 * 1024;  // of results, before they are sent

constexpr auto status_names = std::to_array<std::string_view>({"created", "updated", "unchanged", "error"});

std::string_view name_of(RowStatus status) {
    return status_names[static_cast<std::size_t>(status)];
}

// Integers beyond 64 bits are digits in a text: see parse_json().
std::string to_spooled(json body) {
    for (auto& value : body) {
        if (auto digits = digits_of(value)) value = *std::move(digits);
    }
    return to_text(body);
}

}  // namespace

ImportRun::ImportRun(store::Store& store, BodyReader& body, Options options, TransferPlace place)
    : store_(store),
      body_(body),
      options_(std::move(options)),
      place_(std::move(place)),
      reader_(options_.form, transfer_fields()) {}

void ImportRun::take(std::string_view piece) {
    has_body_ended_ = piece.empty();
    has_body_ended_ ? reader_.end() : reader_.feed(piece);
}

awaitable<void> ImportRun::run(BodyWriter& writer) {
    window_.emplace(co_await boost::asio::this_coro::executor, rows_at_once_max);
    co_await process_all(writer);
    const bool is_acceptable = stopped_.empty() && counts_[static_cast<std::size_t>(RowStatus::error)] == 0;
    if (is_spooling() && is_acceptable) co_await write_spooled(writer);
    co_await summarize(writer);
}

awaitable<void> ImportRun::process_all(BodyWriter& writer) {
    while (auto row = co_await next_row(writer)) {
        if (is_spooling()) spool(*row);
        if (!stopped_.empty()) break;
        co_await begin(*std::move(row), is_spooling() || options_.is_dry_run, writer);
    }
    while (!window_->is_empty())
        co_await finish_one(writer);
}

awaitable<void> ImportRun::write_spooled(BodyWriter& writer) {
    is_writing_spooled_ = true;
    counts_ = {};
    for (auto& spooled : spooled_) {
        if (!stopped_.empty()) break;
        auto body = parse_json(std::exchange(spooled.body, {}));
        if (!body) throw std::logic_error("a spooled row cannot be read: " + body.error().detail);
        co_await begin({spooled.number, spooled.line, std::move(body->value), {}}, false, writer);
    }
    while (!window_->is_empty())
        co_await finish_one(writer);
    is_writing_spooled_ = false;

    auto outcomes = std::exchange(written_, {});
    if (!stopped_.empty()) {
        std::vector<RowUndo> undos;
        for (auto& outcome : outcomes) {
            if (outcome.undo) undos.push_back(*std::move(outcome.undo));
        }
        std::erase_if(outcomes, [](const Outcome& outcome) { return outcome.status != RowStatus::error; });
        co_await take_back(std::move(undos));
    }
    for (auto& outcome : outcomes)
        co_await report(std::move(outcome), writer);
}

// The last first, so that a user whom two rows changed is in the end what he was.
awaitable<void> ImportRun::take_back(std::vector<RowUndo> undos) {
    std::ranges::reverse(undos);
    std::size_t left = 0;
    for (auto& undo : undos) {
        if (!co_await undo_row(store_, options_.rules, std::move(undo))) ++left;
    }
    if (left > 0) stopped_ += " " + std::to_string(left) + " rows could not be taken back.";
}

awaitable<ImportRun::Outcome> ImportRun::process(std::shared_ptr<ImportRun> self, Row row,
                                                 Predecessor predecessor, std::vector<std::string> keys,
                                                 bool is_only_check) {
    Outcome outcome;
    outcome.number = row.number;
    outcome.line = row.line;
    outcome.keys = std::move(keys);
    if (!row.problem.empty()) {
        outcome.errors.errors["non_field_errors"] = json::array({std::move(row.problem)});
        co_return outcome;
    }
    const auto& rules = self->options_.rules;
    auto checked = co_await check_row(self->store_, rules, std::move(row.body), predecessor, is_only_check);
    if (!checked) {
        outcome.errors = std::move(checked).error();
        co_return outcome;
    }
    const bool is_update = checked->target || predecessor == Predecessor::makes_the_same_user;
    const auto status = checked->changes_nothing() ? RowStatus::unchanged
                        : is_update                ? RowStatus::updated
                                                   : RowStatus::created;
    if (checked->target) outcome.id = checked->target->id;
    if (!is_only_check) {
        auto undo = undo_of(*checked, 0);
        const auto id = co_await write_row(self->store_, rules, *std::move(checked));
        if (!id) {
            outcome.errors = id.error();
            co_return outcome;
        }
        outcome.id = undo.id = *id;
        if (self->is_writing_spooled_ && status != RowStatus::unchanged) outcome.undo = std::move(undo);
    }
    outcome.status = status;
    co_return outcome;
}

awaitable<std::optional<Row>> ImportRun::next_row(BodyWriter& writer) {
    while (stopped_.empty() && !is_client_gone_) {
        if (auto row = reader_.next()) co_return row;
        if (!reader_.breakage().empty()) stop(reader_.breakage());
        if (has_body_ended_ || !stopped_.empty()) break;

        while (window_->is_next_done())
            co_await finish_one(writer);
        co_await flush(writer);
        const auto piece = co_await body_.read_some();
        if (piece)
            take(*piece);
        else
            stop("The rows end in the middle.");
    }
    co_return std::nullopt;
}

// Rows of the same user run one after the other, in their order.
awaitable<void> ImportRun::begin(Row row, bool is_only_check, BodyWriter& writer) {
    auto keys = keys_of(row);
    const auto is_under_way = [&](const std::string& key) { return keys_under_way_.contains(key); };
    while (window_->is_full() || std::ranges::any_of(keys, is_under_way))
        co_await finish_one(writer);
    const auto predecessor = is_only_check ? find_predecessor(row) : Predecessor::none;
    keys_under_way_.insert(keys.begin(), keys.end());
    window_->begin(process(shared_from_this(), std::move(row), predecessor, std::move(keys), is_only_check));
}

awaitable<void> ImportRun::finish_one(BodyWriter& writer) {
    auto outcome = co_await window_->next();
    for (const auto& key : outcome.keys)
        keys_under_way_.erase(key);
    if (outcome.errors.is_store_gone) stop("The store is not available.");
    if (is_writing_spooled_) {
        if (outcome.status == RowStatus::error) {
            stop("Line " + std::to_string(outcome.line) + " was refused when it was written.");
        }
        outcome.keys.clear();
        written_.push_back(std::move(outcome));
        co_return;
    }
    const bool is_only_checked = is_spooling() && !is_writing_spooled_;
    if (is_only_checked && outcome.status != RowStatus::error) co_return;
    co_await report(std::move(outcome), writer);
}

awaitable<void> ImportRun::report(Outcome outcome, BodyWriter& writer) {
    ++counts_[static_cast<std::size_t>(outcome.status)];
    json line{
        {"row",    outcome.number         },
        {"line",   outcome.line           },
        {"status", name_of(outcome.status)}
    };
    if (outcome.id) line["id"] = *outcome.id;
    if (outcome.status == RowStatus::error) line["errors"] = std::move(outcome.errors.errors);
    lines_ += to_text(line) + "\n";
    if (lines_.size() >= lines_octets_max) co_await flush(writer);
}

awaitable<void> ImportRun::flush(BodyWriter& writer) {
    if (lines_.empty() || is_client_gone_) co_return;
    is_client_gone_ = !co_await writer.write(std::exchange(lines_, {}));
}

awaitable<void> ImportRun::summarize(BodyWriter& writer) {
    const bool has_errors = counts_[static_cast<std::size_t>(RowStatus::error)] > 0;
    json summary = json::object();
    for (std::size_t i = 0; i < counts_.size(); ++i)
        summary[std::string(status_names[i])] = counts_[i];
    summary["is_dry_run"] = options_.is_dry_run;
    summary["is_complete"] = stopped_.empty();
    if (options_.mode == ImportMode::atomic) {
        summary["is_written"] = !options_.is_dry_run && stopped_.empty() && !has_errors;
    }
    if (!stopped_.empty()) summary["detail"] = stopped_;
    lines_ += to_text({
                  {"summary", std::move(summary)}
    }) +
              "\n";
    co_await flush(writer);
}

void ImportRun::spool(const Row& row) {
    if (!row.problem.empty()) return;
    spooled_.push_back({row.number, row.line, to_spooled(row.body)});
    spooled_octets_ += spooled_.back().body.size();
    if (spooled_.size() > atomic_rows_max || spooled_octets_ > atomic_octets_max) {
        stop("An atomic import has at most " + std::to_string(atomic_rows_max) + " rows and " +
             std::to_string(atomic_octets_max) + " octets.");
    }
}

Predecessor ImportRun::find_predecessor(const Row& row) {
    auto predecessor = Predecessor::none;
    const auto remember = [&](std::string_view field, Predecessor if_known) {
        const auto key = key_of(row.body, field);
        if (!key) return;
        const auto entry = std::string(field) + '=' + *key;
        if (names_seen_.contains(entry)) {
            if (predecessor == Predecessor::none) predecessor = if_known;
        } else if (names_seen_.size() < names_remembered_max) {
            names_seen_.insert(entry);
        }
    };
    using store::user_field::external_id;
    using store::user_field::username;
    if (options_.rules.upsert == Upsert::by_external_id) {
        remember(external_id, Predecessor::makes_the_same_user);
    }
    remember(username, options_.rules.upsert == Upsert::by_username ? Predecessor::makes_the_same_user
                                                                    : Predecessor::takes_the_name);
    return predecessor;
}

std::vector<std::string> ImportRun::keys_of(const Row& row) const {
    std::vector<std::string> keys;
    const auto add = [&](std::string_view field) {
        if (auto key = key_of(row.body, field)) keys.push_back(std::string(field) + '=' + *key);
    };
    add(store::user_field::username);
    if (options_.rules.upsert == Upsert::by_external_id) add(store::user_field::external_id);
    return keys;
}

void ImportRun::stop(std::string why) {
    if (stopped_.empty()) stopped_ = std::move(why);
}

}  // namespace hourglass::api
