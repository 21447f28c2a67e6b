#include "radius/explanation.hpp"

#include "radius/access_reply.hpp"

namespace hourglass::radius {
namespace {

// Signed by nobody for nobody: only its attributes are looked at.
std::vector<AttributeText> attributes_of(PacketWriter& reply) {
    Digests digests;
    const auto bytes = reply.sign(Authenticator{}, "nobody", digests);
    if (!bytes) return {};
    const auto packet = decode(*bytes);
    return packet ? show_attributes(*packet) : std::vector<AttributeText>();
}

}  // namespace

std::vector<CheckOutcome> outcomes_of(const Login& login) {
    std::vector<CheckOutcome> outcomes;
    for (const auto& check : login_checks()) {
        const bool is_passed = !check.refusal(login);
        outcomes.push_back({check.name, is_passed, check.finding(login)});
    }
    return outcomes;
}

Explanation explain(const Login& login, const Policy& policy) {
    Explanation explanation;
    explanation.checks = outcomes_of(login);

    const auto decision = authorize(login, policy);
    if (const auto* reason = std::get_if<RejectReason>(&decision)) {
        explanation.refusal = *reason;
        PacketWriter reject(Code::access_reject, 0);
        if (const auto text = reply_message(*reason); !text.empty()) reject.add(attr::reply_message, text);
        explanation.reply = attributes_of(reject);
    } else {
        PacketWriter accept(Code::access_accept, 0);
        add_grant(accept, std::get<Grant>(decision));
        explanation.reply = attributes_of(accept);
    }
    return explanation;
}

}  // namespace hourglass::radius
