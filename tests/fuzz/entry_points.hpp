// What strangers may feed us, each as one function of octets: must neither crash, nor hang, nor trip a
// sanitizer, whatever the octets are.
#pragma once

#include "radius/bytes.hpp"

#include <array>
#include <string_view>

namespace hourglass::fuzz {

// A datagram as it comes off the wire, taken for a request of any kind.
void read_datagram(radius::Bytes octets);
// Attributes without a header, put into an Access- and an Accounting-Request that are authentic: what lies
// behind the authenticators.
void read_attributes(radius::Bytes octets);

// A datagram that comes back from a NAS, as it is and as an answer that is authentic.
void read_answer(radius::Bytes octets);

// A file of the journal after a disk had its way with it, and an entry whose checksum is right.
void read_journal(radius::Bytes octets);

// Attributes of an Accounting-Request that is authentic, on their way into the ledger's and the journal's
// words.
void read_accounting(radius::Bytes octets);

// The body of a POST, PUT or PATCH; the first octet says which, and of what.
void read_body(radius::Bytes octets);
// What stands behind the "?" of a URL.
void read_query(radius::Bytes octets);
// What a client sends until its header is complete.
void read_http_head(radius::Bytes octets);
// A file of settings.
void read_settings(radius::Bytes octets);
// A line with the name of a session's field, and texts of a session, of its details, and of an account.
void read_stored(radius::Bytes octets);

// A dictionary file, which may include itself.
void read_dictionary(radius::Bytes octets);
// Attributes of every kind without a packet's header; and an attribute as text, its name in the first line.
void read_values(radius::Bytes octets);

// Throws std::logic_error if not: the input has shown a bug.
void require(bool holds, const char* what);

struct EntryPoint {
    std::string_view name;  // and folder in the corpus
    void (*run)(radius::Bytes octets);
    bool has_length;  // in octets 2 and 3
};

inline constexpr std::array entry_points{
    EntryPoint{"datagram",   read_datagram,   true },
    EntryPoint{"attributes", read_attributes, false},
    EntryPoint{"answer",     read_answer,     true },
    EntryPoint{"journal",    read_journal,    false},
    EntryPoint{"accounting", read_accounting, false},
    EntryPoint{"body",       read_body,       false},
    EntryPoint{"query",      read_query,      false},
    EntryPoint{"http_head",  read_http_head,  false},
    EntryPoint{"settings",   read_settings,   false},
    EntryPoint{"stored",     read_stored,     false},
    EntryPoint{"dictionary", read_dictionary, false},
    EntryPoint{"values",     read_values,     false},
};

}  // namespace hourglass::fuzz
