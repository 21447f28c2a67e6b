// What tells our requests apart at one port of one NAS: 256 Identifiers for each source port of ours. A
// released one rests for a while, so that no late answer meets a new request, and no NAS takes the new
// request for a repeat of the old one (RFC 5176 section 2.3). Pure: time is an argument.
#pragma once

#include <algorithm>
#include <chrono>
#include <compare>
#include <cstdint>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

namespace hourglass::radius {

struct RequestId {
    std::uint8_t source{};  // which of our source ports, from 0
    std::uint8_t identifier{};

    auto operator<=>(const RequestId&) const = default;
};

class IdentifierPool {
public:
    using Time = std::chrono::steady_clock::time_point;

    static constexpr unsigned identifiers_max = 256;  // of one source port

    // From each source port they are given out from its element of `firsts` on, in turn; another port is
    // taken only when those before it have none. A NAS may remember the last ones of the daemon that ran
    // before, so the firsts had better be random.
    IdentifierPool(std::vector<std::uint8_t> firsts, std::chrono::milliseconds rest)
        : firsts_(std::move(firsts)), rest_(rest) {}

    std::optional<RequestId> take(Time now) {
        const auto found = std::ranges::find_if(
            sources_, [now](const Source& free) { return !free.empty() && free.front().rested_at <= now; });
        if (found == sources_.end() && sources_.size() == firsts_.size()) return std::nullopt;
        auto& free = found == sources_.end() ? add_source() : *found;
        const auto source = static_cast<std::size_t>(&free - sources_.data());
        const auto identifier = free.front().identifier;
        free.pop_front();
        return RequestId{static_cast<std::uint8_t>(source), identifier};
    }
    void release(RequestId id, Time now) { sources_[id.source].push_back({id.identifier, now + rest_}); }

    // The firsts of a pool that goes on where this one ends; none must be in use.
    std::vector<std::uint8_t> nexts() const {
        auto nexts = firsts_;
        std::ranges::transform(sources_, nexts.begin(),
                               [](const Source& free) { return free.front().identifier; });
        return nexts;
    }
    // When take() has one again; Time::max() if all are in use.
    Time next_free_at() const {
        if (sources_.size() < firsts_.size()) return Time::min();
        auto at = Time::max();
        for (const auto& free : sources_)
            if (!free.empty()) at = std::min(at, free.front().rested_at);
        return at;
    }
    // When all have rested, if none is in use.
    Time all_rested_at() const {
        auto at = Time::min();
        for (const auto& free : sources_)
            at = std::max(at, free.back().rested_at);
        return at;
    }

private:
    struct Free {
        std::uint8_t identifier;
        Time rested_at;
    };
    using Source = std::deque<Free>;  // longest resting first

    Source& add_source() {
        const auto first = firsts_[sources_.size()];
        auto& free = sources_.emplace_back();
        for (unsigned i = 0; i < identifiers_max; ++i)
            free.push_back({static_cast<std::uint8_t>(first + i), Time::min()});
        return free;
    }

    std::vector<std::uint8_t> firsts_;  // of each source port
    std::vector<Source> sources_;       // that were needed so far
    std::chrono::milliseconds rest_;
};

}  // namespace hourglass::radius
