#include "store/sessions.hpp"

#include "store/name_claims.hpp"
#include "store/redis_reply.hpp"
#include "store/scripts.hpp"
#include "store/session_ids.hpp"
#include "store/session_pages.hpp"
#include "store/session_text.hpp"
#include "store/stays.hpp"

#include <algorithm>
#include <tuple>

namespace hourglass::store {
namespace {

constexpr std::size_t stays_per_read = 256;
constexpr std::string_view position_purpose = "position in a list of sessions";

bool is_visible(const SessionFilter& filter, OrganizationId organization) {
    const auto& visible = filter.visible_organizations;
    return visible.empty() || std::ranges::find(visible, organization) != visible.end();
}

bool is_of_nas(const SessionDetails& details, const std::string& nas) {
    return nas == details.nas_name || nas == details.nas_identifier || nas == details.nas_ip_address ||
           nas == details.source_address;
}

bool matches(const SessionFilter& filter, const UserSession& each) {
    const auto& session = each.session;
    return is_visible(filter, each.organization) && (!filter.user || *filter.user == session.user) &&
           (!filter.username || *filter.username == each.username) &&
           (!filter.organization || *filter.organization == each.organization) &&
           (!filter.is_running || *filter.is_running == session.is_running) &&
           (!filter.started_from || *filter.started_from <= session.started) &&
           (!filter.started_until || session.started <= *filter.started_until) &&
           (!filter.nas || is_of_nas(session.details, *filter.nas)) &&
           (!filter.nas_record || *filter.nas_record == session.details.nas_record) &&
           (!filter.calling_station_id || *filter.calling_station_id == session.details.calling_station_id);
}

// Whether sessions must be looked at to know if they are wanted.
bool must_look(const SessionFilter& filter) {
    return filter.nas || filter.nas_record || filter.calling_station_id;
}

SessionPosition position_of(const UserSession& each) {
    const auto& session = each.session;
    const SessionEntry entry{each.tag, session.started, session_field(session.nas, session.session_id)};
    return {session.started, entry.member()};
}

awaitable<result<SessionRange>> range_of(RedisConnection& redis, const SessionFilter& filter) {
    SessionRange range;
    range.is_running = filter.is_running;
    if (filter.started_from) range.from = std::max(range.from, *filter.started_from);
    if (filter.started_until) range.until = std::min(range.until, *filter.started_until);
    if (filter.organization) {
        if (is_visible(filter, *filter.organization)) range.organizations = {*filter.organization};
    } else if (!filter.visible_organizations.empty()) {
        range.organizations = filter.visible_organizations;
    } else {
        auto all = co_await organizations_with_sessions(redis);
        if (!all) co_return all.error();
        range.organizations = *std::move(all);
    }
    std::ranges::sort(range.organizations);
    const auto repeated = std::ranges::unique(range.organizations);
    range.organizations.erase(repeated.begin(), repeated.end());
    co_return std::move(range);
}

// What the entries name, in their order, each beside its entry; what is gone, or another organization's by
// now, is left out.
struct Found {
    std::size_t entry{};
    UserSession session;
};

awaitable<result<std::vector<Found>>> read_entries(RedisConnection& redis,
                                                   const std::vector<ListedEntry>& entries) {
    Pipeline read;
    for (const auto& each : entries)
        add_stays_read(read, each.entry);
    const auto replies = co_await redis.execute_all(std::move(read));
    if (!replies) co_return replies.error();

    std::vector<Found> found;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        auto stays = parse_stays(entries[i].entry, (*replies)[i]);
        if (!stays) co_return stays.error();
        if (stays->organization != entries[i].organization) continue;
        for (auto& session : stays->sessions)
            found.push_back({i, std::move(session)});
    }
    co_return std::move(found);
}

struct Collected {
    std::vector<UserSession> sessions;
    std::optional<SessionPosition> next;
};

awaitable<result<Collected>> collect_listed(RedisConnection& redis, const SessionFilter& filter,
                                            SessionRange range, SessionPosition from, std::uint64_t limit) {
    SessionWalk walk(redis, std::move(range), from);
    Collected page;
    std::size_t looked_at = 0;
    for (std::size_t wanted = must_look(filter) ? stays_per_read : limit + 1;; wanted = stays_per_read) {
        const auto entries = co_await walk.next(wanted);
        if (!entries) co_return entries.error();
        if (entries->empty()) co_return std::move(page);
        auto found = co_await read_entries(redis, *entries);
        if (!found) co_return found.error();

        std::optional<std::size_t> last_taken;
        for (auto& each : *found) {
            if (!matches(filter, each.session)) continue;
            const bool is_full = page.sessions.size() >= limit && last_taken != each.entry;
            if (is_full) {
                page.next = position_of(page.sessions.back());
                co_return std::move(page);
            }
            last_taken = each.entry;
            page.sessions.push_back(std::move(each.session));
        }
        looked_at += entries->size();
        if (looked_at >= Sessions::scanned_per_page_max) {
            page.next = SessionPosition{entries->back().entry.started, entries->back().member};
            co_return std::move(page);
        }
    }
}

bool is_newer(const UserSession& a, const UserSession& b) {
    const auto place_a = position_of(a);
    const auto place_b = position_of(b);
    return std::tie(place_a.started, place_a.member) > std::tie(place_b.started, place_b.member);
}

Collected select_page(std::vector<UserSession> sessions, const SessionPosition& from, std::uint64_t limit) {
    std::ranges::sort(sessions, &is_newer);
    Collected page;
    for (auto& each : sessions) {
        const auto place = position_of(each);
        if (!is_beyond(from, place.started, place.member)) continue;
        if (page.sessions.size() >= limit && position_of(page.sessions.back()).member != place.member) {
            page.next = position_of(page.sessions.back());
            break;
        }
        page.sessions.push_back(std::move(each));
    }
    return page;
}

awaitable<result<std::vector<UserSession>>> read_sessions_of(RedisConnection& redis,
                                                             std::vector<UserTag> tags) {
    std::vector<UserSession> sessions;
    for (const auto& tag : tags) {
        Pipeline read;
        add_sessions_read(read, tag);
        const auto reply = co_await redis.execute(std::move(read));
        if (!reply) co_return reply.error();
        auto more = parse_user_sessions(tag, *reply);
        if (!more) co_return more.error();
        std::ranges::move(*more, std::back_inserter(sessions));
    }
    co_return std::move(sessions);
}

}  // namespace

