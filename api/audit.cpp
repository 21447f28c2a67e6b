#include "api/audit.hpp"

#include "api/filters.hpp"
#include "api/problem.hpp"
#include "api/transfer.hpp"
#include "store/audit.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <stdexcept>

namespace hourglass::api {
namespace {

using Clock = std::chrono::steady_clock;

// Users a second. The default keeps Redis busy for about a tenth of the time.
constexpr std::int64_t rate_default = 1000;
constexpr std::int64_t rate_max = 20'000;

constexpr std::chrono::seconds progress_interval{1};
constexpr std::chrono::seconds store_wait_max{30};  // for a Redis that is away

constexpr std::string_view after_parameter = "after";
constexpr std::string_view rate_parameter = "rate";
constexpr std::string_view organization_parameter = "organization";

struct Job {
    store::Store& store;
    store::Audit audit;
    std::int64_t rate;
    TransferPlace place;
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
template <class Value, class Ask>
awaitable<Value> ask_until_answered(Job& job, Ask ask) {
    while (true) {
        auto answer = co_await (job.audit.*ask)();
        if (answer) co_return *std::move(answer);
        const bool is_away = answer.error() == store::Error::unavailable;
        if (!is_away || !co_await job.store.redis.wait_until_ready(store_wait_max)) {
            throw std::runtime_error("audit: " + answer.error().message());
        }
    }
}

awaitable<void> write_findings(std::shared_ptr<Job> job, BodyWriter& writer) {
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
    job->users = co_await ask_until_answered<std::uint64_t>(*job, &store::Audit::count);
    auto told_at = Clock::now();
    if (!co_await writer.write(progress_line(*job))) co_return;

    for (bool is_complete = false; !is_complete;) {
        const auto begun_at = Clock::now();
        const auto step = co_await ask_until_answered<store::Audit::Step>(*job, &store::Audit::step);
        job->checked += step.checked;
        job->violations += step.findings.size();
        is_complete = step.is_complete;

        std::string lines;
        for (const auto& finding : step.findings)
            lines += violation_line(finding);
        if (is_complete) lines += summary_line(*job);
        const bool is_progress_due = !is_complete && Clock::now() - told_at >= progress_interval;
        if (is_progress_due || (!lines.empty() && !is_complete)) {
            lines += progress_line(*job);
            told_at = Clock::now();
        }
        if (!lines.empty() && !co_await writer.write(std::move(lines))) co_return;
        if (is_complete) co_return;

        timer.expires_at(begun_at + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(
                                        static_cast<double>(step.reads) / static_cast<double>(job->rate))));
        co_await timer.async_wait(boost::asio::use_awaitable);
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
        .place = *std::move(place)});
    Response response;
    response.content_type = "application/x-ndjson";
    response.with("Cache-Control", "no-store");
    response.produce = [job](BodyWriter& writer) { return write_findings(job, writer); };
    co_return response;
}

}  // namespace hourglass::api
