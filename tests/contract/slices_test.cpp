// Slices of one balance, by chance: stations log in, log in again, begin their session after a while or not
// at all, report now and then, and end by themselves or when their slice does. Nobody is ever given a second
// that is not there.
#include "tests/support/session_fixture.hpp"

#include <map>
#include <random>

using namespace hourglass;
using store::AccountingStatus;
using store::Places;
using store::Seconds;

namespace {

struct Stay {
    Seconds slice{};
    Seconds granted_at{};
    std::string session{};
    std::optional<Seconds> start{};  // nullopt: let in, and not there yet

    Seconds ends_at() const { return start ? *start + slice : granted_at + Places::reservation_time; }
    Seconds held_at(Seconds at) const { return start ? ends_at() - at : slice; }
};

// The stations of one user, and their NAS, which keeps to each Session-Timeout.
class Stations {
public:
    Stations(test::SessionFixture& fixture, std::uint32_t seed) : fixture_(fixture), dice_(seed) {
        user_ = fixture_.make_user(name_, Seconds(5000 + roll(5000))).id;
    }

    void live_on() {
        at_ += Seconds(roll(20));
        end_what_is_over();
        const auto station = "station " + std::to_string(roll(4));
        const auto found = stays_.find(station);
        const bool is_waiting = found != stays_.end() && !found->second.start;
        if (found == stays_.end() || (is_waiting && roll(3) == 0)) {
            log_in(station);
        } else if (is_waiting) {
            if (roll(2) > 0) begin(station, found->second);
        } else if (roll(3) > 0) {
            tell(station, found->second, AccountingStatus::interim, at_);
        } else {
            tell(station, found->second, AccountingStatus::stop, at_);
            stays_.erase(found);
        }
    }

    Seconds held() const {
        Seconds sum{0};
        for (const auto& [_, stay] : stays_)
            sum += stay.held_at(at_);
        return sum;
    }
    Seconds left() {
        const auto user = fixture_.must(fixture_.store.users.find_login(name_));
        return user.account.balance_at(fixture_.now + at_).value();
    }

private:
    int roll(int most) { return std::uniform_int_distribution(0, most)(dice_); }

    void end_what_is_over() {
        std::erase_if(stays_, [this](const auto& item) {
            const auto& [station, stay] = item;
            const bool is_over = stay.ends_at() <= at_;
            if (is_over && stay.start) tell(station, stay, AccountingStatus::stop, stay.ends_at());
            return is_over;
        });
    }

    void log_in(const std::string& station) {
        const auto slice = Seconds(60 + roll(600));
        const auto place = fixture_.must(fixture_.store.places.take(
            user_, {"nas", station, "request"}, {.places = {}, .slice = slice}, fixture_.now + at_));
        stays_.erase(station);
        if (place.slice) stays_[station] = {*place.slice, at_, "s" + std::to_string(++sessions_)};
    }

    void begin(const std::string& station, Stay& stay) {
        stay.start = at_;
        tell(station, stay, AccountingStatus::start, at_);
    }

    void tell(const std::string& station, const Stay& stay, AccountingStatus status, Seconds at) {
        auto record = fixture_.report(name_, stay.session, status, at, at - *stay.start);
        record.details =
            encode(store::SessionDetails{.nas_identifier = "lab", .calling_station_id = station});
        const auto applied = fixture_.must(fixture_.store.ledger.apply(record));
        BOOST_TEST(applied.uncovered.count() == 0);
    }

    test::SessionFixture& fixture_;
    std::minstd_rand dice_;
    std::string name_ = "alice";
    store::UserId user_{};
    std::map<std::string, Stay> stays_;  // by station
    Seconds at_{0};
    int sessions_ = 0;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(slices)

BOOST_AUTO_TEST_CASE(they_never_add_up_to_more_than_the_balance) {
    constexpr std::uint32_t seeds = 8;
    constexpr int steps = 400;
    for (std::uint32_t seed = 1; seed <= seeds; ++seed)
        BOOST_TEST_CONTEXT("seed " << seed) {
            test::SessionFixture fixture;
            Stations stations(fixture, seed);
            for (int step = 0; step < steps; ++step) {
                stations.live_on();
                BOOST_TEST(stations.held().count() <= stations.left().count());
            }
        }
}

BOOST_AUTO_TEST_SUITE_END()
