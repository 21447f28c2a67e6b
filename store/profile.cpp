#include "store/profile.hpp"

#include "store/decimal.hpp"

#include <nlohmann/json.hpp>

namespace hourglass::store {
namespace {

using Json = nlohmann::json;

std::optional<std::string> text_of(const Record& record, std::string_view field) {
    const auto found = record.fields.find(field);
    return found == record.fields.end() ? std::nullopt : std::optional(found->second);
}

std::optional<std::int64_t> number_of(const Record& record, std::string_view field) {
    const auto text = text_of(record, field);
    return text ? parse_decimal(*text) : std::nullopt;
}

std::optional<Seconds> seconds_of(const Record& record, std::string_view field) {
    const auto number = number_of(record, field);
    return number ? std::optional(Seconds(*number)) : std::nullopt;
}

Json json_of(const Record& record, std::string_view field) {
    return Json::parse(text_of(record, field).value_or(""), nullptr, false);
}

std::string member_of(const Json& object, const char* name) {
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::vector<AttributeRule> rules_of(const Json& list) {
    std::vector<AttributeRule> rules;
    if (!list.is_array()) return rules;
    for (const auto& item : list) {
        if (!item.is_object()) continue;
        rules.push_back({member_of(item, "attribute"), member_of(item, "op"), member_of(item, "value")});
    }
    return rules;
}

std::optional<LoginTime> login_time_of(const Record& record) {
    const auto text = text_of(record, profile_field::login_time);
    if (!text) return std::nullopt;
    auto parsed = LoginTime::parse(*text);
    return parsed ? std::optional(*std::move(parsed)) : std::nullopt;
}

}  // namespace

Profile to_profile(const Record& record) {
    const auto final_action = json_of(record, profile_field::final_action);
    Profile profile{
        .id = record.id,
        .name = text_of(record, record_field::name).value_or(""),
        .organization = number_of(record, record_field::organization),
        .check_attributes = rules_of(json_of(record, profile_field::check_attributes)),
        .reply_attributes = rules_of(json_of(record, profile_field::reply_attributes)),
        .simultaneous_use = number_of(record, profile_field::simultaneous_use),
        .concurrency = text_of(record, profile_field::concurrency) == "reserve" ? Concurrency::reserve
                                                                                : Concurrency::shared,
        .slice = seconds_of(record, profile_field::slice_seconds),
        .interim_interval = seconds_of(record, profile_field::interim_interval),
        .login_time = login_time_of(record),
    };
    if (final_action.is_array() && !final_action.empty()) profile.walled_garden = rules_of(final_action);
    return profile;
}

std::vector<AttributeRule> parse_rules(std::string_view json) {
    return rules_of(Json::parse(json, nullptr, false));
}

std::vector<std::string> parse_profile_names(std::string_view json) {
    std::vector<std::string> names;
    if (json.empty() || json == "[]") return names;  // most have none
    const auto list = Json::parse(json, nullptr, false);
    if (!list.is_array()) return names;
    for (const auto& name : list) {
        if (name.is_string()) names.push_back(name.get<std::string>());
    }
    return names;
}

}  // namespace hourglass::store
