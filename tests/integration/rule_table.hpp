// The rules of the API as plain text, tests/data/api_rules/*.txt: what is asked, "->", what must come back.
//
//     # What follows a # explains.
//     POST /user_token/ {"username": "ann", "password": "x", "organization": 1} -> 201 {"id": "<id>"}
//         > Accept: text/html            a header of the request; "<none>" takes a usual one away
//         < ETag: <any>                  a header of the reply; "<none>": it must not be there
//         $ann = /id                     keeps a part of the reply's JSON, or a header of it by its name
//     PATCH /user_token/$ann/ {"email": 5} -> 400 {"email": ["Enter a valid email address."]}
//     {"email": null} -> 200 {"email": null}                 the method and the path of the row before
//     ACCT User-Name=ann,Acct-Status-Type=Start -> Accounting-Response             by radclient; AUTH
//     likewise $date = 2030-01-01T00:00:00Z                           a text by a name RAW octets on a
//     connection of their own
//         | GET /api/v1/me/ HTTP/1.1     a line, ended by CR LF
//         . {"a":                        octets, and no line end
//         -> 400
//         -> closed
//
// Paths are those below /api/v1; "=/healthz" is one as it stands. In a reply, objects may have more members
// than the rule names, unless its status is 400 or more or "->" is "=>", which compares all of it in its
// order.
// A reply that is no JSON is compared as text. "<any>" stands for any value or part of a text, "<id>" for a
// number from 1 on, "<time>" for a time in UTC.
// "<x*9>" is nine times x, "<0xFF>" that octet.
#pragma once

#include "tests/integration/http_wire.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace hourglass::test {

struct ExpectedReply {
    std::string status;  // "200", "closed", or the name of a RADIUS packet
    std::string body;    // JSON; empty: nothing is said of it
    bool is_exact{};
};

struct Rule {
    std::string place;   // file:line
    std::string method;  // of HTTP, or ACCT, AUTH, RAW, "$"
    std::string path;    // or the attributes of RADIUS, or the name of a text
    std::string body;    // or the octets of RAW, or that text
    HeaderFields headers;
    std::vector<ExpectedReply> replies;
    HeaderFields expected_headers;
    HeaderFields kept;  // variable, and what it is taken from
};

// Throws std::runtime_error that names the line that is no rule.
std::vector<Rule> read_rules(const std::filesystem::path& file);

}  // namespace hourglass::test
