#include "store/places.hpp"

#include "store/decimal.hpp"
#include "store/keys.hpp"
#include "store/packed_text.hpp"
#include "store/redis_connection.hpp"
#include "store/redis_reply.hpp"
#include "store/scripts.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace hourglass::store {
namespace {

constexpr std::size_t answer_elements = 3;

constexpr auto outcomes = std::to_array<std::pair<std::string_view, Place::Outcome>>({
    {"free",      Place::Outcome::free     },
    {"none_free", Place::Outcome::none_free},
    {"all_held",  Place::Outcome::all_held },
});

std::string encode(const Newcomer& newcomer) {
    std::string place;
    append_with_length(place, newcomer.nas);
    append_with_length(place, newcomer.calling_station_id);
    if (newcomer.calling_station_id.empty()) place += newcomer.request;
    return place;
}

Pipeline ask(std::string_view mode, UserId user, const Newcomer& newcomer, const PlaceLimits& limits,
             Time now, const LedgerRules& rules) {
    const auto tag = UserTag::of(user);
    return std::move(Pipeline().run(
        scripts::take_place, {keys::account(tag), keys::details(tag)},
        {mode, encode(newcomer), decimal(now), std::to_string(Places::reservation_time.count()),
         limits.places ? std::to_string(*limits.places) : std::string(),
         limits.slice ? std::to_string(limits.slice->count()) : std::string(),
         std::to_string(rules.stale_limit().count())}));
}

result<Place> parse_place(const Reply& reply) {
    const auto elements = reply.elements();
    if (elements.size() != answer_elements) return Error::corrupt;
    const auto* const outcome =
        std::ranges::find(outcomes, text_of(elements[0]), &decltype(outcomes)::value_type::first);
    if (outcome == outcomes.end()) return Error::corrupt;
    Place place{outcome->second, integer_of(elements[1]), {}};
    if (!is_nil(elements[2])) place.slice = Seconds(integer_of(elements[2]));
    return place;
}

}  // namespace

awaitable<result<Place>> Places::take(UserId user, Newcomer newcomer, PlaceLimits limits, Time now) {
    const auto reply = co_await redis_.execute(ask("take", user, newcomer, limits, now, rules_));
    if (!reply) co_return reply.error();
    co_return parse_place(*reply);
}

awaitable<result<Place>> Places::look(UserId user, Newcomer newcomer, PlaceLimits limits, Time now) {
    const auto reply = co_await redis_.execute(ask("look", user, newcomer, limits, now, rules_));
    if (!reply) co_return reply.error();
    co_return parse_place(*reply);
}

}  // namespace hourglass::store
