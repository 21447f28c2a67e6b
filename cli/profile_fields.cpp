#include "cli/profile_fields.hpp"

#include "cli/field_flags.hpp"
#include "cli/profile_rule.hpp"
#include "cli/usage.hpp"

#include <array>
#include <string>
#include <vector>

namespace hourglass::cli {

namespace {

constexpr std::array rule_flags{
    FieldFlag{"--check", "check_attributes", "Condition on the login, such as 'NAS-Port-Type == Ethernet'"},
    FieldFlag{"--reply", "reply_attributes", "Attribute for the NAS, such as 'Filter-Id := staff'"        },
    FieldFlag{"--final", "final_action",     "Attribute for the NAS when no time is left, as for --reply" },
};
constexpr std::array number_flags{
    FieldFlag{"--organization",     "organization",     "Organization whose users it is for, by id"     },
    FieldFlag{"--simultaneous-use", "simultaneous_use", "Sessions at a time"                            },
    FieldFlag{"--slice",            "slice_seconds",    "Seconds of the balance that each session holds"},
    FieldFlag{"--interim-interval", "interim_interval", "Seconds between the reports of a session"      },
};
constexpr std::array text_flags{
    FieldFlag{"--login-time",  "login_time",  "When its users may be online, such as Wk0800-1800,Sa"},
    FieldFlag{"--description", "description", "What is worth knowing"                               },
};

// Without any: what holds if it is not said.
Json rules_of(const std::vector<std::string>& texts, std::string_view field) {
    auto rules = Json::array();
    for (const auto& text : texts) {
        if (text.empty()) continue;
        auto rule = parse_rule(text);
        if (!rule)
            throw CLI::ValidationError("\"" + text + "\" is no attribute with an operator and a value");
        rules.push_back(*std::move(rule));
    }
    return rules.empty() && field == "final_action" ? Json("disconnect") : rules;
}

}  // namespace

void add_profile_field_flags(CLI::App& command, Json& body) {
    for (const auto& row : rule_flags) {
        command
            .add_option_function<std::vector<std::string>>(
                row.flag,
                [&body, field = row.field](const std::vector<std::string>& texts) {
                    body[field] = rules_of(texts, field);
                },
                std::string(row.help) + "; may be repeated, \"\" for none")
            ->expected(1)
            ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    }
    for (const auto& row : number_flags) {
        command
            .add_option_function<std::string>(
                row.flag,
                [&body, field = row.field](const std::string& text) {
                    body[field] = text.empty() ? Json(nullptr) : Json::parse(text);
                },
                std::string(row.help) + "; \"\" for none")
            ->check(expect_number_or_nothing);
    }
    add_text_flags(command, body, text_flags);
    command
        .add_option_function<std::string>(
            "--concurrency", [&body](const std::string& word) { body["concurrency"] = word; },
            "shared, or reserve: each session holds a slice of the balance")
        ->check(CLI::IsMember({"shared", "reserve"}));
}

}  // namespace hourglass::cli
