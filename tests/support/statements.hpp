// What the entries of a statement add up to.
#pragma once

#include "store/statement.hpp"

namespace hourglass::test {

struct Sums {
    std::int64_t credited{};
    std::int64_t charged{};

    void add(const store::Credit& credit) { credited += credit.seconds.count(); }
    void add(const store::Session& session) { charged += session.charged.count(); }
    void add(const store::ForgottenCharges& forgotten) { charged += forgotten.charged.count(); }
};

inline Sums sums_of(const store::Statement& statement) {
    Sums sums;
    for (const auto& entry : statement.entries)
        std::visit([&](const auto& each) { sums.add(each); }, entry);
    return sums;
}

}  // namespace hourglass::test
