// The API's audit as those who ask for one see it: violations as they are found, and where it can go on.
#pragma once

#include "cli/api.hpp"

#include <functional>

namespace hourglass::cli {

struct AuditResult {
    std::uint64_t checked{};
    std::uint64_t violations{};
};

class AuditReader {
public:
    // Given each line of kind "violation" and of kind "progress".
    std::function<void(const Json& violation)> take_violation;
    std::function<void(const Json& progress)> take_progress = [](const Json&) {};

    // Throws Failure, also when the reply ends before the audit does.
    AuditResult run(Api& api, const Query& query);
    // Where the next one may go on; empty: at the beginning.
    const std::string& cursor() const { return cursor_; }

private:
    void take(const Json& line);

    std::string cursor_;
    std::optional<AuditResult> result_;
};

// "ann (user 17, organization 1): consumed_differs: Consumed is …"
std::string violation_text(const Json& violation);

}  // namespace hourglass::cli
