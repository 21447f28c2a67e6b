#include "store/statement.hpp"

#include <algorithm>
#include <iterator>
#include <tuple>

namespace hourglass::store {
namespace {

bool is_newer(const Session& a, const Session& b) {
    return std::tie(a.started, a.number) > std::tie(b.started, b.number);
}

bool is_before(const Session& session, const StatementPosition& position) {
    return std::tie(session.started, session.number) < std::tie(position.session_started, position.session);
}

}  // namespace

Statement make_page(std::vector<Credit> credits, std::vector<Session> sessions, Seconds forgotten,
                    StatementPosition from, std::uint64_t limit) {
    std::sort(sessions.begin(), sessions.end(), &is_newer);
    auto credit = std::find_if(credits.begin(), credits.end(),
                               [&](const Credit& each) { return each.number < from.credit; });
    auto session = std::find_if(sessions.begin(), sessions.end(),
                                [&](const Session& each) { return is_before(each, from); });

    Statement page;
    auto position = from;
    while (page.entries.size() < limit && (credit != credits.end() || session != sessions.end())) {
        const bool is_credit =
            session == sessions.end() || (credit != credits.end() && credit->time >= session->started);
        if (is_credit) {
            position.credit = credit->number;
            page.entries.emplace_back(std::move(*credit++));
        } else {
            position.session_started = session->started;
            position.session = session->number;
            page.entries.emplace_back(std::move(*session++));
        }
    }

    const bool is_room_left = page.entries.size() < limit;
    const bool has_forgotten = forgotten > Seconds(0);
    if (is_room_left && has_forgotten) page.entries.emplace_back(ForgottenCharges{forgotten});
    const bool is_more =
        credit != credits.end() || session != sessions.end() || (has_forgotten && !is_room_left);
    if (is_more) page.next = position;
    return page;
}

}  // namespace hourglass::store
