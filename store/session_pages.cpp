#include "store/session_pages.hpp"

#include "store/packed_text.hpp"
#include "store/redis_reply.hpp"
#include "store/scripts.hpp"

#include <algorithm>
#include <tuple>

namespace hourglass::store {
namespace {

constexpr std::size_t entries_per_read_min = 8;
constexpr std::size_t entries_per_read_max = 512;

// The offsets of the ranges of scores that are looked into.
std::vector<std::int64_t> offsets_of(const SessionRange& range) {
    if (!range.is_running) return {running_score, 0};
    return {*range.is_running ? running_score : 0};
}

std::string seconds(Time time) {
    return std::to_string(time.time_since_epoch().count());
}

bool is_newer(const ListedEntry& a, const ListedEntry& b) {
    return std::tie(a.entry.started, a.member) > std::tie(b.entry.started, b.member);
}

}  // namespace

bool is_beyond(const SessionPosition& position, Time started, std::string_view member) {
    if (started != position.started) return started < position.started;
    return position.member.empty() || member < position.member;
}

std::string encode(const SessionPosition& position) {
    return seconds(position.started) + " " + position.member;
}

std::optional<SessionPosition> parse_session_position(std::string_view text) {
    std::int64_t started = 0;
    if (!take_number(text, started)) return std::nullopt;
    return SessionPosition{Time(Seconds(started)), std::string(text)};
}

awaitable<result<std::uint64_t>> count_sessions(RedisConnection& redis, SessionRange range) {
    Pipeline count;
    for (const auto organization : range.organizations) {
        for (const auto offset : offsets_of(range)) {
            count.add({"ZCOUNT", keys::sessions_of_organization(organization),
                       seconds(range.from + Seconds(offset)), seconds(range.until + Seconds(offset))});
        }
    }
    if (count.size() == 0) co_return std::uint64_t{0};
    const auto replies = co_await redis.execute_all(std::move(count));
    if (!replies) co_return replies.error();
    std::uint64_t sum = 0;
    for (const auto& reply : *replies)
        sum += static_cast<std::uint64_t>(reply.integer());
    co_return sum;
}

SessionWalk::SessionWalk(RedisConnection& redis, SessionRange range, const SessionPosition& from)
    : redis_(redis), range_(std::move(range)) {
    const auto start = range_.until < from.started ? SessionPosition{range_.until, {}} : from;
    for (const auto organization : range_.organizations)
        sources_.push_back({.organization = organization, .position = start, .entries = {}});
}

// One organization's running and closed sessions are read at one instant, so that none slips from one to the
// other unseen; so what either range holds beyond `most` together is read again later.
awaitable<result<void>> SessionWalk::refill(std::size_t count) {
    const auto most = std::clamp(2 * count / std::max<std::size_t>(sources_.size(), 1), entries_per_read_min,
                                 entries_per_read_max);
    const auto most_text = std::to_string(most);
    const auto lowest = seconds(range_.from);
    std::vector<std::string> offsets;
    for (const auto offset : offsets_of(range_))
        offsets.push_back(std::to_string(offset));

    Pipeline read;
    std::vector<Source*> empty;
    for (auto& source : sources_) {
        if (source.is_exhausted || !source.entries.empty()) continue;
        empty.push_back(&source);
        const auto index = keys::sessions_of_organization(source.organization);
        const auto highest = seconds(source.position.started);
        const std::array<std::string_view, 1> index_keys{index};
        std::vector<std::string_view> arguments{lowest, highest, source.position.member, most_text};
        arguments.insert(arguments.end(), offsets.begin(), offsets.end());
        read.run(scripts::read_session_index, index_keys, arguments);
    }
    if (empty.empty()) co_return result<void>();
    const auto replies = co_await redis_.execute_all(std::move(read));
    if (!replies) co_return replies.error();

    for (std::size_t i = 0; i < empty.size(); ++i) {
        auto& source = *empty[i];
        for (const auto* element : (*replies)[i].elements()) {
            const auto member = text_of(element);
            auto entry = parse_session_entry(member);
            if (!entry) co_return Error::corrupt;
            source.entries.push_back({source.organization, *std::move(entry), std::string(member)});
        }
        std::ranges::sort(source.entries, &is_newer);
        source.is_exhausted = source.entries.size() < most;
        if (source.entries.size() > most) source.entries.resize(most);
        if (!source.entries.empty()) {
            source.position = {source.entries.back().entry.started, source.entries.back().member};
        }
        std::ranges::reverse(source.entries);
    }
    co_return result<void>();
}

awaitable<result<std::vector<ListedEntry>>> SessionWalk::next(std::size_t count) {
    std::vector<ListedEntry> entries;
    while (entries.size() < count) {
        const auto filled = co_await refill(count - entries.size());
        if (!filled) co_return filled.error();

        Source* newest = nullptr;
        const auto must_be_refilled = [](const Source& source) {
            return source.entries.empty() && !source.is_exhausted;
        };
        do {
            newest = nullptr;
            for (auto& source : sources_) {
                if (source.entries.empty()) continue;
                if (newest == nullptr || is_newer(source.entries.back(), newest->entries.back()))
                    newest = &source;
            }
            if (newest == nullptr) break;
            entries.push_back(std::move(newest->entries.back()));
            newest->entries.pop_back();
        } while (entries.size() < count && !must_be_refilled(*newest));
        if (newest == nullptr) break;
    }
    co_return std::move(entries);
}

}  // namespace hourglass::store
