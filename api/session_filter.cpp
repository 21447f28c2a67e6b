#include "api/session_filter.hpp"

#include "api/datetime.hpp"
#include "api/filters.hpp"
#include "api/problem.hpp"

namespace hourglass::api {
namespace {

using std::chrono::days;

std::optional<Moment> parse_day(std::string_view text) {
    const auto day = parse_date(text);
    if (!day) return std::nullopt;
    const auto midnight = parse_datetime(*day + "T00:00:00Z");
    return midnight ? std::optional(*midnight) : std::nullopt;
}

// The "+" of an offset that a client did not encode has become a space.
std::optional<Moment> parse_moment(std::string text) {
    if (const auto moment = parse_datetime(text)) return *moment;
    const auto space = text.rfind(' ');
    if (space == text.npos) return std::nullopt;
    text[space] = '+';
    const auto moment = parse_datetime(text);
    return moment ? std::optional(*moment) : std::nullopt;
}

Checked<std::optional<store::Time>> read_bound(const Query& query, std::string_view name, Bound bound) {
    const auto text = query.find(name);
    if (!text) return std::optional<store::Time>{};
    const auto time = parse_bound(*text, bound);
    if (!time) return field_problem(name, "Enter a valid date/time.");
    return time;
}

Checked<std::optional<bool>> read_status(const Query& query) {
    constexpr std::string_view name = "session_status";
    const auto status = query.find(name);
    if (!status) return std::optional<bool>{};
    if (*status == "active") return std::optional(true);
    if (*status == "completed") return std::optional(false);
    return field_problem(name, "Select a valid choice. " + *status + " is not one of the available choices.");
}

}  // namespace

std::optional<store::Time> parse_bound(std::string_view text, Bound bound) {
    if (const auto day = parse_day(text)) {
        const auto first = std::chrono::floor<store::Seconds>(*day);
        return bound == Bound::from ? first : first + days(1) - store::Seconds(1);
    }
    const auto moment = parse_moment(std::string(text));
    if (!moment) return std::nullopt;
    return bound == Bound::from ? std::chrono::ceil<store::Seconds>(*moment)
                                : std::chrono::floor<store::Seconds>(*moment);
}

Checked<store::SessionFilter> read_session_filter(const Context& context) {
    const auto& query = context.query;
    const auto user = read_id_filter(query, "user");
    if (!user) return user.error();
    const auto organization = read_organization_filter(context, "organization");
    if (!organization) return organization.error();
    const auto is_running = read_status(query);
    if (!is_running) return is_running.error();
    const auto from = read_bound(query, "start_date", Bound::from);
    if (!from) return from.error();
    const auto until = read_bound(query, "end_date", Bound::until);
    if (!until) return until.error();

    return store::SessionFilter{.user = *user,
                                .username = query.find("username"),
                                .organization = *organization,
                                .is_running = *is_running,
                                .started_from = *from,
                                .started_until = *until,
                                .nas = query.find("nas"),
                                .nas_record = query.find("access_point"),
                                .calling_station_id = query.find("calling_station_id"),
                                .visible_organizations = context.token.organizations};
}

}  // namespace hourglass::api
