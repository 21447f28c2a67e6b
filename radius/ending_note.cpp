#include "radius/ending_note.hpp"

#include "radius/dynamic_authorization_exchanges.hpp"

#include <algorithm>
#include <array>

namespace hourglass::radius::ending {
namespace {

using store::Disconnect;
using store::DisconnectOutcome;
using store::Seconds;
using store::Time;

// Who asked for an end that nobody asked for.
constexpr std::string_view nobody = "deadline";
constexpr std::uint32_t doublings_max = 8;
static_assert(retry_delay_min * (1 << doublings_max) >= retry_delay_max);
static_assert(request_lease >
              2 * RetransmissionLimits{}.duration_max + dynamic_authorization::Limits{}.identifier_rest);

constexpr auto reason_names = std::to_array<std::string_view>({
#define ENDING(reason, sentence) #reason,
#include "radius/ending_reasons.def"
#undef ENDING
});

static_assert(reason_names[static_cast<std::size_t>(Reason::requested)] == store::requested_reason);

Seconds retry_delay(std::uint32_t attempts) {
    const auto doublings = std::min(std::max(attempts, 1u) - 1, doublings_max);
    return std::min(retry_delay_min * (std::int64_t{1} << doublings), retry_delay_max);
}

Disconnect wish(const Noted& noted, std::string_view reason, Time now) {
    Disconnect wish{.requested_at = now, .by = std::string(nobody)};
    if (noted && noted->reason == reason) wish = *noted;
    wish.reason = reason;
    wish.answered_at.reset();
    wish.error_cause = 0;
    return wish;
}

}  // namespace

std::string_view name_of(Reason reason) {
    return reason_names[static_cast<std::size_t>(reason)];
}

bool is_asked_for(const Noted& noted) {
    return noted && noted->outcome != DisconnectOutcome::unsupported &&
           noted->reason == store::requested_reason;
}

bool is_confined(const Noted& noted) {
    return noted && noted->reason == confined;
}

Disconnect begun(const Noted& noted, std::string_view reason, Time now) {
    auto begun = wish(noted, reason, now);
    begun.outcome = DisconnectOutcome::requested;
    ++begun.attempts;
    begun.next_attempt = now + request_lease;
    return begun;
}

Disconnect concluded(Disconnect begun, const dynamic_authorization::Outcome& outcome, Time now) {
    using enum dynamic_authorization::Outcome::Result;
    const auto answered = [&](DisconnectOutcome meaning, Seconds delay) {
        begun.outcome = meaning;
        begun.answered_at = now;
        begun.error_cause = outcome.error_cause.value_or(0);
        begun.next_attempt = now + delay;
    };
    const auto delay = retry_delay(begun.attempts);
    const bool is_confinement = begun.reason == confined;
    if (is_confinement && outcome.kind == dynamic_authorization::Kind::disconnect)
        begun.reason = name_of(Reason::exhausted);
    switch (outcome.result) {
        case acknowledged:
            answered(DisconnectOutcome::acknowledged, delay);
            break;
        case refused:
            answered(DisconnectOutcome::refused, delay);
            break;
        case session_gone:
            answered(DisconnectOutcome::confirmed, stop_grace);
            break;
        case unreachable:
        case unsendable:
            begun.outcome = DisconnectOutcome::unreachable;
            begun.next_attempt = now + delay;
            break;
        case overloaded:
            begun.next_attempt = now + delay;
            break;
        case shutting_down:
            begun.next_attempt = now;
            break;
    }
    return begun;
}

Disconnect impossible(const Noted& noted, std::string_view reason, Time now) {
    auto impossible = wish(noted, reason, now);
    impossible.outcome = DisconnectOutcome::unsupported;
    impossible.next_attempt.reset();
    return impossible;
}

Disconnect free_again(Disconnect noted) {
    noted.outcome = DisconnectOutcome::confirmed;
    noted.reason = released;
    noted.next_attempt.reset();
    return noted;
}

}  // namespace hourglass::radius::ending
