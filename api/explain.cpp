#include "api/explain.hpp"

#include "api/problem.hpp"
#include "api/user_token.hpp"

namespace hourglass::api {
namespace {

constexpr std::string_view nas_parameter = "nas";
constexpr auto decisions = std::to_array<std::string_view>({"accept", "reject"});

constexpr auto fields = std::to_array<Field>({
    choice("decision", decisions),
    text("reason").nullable(),
    text("nas").nullable(),
    list("checks", object_type),
    list("reply", object_type),
});
constexpr Record explanation_record{
    .name = "Explanation",
    .fields = fields,
    .example = R"({"decision": "accept", "nas": "lobby",
                   "checks": [{"check": "active", "passed": true, "finding": "The user is active."}],
                   "reply": [{"attribute": "Session-Timeout", "value": "3600"}]})",
};
constexpr auto options = std::to_array<Parameter>({
    {text(nas_parameter),
     "The NAS that would ask: its name or address. Other parameters are attributes by name."},
});

// Every parameter that is not ours names an attribute.
NamedTexts read_attributes(const Query& query) {
    NamedTexts attributes;
    for (const auto& name : query.names()) {
        if (name == nas_parameter) continue;
        if (auto value = query.find(name)) attributes.emplace_back(name, *std::move(value));
    }
    return attributes;
}

json show(const LoginExplanation& explanation) {
    auto checks = json::array();
    for (const auto& check : explanation.checks) {
        checks.push_back({
            {"check",   check.name     },
            {"passed",  check.is_passed},
            {"finding", check.finding  }
        });
    }
    auto reply = json::array();
    for (const auto& [name, value] : explanation.reply) {
        reply.push_back({
            {"attribute", name },
            {"value",     value}
        });
    }
    const bool is_accepted = explanation.reason.empty();
    return {
        {"decision", is_accepted ? "accept" : "reject"                              },
        {"reason",   is_accepted ? json(nullptr) : json(explanation.reason)         },
        {"nas",      explanation.nas.empty() ? json(nullptr) : json(explanation.nas)},
        {"checks",   std::move(checks)                                              },
        {"reply",    std::move(reply)                                               },
    };
}

}  // namespace

const Description explain_description{
    .tag = "user_token",
    .shown = &explanation_record,
    .options = options,
    .operation = "explain_login",
    .summary = "Would this user get in now, and if not, why?",
};

awaitable<Response> explain_login(Context& context) {
    const auto record = co_await find_visible_user(context, context.id);
    if (!record) co_return record.error();

    const auto username = record->fields.find(store::user_field::username);
    if (username == record->fields.end()) co_return not_found();
    auto user = co_await context.store.users.find_login(username->second);
    if (!user) co_return problem(user.error());

    LoginQuestion question{
        .user = *std::move(user),
        .nas = context.query.find(nas_parameter),
        .attributes = read_attributes(context.query),
        .now = context.now,
    };
    const auto answer = co_await context.environment.explain_login(std::move(question), context.store);
    if (!answer) co_return problem(answer.error());
    const auto& explanation = *answer;
    if (!explanation) co_return field_problem(explanation.error().parameter, explanation.error().sentence);
    co_return reply(http::status::ok, show(*explanation));
}

}  // namespace hourglass::api
