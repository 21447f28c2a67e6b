// What can go wrong in the store. After Error::unavailable the outcome of a write is unknown; every write is
// safe to repeat.
#pragma once

#include "store/result.hpp"

#include <type_traits>

namespace hourglass::store {

enum class Error {
    unavailable = 1,       // no connection, time limit passed, or Redis refused for a reason of its own
    not_found,             // no such record
    name_taken,            // another user has this user name
    already_exists,        // the parent has a user_extra record already
    parent_not_found,      // a user_extra for a user that does not exist
    session_running,       // the user has a running session, so he is not deleted
    insufficient_balance,  // a debit would take the balance below zero
    excessive_balance,     // a credit would take it beyond balance_max
    version_changed,       // the record is no longer of the version that the write was meant for
    key_reused,            // an idempotency key came with another request than the first time
    not_metered,           // a credit for a user whose time is not metered
    id_taken,              // another organization is described under this id
    name_in_use,           // another NAS or profile has this name
    address_in_use,        // another NAS has this address
    corrupt,               // Redis holds something that this version cannot read
};

const boost::system::error_category& error_category();

inline error_code make_error_code(Error error) {
    return {static_cast<int>(error), error_category()};
}

}  // namespace hourglass::store

template <>
struct boost::system::is_error_code_enum<hourglass::store::Error> : std::true_type {};
