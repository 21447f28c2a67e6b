// Places: of those who want the last one, one gets it; and what of a balance is held from there.
#include "tests/support/session_fixture.hpp"

using namespace hourglass;
using namespace std::chrono_literals;
using store::AccountingStatus;
using store::Newcomer;
using store::Place;
using store::PlaceLimits;
using store::Places;
using store::Seconds;
using Outcome = store::Place::Outcome;

namespace {

constexpr PlaceLimits one_place{.places = 1, .slice = {}};

PlaceLimits slices_of(Seconds slice) {
    return {.places = {}, .slice = slice};
}

struct PlacesFixture : test::SessionFixture {
    // At "nas", if it is not told otherwise.
    static Newcomer from(std::string station, std::string nas = "nas") {
        return {std::move(nas), std::move(station), "request"};
    }
    Place take(std::chrono::seconds at, Newcomer newcomer, PlaceLimits limits) {
        return must(store.places.take(1, std::move(newcomer), limits, now + at));
    }
    Place look(std::chrono::seconds at, Newcomer newcomer, PlaceLimits limits) {
        return must(store.places.look(1, std::move(newcomer), limits, now + at));
    }
    store::Applied apply_from(const std::string& station, std::string session, AccountingStatus status,
                              std::chrono::seconds at, std::chrono::seconds time = {},
                              const std::string& nas = "nas") {
        auto record = report("alice", std::move(session), status, at, time);
        record.details =
            encode(store::SessionDetails{.nas_identifier = "lab", .calling_station_id = station});
        record.nas = nas;
        return must(store.ledger.apply(record));
    }
    void start(const std::string& station, std::string session, std::chrono::seconds at,
               const std::string& nas = "nas") {
        apply_from(station, std::move(session), AccountingStatus::start, at, {}, nas);
    }
    void stop(const std::string& station, std::string session, std::chrono::seconds at,
              std::chrono::seconds time) {
        apply_from(station, std::move(session), AccountingStatus::stop, at, time);
    }
    Seconds left(std::chrono::seconds at) {
        return must(store.users.find_login("alice")).account.balance_at(now + at).value();
    }
    std::int64_t fields_with(char first) {
        const auto hash = redis({"HGETALL", store::keys::account(store::UserTag::of(1))});
        std::int64_t count = 0;
        for (std::size_t i = 0; i < hash.elements().size(); i += 2)
            count += std::string_view(hash.elements()[i]->str).starts_with(first) ? 1 : 0;
        return count;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(places, PlacesFixture)

BOOST_AUTO_TEST_CASE(of_many_who_want_the_last_place_at_once_one_gets_it) {
    make_user("alice");
    store::Store other(loop, store::RedisAddress::parse(server.address()), secrets, log);
    other.redis.start();
    BOOST_REQUIRE(run(other.redis.wait_until_ready(test::ready_limit)));
    std::vector<awaitable<result<Place>>> logins;
    for (int i = 0; i < 50; ++i) {
        auto& places = i % 2 == 0 ? store.places : other.places;
        logins.push_back(
            places.take(1, from("station " + std::to_string(i)), {.places = 3, .slice = {}}, now));
    }
    const auto answers = run_all(std::move(logins));
    BOOST_TEST(std::ranges::count_if(
                   answers, [](const auto& answer) { return answer.value().outcome == Outcome::free; }) == 3);
    other.redis.stop();
    loop.restart();
    loop.poll();
}

BOOST_AUTO_TEST_CASE(a_reservation_ends_when_no_session_comes) {
    make_user("alice");
    BOOST_TEST((take(0s, from("phone"), one_place).outcome == Outcome::free));
    const auto last = Places::reservation_time - 1s;
    BOOST_TEST((take(last, from("laptop"), one_place).outcome == Outcome::none_free));
    BOOST_TEST((take(last + 1s, from("laptop"), one_place).outcome == Outcome::free));
    BOOST_TEST(fields_with('r') == 2);  // the one and the mark that there are any
}

BOOST_AUTO_TEST_CASE(a_session_takes_the_place_that_was_reserved_for_it_until_it_stops) {
    make_user("alice");
    take(0s, from("phone"), one_place);
    start("phone", "s1", 1s);
    BOOST_TEST(fields_with('r') == 0);
    BOOST_TEST((take(500s, from("laptop"), one_place).outcome == Outcome::none_free));
    BOOST_TEST(take(500s, from("laptop"), {.places = 2, .slice = {}}).others == 1);
    stop("phone", "s1", 600s, 599s);
    BOOST_TEST((take(600s, from("laptop"), one_place).outcome == Outcome::free));
}

BOOST_AUTO_TEST_CASE(a_start_without_a_known_station_takes_the_oldest_reservation_of_its_nas) {
    make_user("alice");
    const PlaceLimits three{.places = 3, .slice = {}};
    take(0s, from("phone", "another"), three);
    take(1s, from("laptop"), three);
    take(2s, from("tablet"), three);
    start("", "s1", 3s);
    BOOST_TEST((look(3s, from("laptop"), three).outcome == Outcome::none_free));
    BOOST_TEST((look(3s, from("tablet"), three).outcome == Outcome::free));
    BOOST_TEST((look(3s, from("phone", "another"), three).outcome == Outcome::free));
}

BOOST_AUTO_TEST_CASE(who_logs_in_again_from_the_same_station_counts_once) {
    make_user("alice");
    BOOST_TEST((take(0s, from("phone"), one_place).outcome == Outcome::free));
    BOOST_TEST((take(1s, from("phone"), one_place).outcome == Outcome::free));
    start("phone", "s1", 2s);
    BOOST_TEST((take(100s, from("phone"), one_place).outcome == Outcome::free));
    start("phone", "s2", 101s);
    BOOST_TEST((take(200s, from("phone"), one_place).outcome == Outcome::free));
    BOOST_TEST((take(200s, from("phone", "another"), one_place).outcome == Outcome::none_free));
    BOOST_TEST(look(200s, from("laptop"), one_place).others == 1);
}

BOOST_AUTO_TEST_CASE(who_has_no_station_id_counts_once_a_request) {
    make_user("alice");
    const PlaceLimits two{.places = 2, .slice = {}};
    BOOST_TEST((take(0s, {"nas", "", "1"}, two).outcome == Outcome::free));
    BOOST_TEST((take(0s, {"nas", "", "2"}, two).outcome == Outcome::free));
    BOOST_TEST((take(0s, {"nas", "", "3"}, two).outcome == Outcome::none_free));
    start("", "s1", 1s);
    start("", "s2", 1s);
    BOOST_TEST((take(1s, {"nas", "", "3"}, two).outcome == Outcome::none_free));
}

BOOST_AUTO_TEST_CASE(looking_takes_nothing) {
    make_user("alice", 100s);
    for (int i = 0; i < 3; ++i)
        BOOST_TEST((look(0s, from("station " + std::to_string(i)), one_place).outcome == Outcome::free));
    BOOST_TEST((look(0s, from("phone"), slices_of(60s)).slice == 60s));
    BOOST_TEST(fields_with('r') == 0);
}

BOOST_AUTO_TEST_CASE(slices_are_cut_from_what_nobody_holds) {
    make_user("alice", 1000s);
    const auto slices = slices_of(600s);
    BOOST_TEST((take(0s, from("phone"), slices).slice == 600s));
    BOOST_TEST((take(0s, from("laptop"), slices).slice == 400s));
    const auto refused = take(0s, from("tablet"), slices);
    BOOST_TEST((refused.outcome == Outcome::all_held));
    BOOST_TEST(!refused.slice.has_value());
    BOOST_TEST(refused.others == 2);
}

BOOST_AUTO_TEST_CASE(what_a_session_did_not_burn_is_free_when_it_ends) {
    make_user("alice", 1000s);
    const auto slices = slices_of(600s);
    take(0s, from("phone"), slices);
    start("phone", "s1", 0s);
    BOOST_TEST((look(100s, from("laptop"), slices).slice == 400s));
    apply_from("phone", "s1", AccountingStatus::interim, 200s, 200s);
    BOOST_TEST((look(300s, from("laptop"), slices).slice == 400s));
    stop("phone", "s1", 300s, 300s);
    BOOST_TEST((look(300s, from("laptop"), slices).slice == 600s));
    BOOST_TEST((look(300s, from("laptop"), slices_of(5000s)).slice == 700s));
    BOOST_TEST(fields_with('h') == 0);
}

BOOST_AUTO_TEST_CASE(a_login_after_the_slice_gets_the_next) {
    make_user("alice", 1000s);
    const auto slices = slices_of(600s);
    take(0s, from("phone"), slices);
    start("phone", "s1", 0s);
    stop("phone", "s1", 600s, 600s);
    BOOST_TEST((take(601s, from("phone"), slices).slice == 400s));
    start("phone", "s2", 601s);
    stop("phone", "s2", 1001s, 400s);
    BOOST_TEST((take(1001s, from("phone"), slices).outcome == Outcome::all_held));
}

// It authenticates anew and goes on without a Start: what it was given counts from then on.
BOOST_AUTO_TEST_CASE(a_session_that_is_authenticated_anew_holds_the_new_slice) {
    make_user("alice", 1000s);
    const auto slices = slices_of(300s);
    take(0s, from("phone"), slices);
    start("phone", "s1", 0s);
    BOOST_TEST((take(200s, from("phone"), slices).slice == 300s));
    BOOST_TEST((look(210s, from("laptop"), slices_of(1000s)).slice == 490s));
    BOOST_TEST((look(300s, from("laptop"), slices_of(1000s)).slice == 500s));
    BOOST_TEST((take(400s, from("laptop"), slices_of(1000s)).slice == 500s));
    BOOST_TEST(fields_with('h') == 1);
}

BOOST_AUTO_TEST_CASE(who_is_not_metered_holds_nothing) {
    make_user("alice");
    const auto place = take(0s, from("phone"), slices_of(600s));
    BOOST_TEST((place.outcome == Outcome::free));
    BOOST_TEST(!place.slice.has_value());
}

BOOST_AUTO_TEST_CASE(a_removed_user_leaves_no_reservation) {
    make_user("alice", 1000s);
    take(0s, from("phone"), slices_of(600s));
    must(store.users.remove(1, false));
    BOOST_TEST(redis({"EXISTS", store::keys::account(store::UserTag::of(1))}).integer() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
