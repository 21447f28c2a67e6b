// What Redis has of a user, read past all faults, and whether what is read from several places agrees.
#pragma once

#include "tests/simulation/ledger_model.hpp"
#include "tests/support/store_fixture.hpp"

namespace hourglass::test {

Account read_account(StoreFixture& fixture, const store::UserTag& tag, store::Time now);

// Each throws Violation.
// The NAS's list names each running session, the organization's each one.
void check_lists(StoreFixture& fixture, const LedgerModel& model, std::size_t user, const store::UserTag& tag,
                 store::OrganizationId organization, const Account& account);
// Whoever has running sessions is due in time, or a daemon has him.
void check_deadline(const Account& account, std::optional<store::Time> expiration, store::Time now,
                    const std::string& name);
// All entries add up to the account.
void check_statement(StoreFixture& fixture, store::UserId user);

}  // namespace hourglass::test
