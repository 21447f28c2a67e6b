// Places: from where a user is logged in, or on his way in. Where their number is limited, or each holds a
// part of the balance, a login takes one: counted, compared and reserved in one step, so that of two in the
// same millisecond one gets the last. A reservation becomes a session by its Start, or ends by itself.
#pragma once

#include "store/account.hpp"
#include "store/error.hpp"

namespace hourglass::store {

class RedisConnection;

// Who comes in. A NAS's stations are told apart by their Calling-Station-Id; where there is none, each
// request counts for one.
struct Newcomer {
    std::string nas;  // as in AccountingRecord
    std::string calling_station_id;
    std::string request;  // another text for each request
};

struct PlaceLimits {
    std::optional<std::int64_t> places;  // 1 or more; nullopt: any number
    std::optional<Seconds> slice;        // of a metered balance, to be held at most; nullopt: nothing is held

    bool operator==(const PlaceLimits&) const = default;
};

struct Place {
    enum class Outcome : std::uint8_t {
        free,       // and taken, if it was to be
        none_free,  // other places are as many as there may be
        all_held,   // what is left of the balance is held by other places
    };
    Outcome outcome{};
    std::int64_t others{};         // other places in use
    std::optional<Seconds> slice;  // what this one holds, 1 or more: a session must not last longer
};

// One for each event loop, like the connection it uses.
class Places {
public:
    // How long a place waits for the session that was let in.
    static constexpr Seconds reservation_time{60};

    Places(RedisConnection& redis, const LedgerRules& rules) : redis_(redis), rules_(rules) {}

    // A login from the same place before has its reservation renewed.
    awaitable<result<Place>> take(UserId user, Newcomer newcomer, PlaceLimits limits, Time now);
    // What take() would answer.
    awaitable<result<Place>> look(UserId user, Newcomer newcomer, PlaceLimits limits, Time now);

private:
    RedisConnection& redis_;
    const LedgerRules& rules_;
};

}  // namespace hourglass::store
