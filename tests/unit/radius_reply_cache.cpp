// Duplicate detection (RFC 5080 section 2.2.2), at its limits of age and number.
#include "radius/reply_cache.hpp"

#include <boost/test/unit_test.hpp>

namespace hourglass::radius {
namespace {

using namespace std::chrono_literals;
using State = ReplyCache::State;

constexpr ReplyCache::Time begin_time{1000s};
constexpr Authenticator first{1};
constexpr Authenticator second{2};
const std::vector<std::uint8_t> reply{2, 42, 0, 20};

RequestKey key(std::uint16_t port, std::uint8_t identifier = 7, std::uint8_t socket = 0,
               const char* address = "192.0.2.1") {
    return RequestKey::of({boost::asio::ip::make_address(address), port}, identifier, socket);
}

BOOST_AUTO_TEST_SUITE(radius_reply_cache)

BOOST_AUTO_TEST_CASE(a_repeat_is_in_progress_until_answered_and_then_gets_the_same_octets) {
    ReplyCache cache;
    BOOST_TEST((cache.find(key(1), first, begin_time).state == State::unknown));
    cache.begin(key(1), first, begin_time);
    BOOST_TEST((cache.find(key(1), first, begin_time).state == State::in_progress));
    cache.finish(key(1), first, reply);
    const auto match = cache.find(key(1), first, begin_time + 1s);
    BOOST_TEST((match.state == State::answered));
    BOOST_TEST(std::ranges::equal(match.reply, reply));
}

BOOST_AUTO_TEST_CASE(source_port_identifier_socket_and_authenticator_tell_requests_apart) {
    ReplyCache cache;
    cache.begin(key(1), first, begin_time);
    for (const auto& other : {key(2), key(1, 8), key(1, 7, 1), key(1, 7, 0, "192.0.2.2")})
        BOOST_TEST((cache.find(other, first, begin_time).state == State::unknown));
    BOOST_TEST((cache.find(key(1), second, begin_time).state == State::unknown));
    BOOST_TEST((cache.find(key(1, 7, 0, "::ffff:192.0.2.1"), first, begin_time).state == State::in_progress));
}

BOOST_AUTO_TEST_CASE(an_entry_expires_when_its_lifetime_is_over) {
    ReplyCache cache;
    cache.begin(key(1), first, begin_time);
    cache.finish(key(1), first, reply);
    const auto end = begin_time + ReplyCache::entry_lifetime;
    BOOST_TEST((cache.find(key(1), first, end - 1ns).state == State::answered));
    BOOST_TEST((cache.find(key(1), first, end).state == State::unknown));
}

BOOST_AUTO_TEST_CASE(expired_entries_leave_when_others_come) {
    ReplyCache cache;
    cache.begin(key(1), first, begin_time);
    cache.begin(key(2), first, begin_time + 1s);
    cache.begin(key(3), first, begin_time + ReplyCache::entry_lifetime);
    BOOST_TEST(cache.size() == 2U);
}

BOOST_AUTO_TEST_CASE(the_oldest_entry_makes_room_for_one_beyond_the_limit) {
    ReplyCache cache(2);
    cache.begin(key(1), first, begin_time);
    cache.begin(key(2), first, begin_time);
    BOOST_TEST((cache.find(key(1), first, begin_time).state == State::in_progress));
    cache.begin(key(3), first, begin_time);
    BOOST_TEST(cache.size() == 2U);
    BOOST_TEST((cache.find(key(1), first, begin_time).state == State::unknown));
    BOOST_TEST((cache.find(key(2), first, begin_time).state == State::in_progress));
    cache.finish(key(1), first, reply);  // its late answer finds no entry
    BOOST_TEST((cache.find(key(1), first, begin_time).state == State::unknown));
}

BOOST_AUTO_TEST_CASE(an_identifier_used_again_makes_its_entry_the_youngest) {
    ReplyCache cache(2);
    cache.begin(key(1), first, begin_time);
    cache.begin(key(2), first, begin_time);
    cache.begin(key(1), second, begin_time);
    cache.begin(key(3), first, begin_time);
    BOOST_TEST((cache.find(key(1), second, begin_time).state == State::in_progress));
    BOOST_TEST((cache.find(key(2), first, begin_time).state == State::unknown));
}

BOOST_AUTO_TEST_CASE(the_answer_to_a_request_that_was_replaced_is_not_given_to_its_successor) {
    ReplyCache cache;
    cache.begin(key(1), first, begin_time);
    cache.begin(key(1), second, begin_time);
    cache.finish(key(1), first, reply);
    BOOST_TEST((cache.find(key(1), second, begin_time).state == State::in_progress));
    cache.forget(key(1), first);
    BOOST_TEST((cache.find(key(1), second, begin_time).state == State::in_progress));
}

BOOST_AUTO_TEST_CASE(a_request_without_an_answer_is_forgotten) {
    ReplyCache cache;
    cache.begin(key(1), first, begin_time);
    cache.forget(key(1), first);
    BOOST_TEST((cache.find(key(1), first, begin_time).state == State::unknown));
    BOOST_TEST(cache.size() == 0U);
}

// Proxy-State comes back in the reply, and whoever may send unsigned requests may fill it.
BOOST_AUTO_TEST_CASE(the_oldest_replies_make_room_for_one_beyond_the_octets_that_are_kept) {
    const std::vector<std::uint8_t> large(1000);
    ReplyCache cache(ReplyCache::entries_max, 2500);
    for (const auto port : std::to_array<std::uint16_t>({1, 2, 3})) {
        cache.begin(key(port), first, begin_time);
        cache.finish(key(port), first, large);
    }
    BOOST_TEST(cache.reply_octets() == 2000U);
    BOOST_TEST((cache.find(key(1), first, begin_time).state == State::unknown));
    BOOST_TEST((cache.find(key(2), first, begin_time).state == State::answered));
    BOOST_TEST((cache.find(key(3), first, begin_time).state == State::answered));
    cache.finish(key(3), first, reply);
    BOOST_TEST(cache.reply_octets() == 1000U + reply.size());
    cache.forget(key(2), first);
    BOOST_TEST(cache.reply_octets() == reply.size());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace hourglass::radius