Sessions::Sessions(RedisConnection& redis, const SecretBox& secrets) : redis_(redis), secrets_(secrets) {}

// Who may have sessions that fit a filter by user.
awaitable<result<std::vector<UserTag>>> Sessions::candidates(const SessionFilter& filter) {
    if (filter.user) co_return std::vector{UserTag::of(*filter.user)};
    const auto owner = co_await find_claim(redis_, *filter.username);
    if (!owner) co_return owner.error();
    auto read = Pipeline().add({"SMEMBERS", keys::removed_users(*filter.username)});
    const auto removed = co_await redis_.execute(std::move(read));
    if (!removed) co_return removed.error();

    std::vector<UserTag> tags{UserTag::of_unknown(*filter.username)};
    if (*owner) tags.push_back(UserTag::of(**owner));
    for (const auto* id : removed->elements()) {
        if (integer_of(id) != *owner) tags.push_back(UserTag::of(integer_of(id)));
    }
    co_return std::move(tags);
}

awaitable<result<void>> Sessions::give_ids(std::vector<UserSession>& sessions) {
    std::vector<SessionName> names;
    for (const auto& each : sessions) {
        if (each.session.id == 0) names.push_back({each.tag, each.session.number});
    }
    if (names.empty()) co_return result<void>();
    const auto ids = co_await find_session_ids(redis_, std::move(names));
    if (!ids) co_return ids.error();
    auto id = ids->begin();
    for (auto& each : sessions) {
        if (each.session.id == 0) each.session.id = *id++;
    }
    co_return result<void>();
}

awaitable<result<UserSession>> Sessions::find(SessionId id) {
    const auto name = co_await find_session_name(redis_, id);
    if (!name) co_return name.error();
    auto sessions = co_await read_sessions_of(redis_, {name->tag});
    if (!sessions) co_return sessions.error();
    const auto found = std::ranges::find_if(
        *sessions, [&](const UserSession& each) { return each.session.number == name->number; });
    if (found == sessions->end()) co_return Error::not_found;
    found->session.id = id;
    co_return std::move(*found);
}

awaitable<result<SessionPage>> Sessions::list(SessionFilter filter, std::string from, std::uint64_t limit) {
    SessionPosition position;
    if (!from.empty()) {
        const auto opened = secrets_.open(from, position_purpose);
        auto parsed = opened ? parse_session_position(*opened) : std::nullopt;
        if (!parsed) co_return Error::not_found;
        position = *std::move(parsed);
    }

    SessionPage page;
    result<Collected> collected = Collected{};
    if (filter.user || filter.username) {
        auto tags = co_await candidates(filter);
        if (!tags) co_return tags.error();
        auto sessions = co_await read_sessions_of(redis_, *std::move(tags));
        if (!sessions) co_return sessions.error();
        std::erase_if(*sessions, [&](const UserSession& each) { return !matches(filter, each); });
        page.count = sessions->size();
        collected = select_page(*std::move(sessions), position, limit);
    } else {
        const auto range = co_await range_of(redis_, filter);
        if (!range) co_return range.error();
        if (!must_look(filter)) {
            const auto count = co_await count_sessions(redis_, *range);
            if (!count) co_return count.error();
            page.count = *count;
        }
        collected = co_await collect_listed(redis_, filter, *range, std::move(position), limit);
        if (!collected) co_return collected.error();
    }
    page.sessions = std::move(collected->sessions);
    const auto given = co_await give_ids(page.sessions);
    if (!given) co_return given.error();
    if (collected->next) page.next = secrets_.seal(encode(*collected->next), position_purpose);
    co_return std::move(page);
}

awaitable<result<Disconnect>> Sessions::request_disconnect(UserTag tag, std::uint64_t number, Actor actor,
                                                           Time now) {
    Disconnect disconnect{.outcome = DisconnectOutcome::requested,
                          .requested_at = now,
                          .by = std::move(actor),
                          .reason = std::string(requested_reason)};
    auto note = Pipeline().run(scripts::note_disconnect, {keys::details(tag)},
                               {std::to_string(number), encode(disconnect)});
    const auto noted = co_await redis_.execute(std::move(note));
    if (!noted) co_return noted.error();
    if (noted->text() == "not_found") co_return Error::not_found;
    co_return std::move(disconnect);
}

awaitable<result<void>> Sessions::note_disconnect(UserTag tag, std::uint64_t number,
                                                  std::optional<Disconnect> before, Disconnect after) {
    auto note =
        Pipeline().run(scripts::note_disconnect, {keys::details(tag)},
                       {std::to_string(number), encode(after), before ? encode(*before) : std::string()});
    const auto noted = co_await redis_.execute(std::move(note));
    if (!noted) co_return noted.error();
    if (noted->text() == "not_found") co_return Error::not_found;
    if (noted->text() == "changed") co_return Error::version_changed;
    co_return result<void>();
}

}  // namespace hourglass::store
