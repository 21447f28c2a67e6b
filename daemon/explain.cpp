#include "daemon/explain.hpp"

#include "daemon/addresses.hpp"
#include "radius/explanation.hpp"

#include <array>

namespace hourglass::daemon {

namespace {

using Answer = boost::system::result<api::LoginExplanation, api::QuestionMistake>;

// A login is explained as if the credential were right, so none is taken; a URL is no place for one.
constexpr std::array credentials{"User-Password",    "CHAP-Password",     "CHAP-Challenge",
                                 "MS-CHAP-Response", "MS-CHAP-Challenge", "MS-CHAP2-Response",
                                 "EAP-Message"};

const radius::Client* find_client(const radius::Clients& clients, const std::string& nas) {
    if (const auto* named = clients.find_named(nas)) return named;
    const auto address = parse_address(nas);
    return address ? clients.find(*address) : nullptr;
}

std::optional<api::QuestionMistake> find_mistake(const api::NamedTexts& attributes) {
    for (const auto& [name, value] : attributes) {
        if (std::ranges::find(credentials, name) != credentials.end())
            return api::QuestionMistake{name, "Leave it out: the login is explained as if it were right."};
        const auto mistake = radius::find_mistake(name, value);
        if (mistake == radius::AttributeMistake::unknown_name)
            return api::QuestionMistake{name, "There is no such parameter, and no attribute of that name."};
        if (mistake == radius::AttributeMistake::wrong_value)
            return api::QuestionMistake{name, "\"" + value + "\" is no value of this attribute."};
    }
    return std::nullopt;
}

Answer explain(const radius::Snapshot& snapshot, const api::LoginQuestion& question) {
    api::LoginExplanation answer;
    if (question.nas) {
        const auto* const client = find_client(snapshot.clients, *question.nas);
        if (client == nullptr)
            return api::QuestionMistake{"nas", "No NAS has this name, and none is known at such an address."};
        answer.nas = client->name;
    }
    if (auto mistake = find_mistake(question.attributes)) return *std::move(mistake);

    auto explanation = radius::explain({question.user, question.now, snapshot.directory}, snapshot.policy);
    if (explanation.refusal) answer.reason = radius::name_of(*explanation.refusal);
    for (auto& check : explanation.checks)
        answer.checks.push_back({std::string(check.name), check.is_passed, std::move(check.finding)});
    for (auto& [name, value] : explanation.reply)
        answer.reply.emplace_back(std::move(name), std::move(value));
    return answer;
}

}  // namespace

api::ExplainLogin make_explain_login(std::shared_ptr<const radius::Snapshot> snapshot) {
    return [snapshot = std::move(snapshot)](const api::LoginQuestion& question) {
        return explain(*snapshot, question);
    };
}

}  // namespace hourglass::daemon
