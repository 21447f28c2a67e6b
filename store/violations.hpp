// What must hold of a user's ledger and of the indexes that lead to it; each thing that does not is a
// violation, with the numbers. Pure: what was read goes in, sentences come out.
#pragma once

#include "store/holdings.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace hourglass::store {

enum class ViolationKind : std::uint8_t {
#define VIOLATION(kind) kind,
#include "store/violations.def"
#undef VIOLATION
};
std::string_view name_of(ViolationKind kind);

struct Violation {
    ViolationKind kind{};
    std::string subject;   // which session, credit or index; empty: the account
    std::string sentence;  // with the numbers

    // The same trouble seen again, whatever the numbers are by now.
    bool is_same(const Violation& other) const { return kind == other.kind && subject == other.subject; }
};

// "session 3 (s1 at lab)"
std::string describe(const Session& session);

// What the keys of one user say by themselves: no other key is needed, and no time must pass, to be sure.
std::vector<Violation> violations_of(const Holdings& holdings);

}  // namespace hourglass::store
