#include "api/audit.hpp"

#include "api/filters.hpp"
#include "api/problem.hpp"
#include "api/transfer.hpp"
#include "store/audit.hpp"
#include "store/pause.hpp"

#include <algorithm>
#include <stdexcept>

namespace hourglass::api {
namespace {

using Clock = std::chrono::steady_clock;

// Users a second. The default keeps Redis busy for some hundredths of the time.
constexpr std::int64_t rate_default = 1000;
constexpr std::int64_t rate_max = 20'000;

constexpr std::chrono::seconds progress_interval{1};
constexpr std::chrono::milliseconds look_up_interval{200};  // whether the daemon is ending
constexpr std::chrono::seconds store_wait_max{30};          // for a Redis that is away
constexpr int tries_max = 10;                               // of one step, with a Redis that comes and goes

constexpr std::string_view after_parameter = "after";
constexpr std::string_view rate_parameter = "rate";
constexpr std::string_view organization_parameter = "organization";

struct Job {
    store::Store& store;
    store::Audit audit;
    std::int64_t rate;
    TransferPlace place;
    AuditCounts& counts;    // of all audits
    std::uint64_t users{};  // to be checked, as the lists say
    std::uint64_t checked{};
    std::uint64_t violations{};
};

std::string line(const char* name, json content) {
    return to_text({
               {name, std::move(content)}
    }) +
           "\n";
}

json text_or_null(const std::string& text) {
    return text.empty() ? json(nullptr) : json(text);
}

json number_or_null(std::int64_t number) {
    return number == 0 ? json(nullptr) : json(number);
}

std::string violation_line(const store::AuditFinding& finding) {
    return line("violation", {
                                 {"kind",         store::name_of(finding.violation.kind)},
                                 {"user",         number_or_null(finding.user)          },
                                 {"username",     text_or_null(finding.username)        },
                                 {"organization", number_or_null(finding.organization)  },
                                 {"detail",       finding.violation.sentence            },
    });
}

std::string progress_line(const Job& job) {
    return line("progress", {
                                {"checked",    job.checked                        },
                                {"of",         job.users                          },
                                {"violations", job.violations                     },
                                {"cursor",     store::encode(job.audit.position())},
    });
}

std::string summary_line(const Job& job) {
    return line("summary", {
                               {"checked",    job.checked   },
                               {"violations", job.violations},
    });
}

// Reading again does no harm. Throws when there is no going on: the client sees that the reply is cut short.
template <class Value>
awaitable<Value> ask_until_answered(Job& job, awaitable<result<Value>> (*ask)(Job&)) {
    for (int tries = 1;; ++tries) {
        auto answer = co_await ask(job);
        if (answer) co_return *std::move(answer);
        const bool is_away = answer.error() == store::Error::unavailable;
        if (!is_away || tries == tries_max || !co_await job.store.redis.wait_until_ready(store_wait_max)) {
            throw std::runtime_error("audit: " + answer.error().message());
        }
        co_await pause(look_up_interval);
    }
}

awaitable<result<std::uint64_t>> count(Job& job) {
    return job.audit.count();
}

awaitable<result<store::Audit::Step>> step(Job& job) {
    return job.audit.step(std::chrono::floor<store::Seconds>(std::chrono::system_clock::now()));
}

// So long that what was read keeps to the rate. False: nobody wants more.
awaitable<bool> keep_pace(Clock::time_point begun_at, std::uint64_t reads, std::int64_t rate,
                          BodyWriter& writer) {
    const std::chrono::duration<double> time(static_cast<double>(reads) / static_cast<double>(rate));
    const auto due_at = begun_at + std::chrono::duration_cast<Clock::duration>(time);
    while (writer.is_wanted() && Clock::now() < due_at) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(due_at - Clock::now());
        co_await pause(std::min(left, look_up_interval));
    }
    co_return writer.is_wanted();
}

awaitable<void> write_findings(std::shared_ptr<Job> job, BodyWriter& writer) {
    job->users = co_await ask_until_answered(*job, &count);
    auto told_at = Clock::now();
    if (!co_await writer.write(progress_line(*job))) co_return;

    for (bool is_complete = false; !is_complete;) {
        const auto begun_at = Clock::now();
        const auto found = co_await ask_until_answered(*job, &step);
        job->checked += found.checked;
        job->violations += found.findings.size();
        job->counts.checked += found.checked;
        job->counts.violations += found.findings.size();
        is_complete = found.is_complete;

        std::string lines;
        for (const auto& finding : found.findings)
            lines += violation_line(finding);
        if (is_complete) {
            lines += summary_line(*job);
        } else if (!lines.empty() || Clock::now() - told_at >= progress_interval) {
            lines += progress_line(*job);
            told_at = Clock::now();
        }
        if (!lines.empty() && !co_await writer.write(std::move(lines))) co_return;
        if (!is_complete && !co_await keep_pace(begun_at, found.reads, job->rate, writer)) co_return;
    }
}

Checked<std::int64_t> read_rate(const Query& query) {
    const auto rate = read_id_filter(query, rate_parameter);
    if (!rate) return rate.error();
    const auto users = rate->value_or(rate_default);
    if (users < 1 || users > rate_max) {
        return field_problem(rate_parameter, "Enter a number from 1 to " + std::to_string(rate_max) + ".");
    }
    return users;
}

Checked<store::AuditPosition> read_position(const Query& query) {
    const auto text = query.find(after_parameter);
    if (!text) return store::AuditPosition();
    const auto position = store::parse_audit_position(*text);
    if (!position) return field_problem(after_parameter, "This is not the cursor of an audit.");
    return *position;
}

constexpr auto options = std::to_array<Parameter>({
    {integer(organization_parameter),                       "Users of this organization."                  },
    {text(after_parameter),                                 "Goes on from the `cursor` of a progress line."},
    {integer(rate_parameter).at_least(1).at_most(rate_max), "Users a second; 1000 if it is not said."      },
});
constexpr auto exceptions = std::to_array<Exception>({
    {http::verb::get, http::status::bad_request, "A parameter is not what it should be."},
});

}  // namespace

const Description audit_description{
    .tag = "audit",
    .about = "Is the ledger right?",
    .options = options,
    .exceptions = exceptions,
    .operation = "audit_ledger",
    .summary = "Check the ledgers of all users, as lines",
    .media_type = "application/x-ndjson",
};

awaitable<Response> audit_ledger(Context& context) {
    const auto organization = read_organization_filter(context, organization_parameter);
    if (!organization) co_return organization.error();
    const auto rate = read_rate(context.query);
    if (!rate) co_return rate.error();
    const auto position = read_position(context.query);
    if (!position) co_return position.error();
    auto place = take_place(context.environment);
    if (!place) co_return place.error();

    auto organizations = context.token.organizations;
    if (*organization) organizations = {**organization};
    const auto job = std::make_shared<Job>(Job{
        .store = context.store,
        .audit = store::Audit(context.store.redis, context.store.rules, std::move(organizations), *position),
        .rate = *rate,
        .place = *std::move(place),
        .counts = context.environment.audited});
    Response response;
    response.content_type = "application/x-ndjson";
    response.with("Cache-Control", "no-store");
    response.produce = [job](BodyWriter& writer) { return write_findings(job, writer); };
    co_return response;
}

}  // namespace hourglass::api
