#include "api/session.hpp"

#include "api/etag.hpp"
#include "api/paging.hpp"
#include "api/problem.hpp"
#include "api/session_filter.hpp"
#include "api/session_record.hpp"
#include "store/hex.hpp"
#include "store/session_text.hpp"

namespace hourglass::api {
namespace {

// A position in a list, as `cursor` carries it. nullopt for what none of ours looks like.
std::optional<std::string> read_cursor(const Query& query) {
    const auto cursor = query.find(cursor_parameter);
    if (!cursor) return std::string();
    std::vector<std::uint8_t> octets(cursor->size() / 2);
    if (octets.empty() || !store::from_hex(*cursor, octets)) return std::nullopt;
    return std::string(octets.begin(), octets.end());
}

awaitable<Response> show_list(Context& context, store::SessionFilter filter, bool with_disconnect) {
    const auto invalid_cursor = [] { return problem(http::status::not_found, "Invalid cursor"); };
    auto from = read_cursor(context.query);
    if (!from) co_return invalid_cursor();

    const auto limit = read_page_request(context.query).limit;
    const auto page = co_await context.store.sessions.list(std::move(filter), *std::move(from), limit);
    if (!page && page.error() == store::Error::not_found) co_return invalid_cursor();
    if (!page) co_return problem(page.error());

    auto results = json::array();
    for (const auto& session : page->sessions) {
        results.push_back(show_session(session, with_disconnect));
    }
    const auto cursor = store::to_hex(page->next);
    co_return reply(
        http::status::ok,
        {
            {"count", page->count ? json(*page->count) : json(nullptr)},
            {"next", cursor.empty() ? json(nullptr) : json(cursor_link(context.request, limit, cursor))},
            {"previous", nullptr},
            {"results", std::move(results)},
    });
}

// Running or remembered, if the token may see its user; sessions of unknown users are for tokens that see
// all.
awaitable<Checked<store::UserSession>> find_visible_session(Context& context) {
    auto session = co_await context.store.sessions.find(context.id);
    if (!session) co_return problem(session.error());
    if (!may_see(context.token, session->organization)) co_return not_found();
    co_return *std::move(session);
}

awaitable<Response> show_one(Context& context, bool with_disconnect) {
    const auto session = co_await find_visible_session(context);
    if (!session) co_return session.error();
    const auto shown = show_session(*session, with_disconnect);
    auto tag = "\"" + store::fingerprint(to_text(shown)) + "\"";
    if (is_known_to_client(context.request, tag)) co_return not_modified(tag);
    co_return reply(http::status::ok, shown).with("ETag", std::move(tag));
}

// A page's count, where it is known.
constexpr auto totals = std::to_array<Field>({
    integer("count").at_least(0).nullable(),
});
constexpr auto filters = std::to_array<Parameter>({
    {integer("user"),            "Sessions of this user."                                   },
    {text("username"),           "Sessions under exactly this name."                        },
    {integer("organization"),    "Sessions of this organization's users."                   },
    {text("start_date"),         "Began not before: a date, or a date and time."            },
    {text("end_date"),           "Began not after: a date, to its end, or a date and time." },
    {text("nas"),                "Sessions of one NAS: its name, NAS-Identifier or address."},
    {text("access_point"),       "Sessions of one NAS by its id."                           },
    {text("calling_station_id"), "Sessions of one device."                                  },
    {text("session_status"),     "`active` or `completed`."                                 },
});
constexpr auto exceptions = std::to_array<Exception>({
    {http::verb::post, http::status::conflict, "The session has ended."},
});

}  // namespace

const Description session_description{
    .tag = "session",
    .about = "Sessions that run.",
    .noun = "session",
    .nouns = "sessions",
    .shown = &session_record,
    .paging = Paging::cursor,
    .totals = totals,
    .filters = filters,
};
const Description disconnect_description{
    .tag = "session",
    .shown = &disconnect_record,
    .exceptions = exceptions,
    .operation = "disconnect_session",
    .summary = "Ask the NAS to end a session",
    .success = http::status::accepted,
};
const Description accounting_description{
    .tag = "aaa_accounting",
    .about = "Sessions, running and ended.",
    .noun = "accounting_record",
    .nouns = "accounting_records",
    .shown = &session_record,
    .paging = Paging::cursor,
    .totals = totals,
    .filters = filters,
};

awaitable<Response> list_running_sessions(Context& context) {
    auto filter = read_session_filter(context);
    if (!filter) co_return filter.error();
    filter->is_running = true;
    co_return co_await show_list(context, *std::move(filter), true);
}

awaitable<Response> read_session(Context& context) {
    return show_one(context, true);
}

awaitable<Response> disconnect_session(Context& context) {
    const auto session = co_await find_visible_session(context);
    if (!session) co_return session.error();
    const auto body = read_body(context.request);
    if (!body) co_return body.error();
    if (!session->session.is_running) co_return problem(http::status::conflict, "The session has ended.");

    const auto disconnect = co_await context.store.sessions.request_disconnect(
        session->tag, session->session.number, store::DisconnectOutcome::unsupported, actor_of(context.token),
        context.now);
    if (!disconnect) co_return problem(disconnect.error());
    co_return reply(http::status::accepted, show_disconnect(*disconnect));
}

awaitable<Response> list_accounting(Context& context) {
    auto filter = read_session_filter(context);
    if (!filter) co_return filter.error();
    co_return co_await show_list(context, *std::move(filter), false);
}

awaitable<Response> read_accounting(Context& context) {
    return show_one(context, false);
}

}  // namespace hourglass::api
