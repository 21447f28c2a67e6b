#include "api/aaa_profile.hpp"

#include "api/record.hpp"
#include "store/profile.hpp"

namespace hourglass::api {
namespace {

namespace name = store::profile_field;

constexpr std::int64_t simultaneous_use_max = 1'000'000;
constexpr std::int64_t interval_least = 60;  // seconds; RFC 2869 section 5.16
constexpr std::int64_t interval_most = 86'400;
constexpr auto concurrencies = std::to_array<std::string_view>({"shared", "reserve"});

constexpr auto fields = std::to_array<Field>({
    integer("id").read_only(),
    text(store::record_field::name).always_required(),
    integer(store::record_field::organization).at_least(1).nullable().kept_by_put(),
    text("description").nullable().characters(2000),
    list(name::check_attributes, attribute_type).or_else("[]"),
    list(name::reply_attributes, attribute_type).or_else("[]"),
    integer(name::simultaneous_use).at_least(1).at_most(simultaneous_use_max).nullable(),
    choice(name::concurrency, concurrencies).or_else("shared"),
    integer(name::slice_seconds).at_least(interval_least).nullable(),
    integer(name::interim_interval).at_least(interval_least).at_most(interval_most).nullable(),
    Field(name::login_time, login_time_type).nullable(),
    Field(name::final_action, final_action_type).or_else(R"("disconnect")"),
});

struct RuleField {
    std::string_view name;
    RuleList list;
};
constexpr auto rule_fields = std::to_array<RuleField>({
    {name::check_attributes, RuleList::check},
    {name::reply_attributes, RuleList::reply},
    {name::final_action,     RuleList::reply},
});

// What is not sent again stays, even if the dictionary has lost a name since.
awaitable<result<void>> check_rules(Context& context, RecordDraft& draft) {
    const auto& judge = context.environment.judge_rules;
    auto& record = draft.record;
    for (const auto& field : rule_fields) {
        const auto sent = record.values.find(field.name);
        if (!judge || sent == record.values.end() || !sent->second) continue;
        for (const auto& mistake : judge(field.list, store::parse_rules(*sent->second))) {
            if (mistake.item) {
                record.refuse_item(field.name, *mistake.item, mistake.field, mistake.sentence);
            } else if (!record.errors.contains(field.name)) {
                record.refuse(field.name, mistake.sentence);
            }
        }
    }
    co_return result<void>();
}

constexpr RecordResource resource{
    .noun = "aaa profile",
    .fields = fields,
    .records = &store::Registry::profiles,
    .is_written_by_tenants = true,
    .check = &check_rules,
};

constexpr Record profile_record{
    .name = "Profile",
    .fields = fields,
    .example = R"({"id": 1, "name": "evening", "organization": 1, "description": "After work",
                   "check_attributes": [{"attribute": "NAS-Port-Type", "op": "==", "value": "19"}],
                   "reply_attributes": [{"attribute": "Idle-Timeout", "op": ":=", "value": "600"}],
                   "simultaneous_use": 2, "interim_interval": 300, "login_time": "Wk1800-2300,Sa,Su"})",
};
constexpr auto filters = std::to_array<Parameter>({
    {text(store::record_field::name),            "The profile of exactly this name."},
    {integer(store::record_field::organization), "Profiles of this organization."   },
});

}  // namespace

const Description profile_description{
    .tag = "aaa_profile",
    .about = "Sets of conditions and reply attributes, which users name in `profile`.",
    .noun = "profile",
    .nouns = "profiles",
    .shown = &profile_record,
    .filters = filters,
};

awaitable<Response> list_profiles(Context& context) {
    return list_records(context, resource);
}
awaitable<Response> create_profile(Context& context) {
    return create_record(context, resource);
}
awaitable<Response> read_profile(Context& context) {
    return read_record(context, resource);
}
awaitable<Response> replace_profile(Context& context) {
    return change_record(context, resource, Write::put);
}
awaitable<Response> update_profile(Context& context) {
    return change_record(context, resource, Write::patch);
}
awaitable<Response> delete_profile(Context& context) {
    return delete_record(context, resource);
}

}  // namespace hourglass::api
