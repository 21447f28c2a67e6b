// Why an Access-Request is refused, and what the user may be told of it as Reply-Message (RFC 2865
// section 5.18).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hourglass::radius {

enum class RejectReason : std::uint8_t {
#define REJECT(reason, text) reason,
#include "radius/rejects.def"
#undef REJECT
};

std::string_view name_of(RejectReason reason);  // "no_time_left"
std::optional<RejectReason> find_reject_reason(std::string_view name);

// A sentence for the user: only of reasons that a peer learns of after it has proved to know the password;
// empty for the others.
std::string_view reply_message(RejectReason reason);

// What is said of each reason, by the operator's settings.
class ReplyMessages {
public:
    enum class Use : std::uint8_t {
        off,
        safe,  // as reply_message() has it
        full,  // of every reason; an unknown user is told what a wrong password is told
    };
    using OwnWords = std::map<std::string, std::string>;  // by the name of the reason

    ReplyMessages() : ReplyMessages(Use::safe, {}) {}
    ReplyMessages(Use use, const OwnWords& own_words);

    std::string_view of(RejectReason reason) const;  // empty: nothing

private:
    std::vector<std::string> texts_;  // by reason
};

}  // namespace hourglass::radius
