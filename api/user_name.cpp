#include "api/user_name.hpp"

#include "store/decimal.hpp"

namespace hourglass::api {
namespace {

namespace name = store::user_field;

std::string value_of(const ParsedRecord& record, const std::optional<store::User>& before,
                     std::string_view field) {
    const auto sent = record.values.find(field);
    if (sent != record.values.end()) return sent->second.value_or("");
    if (!before) return {};
    const auto kept = before->fields.find(field);
    return kept == before->fields.end() ? std::string() : kept->second;
}

bool changes(const ParsedRecord& record, const std::optional<store::User>& before, std::string_view field) {
    const ParsedRecord nothing;
    return !before || value_of(record, before, field) != value_of(nothing, before, field);
}

}  // namespace

void judge_name(const WhyUnusable& why_unusable, const std::optional<store::User>& before,
                ParsedRecord& record) {
    const auto username = value_of(record, before, name::username);
    const auto organization = store::parse_decimal(value_of(record, before, name::organization));
    if (!why_unusable || username.empty() || !organization) return;
    if (!changes(record, before, name::username) && !changes(record, before, name::organization)) return;
    if (const auto reason = why_unusable(username, *organization)) record.refuse(name::username, *reason);
}

}  // namespace hourglass::api
