#include "daemon/explain.hpp"

#include "daemon/addresses.hpp"
#include "radius/explanation.hpp"
#include "radius/packet_writer.hpp"
#include "radius/sharing.hpp"

#include <array>

namespace hourglass::daemon {

namespace {

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

// Where the request would come from.
boost::asio::ip::address source_of(const api::LoginQuestion& question, const radius::Client* client) {
    const auto address = question.nas ? parse_address(*question.nas) : std::nullopt;
    if (address) return *address;
    return client ? client->network : boost::asio::ip::address();
}

// Of the request with these attributes, which nobody sent.
store::Newcomer newcomer_of(const api::NamedTexts& attributes, const boost::asio::ip::address& source) {
    std::vector<store::AttributeRule> rules;
    for (const auto& [name, value] : attributes)
        rules.push_back({name, "+=", value});
    radius::PacketWriter writer(radius::Code::access_request, 0);
    for (const auto& attribute : radius::encode(rules).attributes)
        writer.add(radius::RawAttribute{attribute.type, attribute.value});
    radius::Digests digests;
    const auto bytes = writer.sign_request("nobody", digests);
    const auto packet = bytes ? radius::decode(*bytes) : radius::Error::malformed;
    return packet ? radius::newcomer_of(*packet, source) : store::Newcomer();
}

awaitable<result<api::LoginAnswer>> explain(std::shared_ptr<const radius::Snapshot> snapshot,
                                            api::LoginQuestion question, store::Store& store) {
    api::LoginExplanation answer;
    const auto* const client = question.nas ? find_client(snapshot->clients, *question.nas) : nullptr;
    if (question.nas && client == nullptr)
        co_return api::LoginAnswer(
            api::QuestionMistake{"nas", "No NAS has this name, and none is known at such an address."});
    if (client) answer.nas = client->name;
    if (auto mistake = find_mistake(question.attributes)) co_return api::LoginAnswer(*std::move(mistake));

    radius::Login login{question.user, question.now, snapshot->directory};
    if (const auto limits = radius::place_limits(login)) {
        auto newcomer = newcomer_of(question.attributes, source_of(question, client));
        const auto place =
            co_await store.places.look(question.user.id, std::move(newcomer), *limits, question.now);
        if (!place) co_return place.error();
        login.place = *place;
    }
    auto explanation = radius::explain(login, snapshot->policy, question.is_password_right);
    if (explanation.refusal) answer.reason = radius::name_of(*explanation.refusal);
    for (auto& check : explanation.checks)
        answer.checks.push_back({std::string(check.name), check.is_passed, std::move(check.finding)});
    for (auto& [name, value] : explanation.reply)
        answer.reply.emplace_back(std::move(name), std::move(value));
    co_return api::LoginAnswer(std::move(answer));
}

}  // namespace

api::ExplainLogin make_explain_login(std::shared_ptr<const radius::Snapshot> snapshot) {
    return [snapshot = std::move(snapshot)](api::LoginQuestion question, store::Store& store) {
        return explain(snapshot, std::move(question), store);
    };
}

}  // namespace hourglass::daemon
