// What Redis is asked of an account and of a user's record before a report is worked out (report_step.hpp),
// and what it said, in views of its replies. What is not there is nullopt, or empty, or 0.
#pragma once

#include "store/ledger.hpp"
#include "store/redis_pipeline.hpp"
#include "store/redis_reply.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace hourglass::store {

std::optional<std::int64_t> number_in(const redisReply* text);

struct AccountRead {
    // With those that are always read it is all that an account has when nothing runs.
    static constexpr std::array<std::string_view, 5> idle_fields{"reserved", "sessions", "visits", "heeded",
                                                                 "changes"};
    enum IdleField : std::size_t { reserved, sessions };

    // Two commands. `session` is a field, `more` are idle_fields or none.
    static void add(Pipeline& reads, std::string_view key, std::string_view session,
                    std::span<const std::string_view> more);
    // False: not as it should be.
    bool read(std::span<const Reply> replies, const LedgerRules& rules);

    Seconds balance() const { return Seconds(credited.value_or(0) - consumed); }
    // Of so many seconds; of one who is not metered none.
    std::int64_t coverable(std::int64_t used) const;
    // All could be silent for too long before the balance is gone.
    bool lasts(std::int64_t covered = 0) const;
    bool has_idle_fields() const { return idle.size() == idle_fields.size(); }
    // Nothing runs, and nothing is in there that is not known here.
    bool is_idle() const;

    std::string_view username;
    OrganizationId organization{};
    std::optional<std::int64_t> credited;
    std::int64_t consumed{};
    std::optional<Time> published;  // a deadline
    Seconds stale_limit{};
    const redisReply* session{};
    std::span<redisReply* const> idle;
    std::int64_t fields{};  // how many it has

private:
    std::int64_t present_{};  // of those that are always read
};

struct RecordRead {
    static void add(Pipeline& reads, std::string_view key);
    explicit RecordRead(std::span<redisReply* const> values);

    std::string_view username;
    OrganizationId organization{};
    std::string_view expiration;
    std::string_view profile;
    bool is_active{};
};

}  // namespace hourglass::store
