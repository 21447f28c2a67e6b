#include "cli/disconnect_outcome.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

namespace hourglass::cli {

namespace {

struct Outcome {
    std::string_view word;  // of the API
    bool is_good;
    std::string_view sentence;
};

constexpr std::array outcomes{
    Outcome{"requested",    false, "no answer yet; the daemon goes on asking"                 },
    Outcome{"acknowledged", true,  "acknowledged (Disconnect-ACK): the NAS will end it"       },
    Outcome{"confirmed",    true,  "over"                                                     },
    Outcome{"refused",      false, "refused (Disconnect-NAK"                                  },
    Outcome{"unreachable",  false,
            "no answer: is the NAS's port for Disconnect-Requests open, and the secret right?"},
    Outcome{"unsupported",  false,
            "not asked: the NAS takes no Disconnect-Requests, says `hourglass nas show`"      },
};

struct ErrorCause {
    std::int64_t value;
    std::string_view name;
};

// RFC 5176 section 3.5.
constexpr std::array error_causes{
    ErrorCause{201, "Residual Session Context Removed"      },
    ErrorCause{202, "Invalid EAP Packet"                    },
    ErrorCause{401, "Unsupported Attribute"                 },
    ErrorCause{402, "Missing Attribute"                     },
    ErrorCause{403, "NAS Identification Mismatch"           },
    ErrorCause{404, "Invalid Request"                       },
    ErrorCause{405, "Unsupported Service"                   },
    ErrorCause{406, "Unsupported Extension"                 },
    ErrorCause{407, "Invalid Attribute Value"               },
    ErrorCause{501, "Administratively Prohibited"           },
    ErrorCause{502, "Request Not Routable"                  },
    ErrorCause{503, "Session Context Not Found"             },
    ErrorCause{504, "Session Context Not Removable"         },
    ErrorCause{505, "Other Proxy Processing Error"          },
    ErrorCause{506, "Resources Unavailable"                 },
    ErrorCause{507, "Request Initiated"                     },
    ErrorCause{508, "Multiple Session Selection Unsupported"},
};

bool is_running(const Json& session) {
    return session.value("session_status", "") == "active";
}

// Nothing is noted of a session that had ended before anybody asked.
std::string outcome_word(const Json& session) {
    const auto disconnect = session.value("disconnect", Json{});
    if (disconnect.is_object()) return disconnect.value("outcome", "");
    return is_running(session) ? "requested" : "confirmed";
}

std::string cause_of(const Json& session) {
    const auto cause = session.value("disconnect", Json{}).value("error_cause", Json{});
    if (!cause.is_number_integer()) return ", without a reason)";
    const auto known = std::ranges::find(error_causes, cause.get<std::int64_t>(), &ErrorCause::value);
    const auto name = known == error_causes.end() ? std::string() : " " + std::string(known->name);
    return ", Error-Cause " + cause.dump() + name + ")";
}

}  // namespace

bool is_disconnect_pending(const Json& session) {
    return is_running(session) && outcome_word(session) == "requested";
}

bool is_disconnect_good(const Json& session) {
    const auto outcome = std::ranges::find(outcomes, outcome_word(session), &Outcome::word);
    return !is_running(session) || (outcome != outcomes.end() && outcome->is_good);
}

std::string disconnect_outcome(const Json& session) {
    const auto word = outcome_word(session);
    const auto outcome = std::ranges::find(outcomes, word, &Outcome::word);
    if (outcome == outcomes.end()) return word;
    return std::string(outcome->sentence) + (word == "refused" ? cause_of(session) : std::string());
}

}  // namespace hourglass::cli
