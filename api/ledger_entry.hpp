// One change of a balance as replies show it, whoever made it: an administrator or a session.
#pragma once

#include "api/description.hpp"
#include "store/statement.hpp"

namespace hourglass::api {

extern const Record ledger_entry_record;

json show_ledger_entry(const store::StatementEntry& entry);

}  // namespace hourglass::api
