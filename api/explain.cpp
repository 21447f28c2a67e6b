#include "api/explain.hpp"

#include "api/problem.hpp"
#include "api/resource.hpp"
#include "api/user_token.hpp"

#include <openssl/crypto.h>

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

constexpr auto question_fields = std::to_array<Field>({
    text(nas_parameter).nullable(),
    list("attributes", request_attribute_type).or_else("[]"),
    text("password").nullable(),
});
constexpr Record question_record{
    .name = "LoginQuestion",
    .fields = question_fields,
    .example = R"({"nas": "lobby", "password": "hello",
                   "attributes": [{"attribute": "NAS-Port-Type", "value": "19"}]})",
};

// Every parameter that is not ours names an attribute.
NamedTexts read_attributes(const Query& query) {
    NamedTexts attributes;
    for (const auto& name : query.names()) {
        if (name == nas_parameter) continue;
        if (auto value = query.find(name)) attributes.emplace_back(name, *std::move(value));
    }
    return attributes;
}

// Of a body that was found right.
NamedTexts read_attributes(const std::string& stored) {
    NamedTexts attributes;
    for (const auto& item : json::parse(stored))
        attributes.emplace_back(item.at("attribute"), item.at("value"));
    return attributes;
}

bool is_same(std::string_view password, std::string_view tried) {
    return password.size() == tried.size() && CRYPTO_memcmp(password.data(), tried.data(), tried.size()) == 0;
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

// The login record of a user whom the token may see.
awaitable<Checked<store::LoginUser>> find_login_user(Context& context) {
    const auto record = co_await find_visible_user(context, context.id);
    if (!record) co_return record.error();

    const auto username = record->fields.find(store::user_field::username);
    if (username == record->fields.end()) co_return not_found();
    auto user = co_await context.store.users.find_login(username->second);
    if (!user) co_return problem(user.error());
    co_return *std::move(user);
}

awaitable<Response> answer_question(Context& context, LoginQuestion question) {
    const auto answer = co_await context.environment.explain_login(std::move(question), context.store);
    if (!answer) co_return problem(answer.error());
    const auto& explanation = *answer;
    if (!explanation) co_return field_problem(explanation.error().parameter, explanation.error().sentence);
    co_return reply(http::status::ok, show(*explanation));
}

}  // namespace

const Description explain_description{
    .tag = "user_token",
    .shown = &explanation_record,
    .options = options,
    .operation = "explain_login",
    .summary = "Would this user get in now, and if not, why?",
};

const Description check_login_description{
    .tag = "user_token",
    .shown = &explanation_record,
    .sent = &question_record,
    .operation = "check_login",
    .summary = "Try a login without logging in, with a password or as if it were right",
    .success = http::status::ok,
};

awaitable<Response> explain_login(Context& context) {
    auto user = co_await find_login_user(context);
    if (!user) co_return user.error();
    LoginQuestion question{
        .user = *std::move(user),
        .nas = context.query.find(nas_parameter),
        .attributes = read_attributes(context.query),
        .now = context.now,
    };
    co_return co_await answer_question(context, std::move(question));
}

awaitable<Response> check_login(Context& context) {
    auto user = co_await find_login_user(context);
    if (!user) co_return user.error();
    const auto body = read_body(context.request);
    if (!body) co_return body.error();
    auto record = parse_record(question_fields, body->value, Write::post);
    if (!record.errors.empty()) co_return field_problem(record.errors);

    const auto attributes = record.take("attributes").value_or(std::nullopt).value_or("[]");
    const auto tried = record.take("password").value_or(std::nullopt);
    LoginQuestion question{
        .user = *std::move(user),
        .nas = record.take(nas_parameter).value_or(std::nullopt),
        .attributes = read_attributes(attributes),
        .now = context.now,
    };
    if (tried) question.is_password_right = is_same(question.user.password, *tried);
    co_return co_await answer_question(context, std::move(question));
}

}  // namespace hourglass::api
