#include "store/report_reads.hpp"

#include "store/decimal.hpp"
#include "store/user_record.hpp"

#include <algorithm>

namespace hourglass::store {
namespace {

constexpr std::array<std::string_view, 6> account_fields{"username", "organization", "credited",
                                                         "consumed", "deadline",     "stale_limit"};
constexpr std::array<std::string_view, 5> record_fields{user_field::username, user_field::organization,
                                                        user_field::expiration, user_field::profile,
                                                        user_field::is_active};

bool is_there(const redisReply* value) {
    return !is_nil(value);
}

bool is_exact(std::int64_t number) {
    return exact(number) == number;
}

}  // namespace

std::optional<std::int64_t> number_in(const redisReply* text) {
    return is_nil(text) ? std::nullopt : parse_decimal(text_of(text));
}

void AccountRead::add(Pipeline& reads, std::string_view key, std::string_view session,
                      std::span<const std::string_view> more) {
    std::array<std::string_view, 2 + account_fields.size() + 1 + idle_fields.size()> command{"HMGET", key};
    auto* end = std::ranges::copy(account_fields, command.begin() + 2).out;
    *end++ = session;
    end = std::ranges::copy(more, end).out;
    reads.add(std::span<const std::string_view>(command.begin(), end));
    reads.add({"HLEN", key});
}

bool AccountRead::read(std::span<const Reply> replies, const LedgerRules& rules) {
    const auto values = replies[0].elements();
    if (values.size() <= account_fields.size()) return false;
    username = text_of(values[0]);
    organization = number_in(values[1]).value_or(0);
    credited = number_in(values[2]);
    consumed = number_in(values[3]).value_or(0);
    if (const auto deadline = number_in(values[4])) published = Time(Seconds(exact(*deadline)));
    stale_limit = Seconds(exact(number_in(values[5]).value_or(rules.stale_limit().count())));
    present_ = std::ranges::count_if(values.first(account_fields.size()), is_there);
    session = values[account_fields.size()];
    idle = values.subspan(account_fields.size() + 1);
    fields = replies[1].integer();
    const bool is_readable = credited.has_value() == is_there(values[2]);
    return is_readable && is_exact(credited.value_or(0)) && is_exact(consumed);
}

std::int64_t AccountRead::coverable(std::int64_t used) const {
    return std::min(used, std::max<std::int64_t>(0, balance().count()));
}

bool AccountRead::lasts(std::int64_t covered) const {
    return !credited || balance() - Seconds(covered) >= (fields + 1) * stale_limit;
}

bool AccountRead::is_idle() const {
    return fields == present_ + std::ranges::count_if(idle, is_there);
}

void RecordRead::add(Pipeline& reads, std::string_view key) {
    std::array<std::string_view, 2 + record_fields.size()> command{"HMGET", key};
    std::ranges::copy(record_fields, command.begin() + 2);
    reads.add(command);
}

RecordRead::RecordRead(std::span<redisReply* const> values) {
    if (values.size() != record_fields.size()) return;
    username = text_of(values[0]);
    organization = number_in(values[1]).value_or(0);
    expiration = text_of(values[2]);
    profile = text_of(values[3]);
    is_active = text_of(values[4]) != "0";
}

}  // namespace hourglass::store
