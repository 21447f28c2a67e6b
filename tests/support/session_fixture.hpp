// Reports of sessions, and the lists they end up in.
#pragma once

#include "tests/support/store_fixture.hpp"

#include <set>

namespace hourglass::test {

struct SessionFixture : StoreFixture {
    using StoreFixture::StoreFixture;

    // Of the NAS "nas", also called "lab", at `at` seconds from `now`.
    store::AccountingRecord report(std::string username, std::string session_id,
                                   store::AccountingStatus status, std::chrono::seconds at,
                                   std::chrono::seconds time = {}) const {
        store::AccountingRecord record;
        record.status = status;
        record.username = std::move(username);
        record.nas = "nas";
        record.session_id = std::move(session_id);
        record.received_at = now + at;
        record.event_time = now + at;
        record.session_time = time;
        record.details = encode(store::SessionDetails{.nas_identifier = "lab"});
        return record;
    }

    store::Applied apply(std::string username, std::string session_id, store::AccountingStatus status,
                         std::chrono::seconds at, std::chrono::seconds time = {}) {
        return must(store.ledger.apply(report(std::move(username), std::move(session_id), status, at, time)));
    }

    // The whole list, put together from pages.
    std::vector<store::UserSession> list(const store::SessionFilter& filter, std::uint64_t limit = 20,
                                         std::string from = {}) {
        std::vector<store::UserSession> sessions;
        do {
            auto page = must(store.sessions.list(filter, from, limit));
            BOOST_TEST(page.sessions.size() <= limit);
            std::ranges::move(page.sessions, std::back_inserter(sessions));
            from = page.next;
        } while (!from.empty());
        return sessions;
    }

    store::UserSession only_session(const store::SessionFilter& filter) {
        auto sessions = list(filter);
        BOOST_REQUIRE(sessions.size() == 1);
        return std::move(sessions.front());
    }

    static std::set<store::SessionId> ids_of(const std::vector<store::UserSession>& sessions) {
        std::set<store::SessionId> ids;
        for (const auto& each : sessions)
            ids.insert(each.session.id);
        return ids;
    }
};

}  // namespace hourglass::test
