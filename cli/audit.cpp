#include "cli/audit.hpp"

#include "cli/failure.hpp"
#include "cli/row_counter.hpp"
#include "cli/show.hpp"

namespace hourglass::cli {

namespace {

constexpr auto audit_path = "/audit/";

std::uint64_t count_in(const Json& record, const char* name) {
    const auto found = record.find(name);
    return found != record.end() && found->is_number_unsigned() ? found->get<std::uint64_t>() : 0;
}

}  // namespace

AuditResult AuditReader::run(Api& api, const Query& query) {
    JsonLines lines([&](const Json& line) { take(line); });
    api.download(audit_path, query, [&](std::string_view piece) { lines.take(piece); });
    if (!result_)
        throw Failure(ExitStatus::unavailable, "The daemon broke off before the audit was complete.");
    return *result_;
}

void AuditReader::take(const Json& line) {
    if (const auto violation = line.find("violation"); violation != line.end()) take_violation(*violation);
    if (const auto progress = line.find("progress"); progress != line.end()) {
        const auto cursor = progress->value("cursor", Json{});
        if (cursor.is_string()) cursor_ = cursor.get<std::string>();
        take_progress(*progress);
    }
    if (const auto summary = line.find("summary"); summary != line.end()) {
        result_ = {.checked = count_in(*summary, "checked"), .violations = count_in(*summary, "violations")};
    }
}

std::string violation_text(const Json& violation) {
    const auto part = [&](const char* name) { return shown(violation.value(name, Json{})); };
    return part("username") + " (user " + part("user") + ", organization " + part("organization") +
           "): " + part("kind") + ": " + part("detail");
}

}  // namespace hourglass::cli
