#include "radius/explanation.hpp"

#include "radius/access_reply.hpp"

#include <algorithm>
#include <iterator>

namespace hourglass::radius {
namespace {

constexpr std::string_view nobodys_secret = "nobody";

// Signed by nobody for nobody: only its attributes are looked at.
std::vector<AttributeText> attributes_of(PacketWriter& reply, const Dictionary& dictionary) {
    const auto bytes = reply.finish(Authenticator{}, nobodys_secret);
    const auto packet = bytes ? decode(*bytes) : Error::malformed;
    if (!packet) return {};
    auto texts = show_attributes(*packet, dictionary);
    texts.erase(texts.begin());  // Message-Authenticator
    return texts;
}

}  // namespace

CheckOutcome password_outcome(bool is_right) {
    return {"password", is_right, is_right ? "The password is right." : "The password is wrong."};
}

std::vector<CheckOutcome> outcomes_of(const Login& login) {
    std::vector<CheckOutcome> outcomes;
    for (const auto& check : login_checks()) {
        const bool is_passed = !check.refusal(login);
        outcomes.push_back({check.name, is_passed, check.finding(login)});
    }
    return outcomes;
}

Explanation explain(const Login& login, const Policy& policy, std::optional<bool> is_password_right) {
    Explanation explanation;
    if (is_password_right) explanation.checks.push_back(password_outcome(*is_password_right));
    std::ranges::move(outcomes_of(login), std::back_inserter(explanation.checks));

    const auto& dictionary = login.directory.dictionary();
    const auto decision =
        is_password_right.value_or(true) ? authorize(login, policy) : RejectReason::wrong_password;
    if (const auto* reason = std::get_if<RejectReason>(&decision)) {
        explanation.refusal = *reason;
        PacketWriter reject(Code::access_reject, 0);
        const auto text = policy.reply_messages.of(*reason);
        if (!text.empty()) reject.add(attr::reply_message, text);
        explanation.reply = attributes_of(reject, dictionary);
    } else {
        PacketWriter accept(Code::access_accept, 0);
        const Authenticator request{};
        Digests digests;
        Sealer sealer(request, nobodys_secret, 0, digests);
        const auto& grant = std::get<Grant>(decision);
        add_grant(accept, grant);
        add_profile_attributes(accept, grant, 0, sealer);
        explanation.reply = attributes_of(accept, dictionary);
    }
    return explanation;
}

}  // namespace hourglass::radius
