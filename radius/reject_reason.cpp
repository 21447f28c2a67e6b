#include "radius/reject_reason.hpp"

#include <algorithm>
#include <array>

namespace hourglass::radius {
namespace {

struct RejectRow {
    std::string_view name;
    std::string_view text;
};

constexpr auto rows = std::to_array<RejectRow>({
#define REJECT(reason, text) {#reason, text},
#include "radius/rejects.def"
#undef REJECT
});

const RejectRow& row_of(RejectReason reason) {
    return rows[static_cast<std::size_t>(reason)];
}

std::string_view standard_text(RejectReason reason, ReplyMessages::Use use) {
    if (use == ReplyMessages::Use::off) return {};
    return use == ReplyMessages::Use::full ? row_of(reason).text : reply_message(reason);
}

}  // namespace

std::string_view name_of(RejectReason reason) {
    return row_of(reason).name;
}

std::optional<RejectReason> find_reject_reason(std::string_view name) {
    const auto found = std::ranges::find(rows, name, &RejectRow::name);
    return found == rows.end() ? std::nullopt
                               : std::optional(static_cast<RejectReason>(found - rows.begin()));
}

std::string_view reply_message(RejectReason reason) {
    switch (reason) {
        case RejectReason::inactive:
        case RejectReason::organization_inactive:
        case RejectReason::expired:
        case RejectReason::no_profile_applies:
        case RejectReason::no_time_left:
        case RejectReason::outside_login_time:
        case RejectReason::too_many_sessions:
        case RejectReason::balance_held:
            return row_of(reason).text;
        default:
            return {};
    }
}

ReplyMessages::ReplyMessages(Use use, const OwnWords& own_words) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto standard = standard_text(static_cast<RejectReason>(i), use);
        const auto own = own_words.find(std::string(rows[i].name));
        texts_.emplace_back(standard.empty() || own == own_words.end() ? standard : own->second);
    }
    // Whatever the operator writes, nobody learns by it which users there are.
    texts_[static_cast<std::size_t>(RejectReason::unknown_user)] = of(RejectReason::wrong_password);
}

std::string_view ReplyMessages::of(RejectReason reason) const {
    return texts_[static_cast<std::size_t>(reason)];
}

}  // namespace hourglass::radius
