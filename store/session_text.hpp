// Sessions as they lie in Redis: the field that names one, the packed text that the script apply_accounting
// keeps of it, and its details.
#pragma once

#include "store/ledger.hpp"

namespace hourglass::store {

// "s", then the NAS and the Acct-Session-Id, each behind its length: no two pairs make one field, and none
// looks like the other fields of an account.
std::string session_field(std::string_view nas, std::string_view session_id);

// Whether such a field, or that of an earlier stay, is meant.
bool names_session(std::string_view field);

// What is kept of a session under `field`; closed ones of earlier stays are under "<field>#<number>".
// Whose it is is not in there, and `details` come apart. nullopt if it cannot be read.
std::optional<Session> parse_session(std::string_view field, std::string_view text);

// When the last report of an open session arrived, from its text.
Time heard_in(std::string_view text);

// False if the lists may miss the session, from its text.
bool is_listed(std::string_view text);

// As encode() in session_details.hpp writes them.
std::optional<SessionDetails> parse_details(std::string_view text);

// Tells whether details have changed: FNV-1a of their encoding, in hexadecimal.
std::string fingerprint(std::string_view encoded_details);

}  // namespace hourglass::store
