#include "radius/dynamic_authorization.hpp"

#include "store/decimal.hpp"

#include <algorithm>

namespace hourglass::radius::dynamic_authorization {
namespace {

using boost::asio::ip::address;

// What an Error-Cause means for us (RFC 5176 section 3.5).
struct ErrorCauseRow {
    std::uint32_t error_cause;
    bool is_session_gone;
    bool may_more_identifiers_help;
    bool may_disconnect_help;  // in the place of a CoA-Request
};
constexpr std::uint32_t unsupported_attribute = 401;
constexpr auto error_causes = std::to_array<ErrorCauseRow>({
    {201,                   true,  false, false}, // Residual-Session-Context-Removed, in an ACK
    {unsupported_attribute, false, false, true },
    {402,                   false, true,  true }, // Missing-Attribute
    {404,                   false, true,  true }, // Invalid-Request
    {405,                   false, false, true }, // Unsupported-Service
    {406,                   false, false, true }, // Unsupported-Extension
    {407,                   false, false, true }, // Invalid-Attribute-Value
    {501,                   false, false, true }, // Administratively-Prohibited
    {503,                   true,  true,  false}, // Session-Context-Not-Found
    {508,                   false, true,  true }, // Multiple-Session-Selection-Unsupported
});
// strongSwan gives no reason for any of its refusals.
constexpr ErrorCauseRow no_reason{0, false, true, true};
// All others are about the NAS or the way to it; another packet would meet the same.
constexpr ErrorCauseRow other_reason{0, false, false, false};

const ErrorCauseRow& meaning_of(const Answer& answer) {
    if (!answer.error_cause) return no_reason;
    const auto row = std::ranges::find(error_causes, *answer.error_cause, &ErrorCauseRow::error_cause);
    return row != error_causes.end() ? *row : other_reason;
}

bool has_more_identifiers(const SessionIdentity& session) {
    return session.nas_port || session.framed_address || !session.called_station_id.empty() ||
           !session.nas_port_id.empty() || !session.klass.empty();
}

Outcome outcome_of(Kind kind, const std::optional<Answer>& answer) {
    using enum Outcome::Result;
    if (!answer) return {unreachable, kind, {}};
    const bool is_gone = answer->error_cause && meaning_of(*answer).is_session_gone;
    if (is_gone) return {session_gone, kind, answer->error_cause};
    return {answer->is_acknowledgement ? acknowledged : refused, kind, answer->error_cause};
}

std::optional<address> parse_address(const std::string& text) {
    boost::system::error_code failure;
    auto parsed = boost::asio::ip::make_address(text, failure);
    if (failure) return std::nullopt;
    return parsed;
}

}  // namespace

SessionIdentity identity_of(std::string user_name, std::string acct_session_id,
                            const store::SessionDetails& details) {
    // The ledger keeps NAS-Port, and NAS-Port-Id where there is none, in one place.
    const auto nas_port = store::parse_decimal<std::uint32_t>(details.nas_port);
    return {
        .user_name = std::move(user_name),
        .acct_session_id = std::move(acct_session_id),
        .nas_identifier = details.nas_identifier,
        .nas_address = parse_address(details.nas_ip_address),
        .calling_station_id = details.calling_station_id,
        .called_station_id = details.called_station_id,
        .nas_port = nas_port,
        .nas_port_id = nas_port ? std::string() : details.nas_port,
        .framed_address = parse_address(details.framed_ip_address),
        .klass = {},
    };
}

AttributeChange change(Attribute<Integer> attribute, std::uint32_t value) {
    const auto octets = integer_octets(value);
    return {
        attribute.type, {octets.begin(), octets.end()}
    };
}

AttributeChange change(Attribute<Text> attribute, std::string_view value) {
    return {
        attribute.type, {value.begin(), value.end()}
    };
}

std::string_view name_of(Outcome::Result result) {
    constexpr auto names = std::to_array<std::string_view>({
#define OUTCOME(result) #result,
#include "radius/outcomes.def"
#undef OUTCOME
    });
    return names[static_cast<std::size_t>(result)];
}

std::optional<Outcome> Course::conclude(const Request& request, std::optional<Answer> answer) {
    if (answer && answer->is_acknowledgement) return outcome_of(step_.kind, answer);

    // That a NAS has no use for the further identifiers takes nothing from what it said before.
    if (to_essential_ && (!answer || answer->error_cause == unsupported_attribute)) answer = to_essential_;

    const bool may_more_identifiers_help = step_.identifiers == Identifiers::essential && answer &&
                                           has_more_identifiers(request.session) &&
                                           meaning_of(*answer).may_more_identifiers_help;
    if (may_more_identifiers_help) {
        to_essential_ = answer;
        step_.identifiers = Identifiers::all;
        return std::nullopt;
    }
    const bool may_disconnect_help = step_.kind == Kind::coa && request.disconnect_if_unsupported &&
                                     (!answer || meaning_of(*answer).may_disconnect_help);
    if (may_disconnect_help) {
        to_essential_.reset();
        step_ = {Kind::disconnect};
        return std::nullopt;
    }
    return outcome_of(step_.kind, answer);
}

}  // namespace hourglass::radius::dynamic_authorization
