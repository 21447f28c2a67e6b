#include "daemon/explain.hpp"

#include "daemon/addresses.hpp"
#include "radius/attribute_rules.hpp"
#include "radius/explanation.hpp"
#include "radius/packet_writer.hpp"
#include "radius/sharing.hpp"

#include <algorithm>
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

std::optional<api::QuestionMistake> find_mistake(const api::NamedTexts& attributes,
                                                 const radius::Dictionary& dictionary) {
    for (const auto& [name, value] : attributes) {
        if (std::ranges::find(credentials, name) != credentials.end())
            return api::QuestionMistake{name, "Leave it out: the login is explained as if it were right."};
        if (const auto mistake = radius::find_mistake(name, value, dictionary))
            return api::QuestionMistake{name, *mistake + "."};
    }
    return std::nullopt;
}

// Where the request would come from.
boost::asio::ip::address source_of(const api::LoginQuestion& question, const radius::Client* client) {
    const auto address = question.nas ? parse_address(*question.nas) : std::nullopt;
    if (address) return *address;
    return client ? client->network : boost::asio::ip::address();
}

constexpr std::string_view user_name_attribute = "User-Name";

const std::string* given_user_name(const api::LoginQuestion& question) {
    const auto given =
        std::ranges::find(question.attributes, user_name_attribute, &api::NamedTexts::value_type::first);
    return given != question.attributes.end() ? &given->second : nullptr;
}

// The request with these attributes, which nobody sent. Error::reply_too_long if they are more than one can
// have.
result<std::vector<std::uint8_t>> request_of(const api::LoginQuestion& question,
                                             const radius::Dictionary& dictionary) {
    std::vector<radius::AttributeData> attributes;
    const auto add = [&](std::string_view name, std::string_view value) {
        auto parsed = radius::parse_attribute(name, value, dictionary);
        auto* const attribute = std::get_if<radius::AttributeData>(&parsed);
        if (attribute && !radius::is_of_the_protocol(attribute->path))
            attributes.push_back(std::move(*attribute));
    };
    if (!given_user_name(question)) add(user_name_attribute, question.user.username);
    for (const auto& [name, value] : question.attributes)
        add(name, value);

    radius::PacketWriter writer(radius::Code::access_request, 0);
    const auto encoded = radius::encode_attributes(attributes, dictionary).value();
    for (const auto& attribute : encoded)
        writer.add(radius::RawAttribute{attribute.type, attribute.value});
    return writer.sign_request("nobody");
}

// Whether the User-Name of the question means the user who is asked about. Without one his name does.
void explain_name(const api::LoginQuestion& question, const radius::NameRules& rules,
                  api::LoginExplanation& answer) {
    const auto* const given = given_user_name(question);
    if (rules.are_none() && !given) return;

    const auto identity = radius::identify(given ? *given : question.user.username, rules);
    const bool is_his = identity && identity->sought.means(question.user.username) &&
                        identity->sought.may_be_of(question.user.organization);
    const auto finding = identity ? radius::describe(*identity) : "Its realm is not served.";
    answer.checks.insert(answer.checks.begin(), {"user_name", is_his, finding});
    if (is_his) return;
    answer.reason =
        radius::name_of(identity ? radius::RejectReason::unknown_user : radius::RejectReason::unknown_realm);
    answer.reply.clear();
}

awaitable<result<api::LoginAnswer>> explain(std::shared_ptr<const radius::Snapshot> snapshot,
                                            api::LoginQuestion question, store::Store& store) {
    api::LoginExplanation answer;
    const auto& dictionary = snapshot->directory.dictionary();
    const auto* const client = question.nas ? find_client(snapshot->clients, *question.nas) : nullptr;
    if (question.nas && client == nullptr)
        co_return api::LoginAnswer(
            api::QuestionMistake{"nas", "No NAS has this name, and none is known at such an address."});
    if (client) answer.nas = client->name;
    if (auto mistake = find_mistake(question.attributes, dictionary))
        co_return api::LoginAnswer(*std::move(mistake));

    const auto request = request_of(question, dictionary);
    const auto packet = request ? radius::decode(*request) : radius::Error::malformed;
    if (!packet) {
        co_return api::LoginAnswer(
            api::QuestionMistake{"attributes", "They are more than a request can have."});
    }
    const auto source = source_of(question, client);
    radius::Login login{
        question.user, question.now, snapshot->directory, {*packet, answer.nas, source}
    };
    if (const auto limits = radius::place_limits(login)) {
        auto newcomer = radius::newcomer_of(*packet, source);
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
    explain_name(question, snapshot->policy.names, answer);
    co_return api::LoginAnswer(std::move(answer));
}

}  // namespace

api::ExplainLogin make_explain_login(std::shared_ptr<const radius::Snapshot> snapshot) {
    return [snapshot = std::move(snapshot)](api::LoginQuestion question, store::Store& store) {
        return explain(snapshot, std::move(question), store);
    };
}

}  // namespace hourglass::daemon
