// What profiles and organizations change about a login.
#include "radius/authorization.hpp"

#include <boost/test/unit_test.hpp>

namespace hourglass::radius {
namespace {

using namespace std::chrono_literals;
using store::Profile;
using store::Seconds;
using store::Time;

// 2026-11-23 is a Monday.
constexpr Time monday_at_nine = std::chrono::sys_days(std::chrono::year(2026) / 11 / 23) + 9h;

Profile profile(const char* name, const char* login_time, std::optional<Seconds> interim = {}) {
    Profile made{.name = name, .interim_interval = interim};
    if (*login_time != '\0') made.login_time = *store::LoginTime::parse(login_time);
    return made;
}

store::LoginUser user_with(const char* profiles) {
    store::LoginUser user;
    user.is_active = true;
    user.organization = 7;
    user.profiles = store::parse_profile_names(profiles);
    return user;
}

const Directory& directory() {
    static const Directory made = [] {
        auto foreign = profile("foreign", "Su", 70s);
        foreign.organization = 8;
        auto own = profile("own", "Wk0800-1200", 80s);
        own.organization = 7;
        return Directory(
            {
                profile("plain", ""), profile("office", "Wk0800-1700"), profile("always", "Any"),
                profile("weekend", "Sa,Su"), profile("chatty", "", 60s), foreign, own
        },
            {{.id = 8, .name = "closed", .parent = {}, .is_active = false},
             {.id = 9, .name = "below", .parent = 8}});
    }();
    return made;
}

struct Row {
    const char* profiles;
    std::optional<Seconds> balance;
    std::optional<RejectReason> reason;
    std::optional<Seconds> session_timeout;
    Seconds interim_interval;
};

const std::array rows{
    Row{R"([])",                                   {},   {},                               {},   300s},
    Row{R"(["nobody knows it"])",                  {},   {},                               {},   300s},
    Row{R"(["plain"])",                            {},   {},                               {},   300s},
    Row{R"(["office"])",                           {},   {},                               8h,   300s},
    Row{R"(["office"])",                           600s, {},                               600s, 300s},
    Row{R"(["office"])",                           9h,   {},                               8h,   300s},
    Row{R"(["always"])",                           {},   {},                               {},   300s},
    Row{R"(["weekend"])",                          {},   RejectReason::outside_login_time, {},   300s},
    Row{R"(["weekend"])",                          0s,   RejectReason::no_time_left,       {},   300s},
    // The first that says something about a matter counts.
    Row{R"(["office", "weekend"])",                {},   {},                               8h,   300s},
    Row{R"(["weekend", "office"])",                {},   RejectReason::outside_login_time, {},   300s},
    Row{R"(["plain", "office", "chatty", "own"])", {},   {},                               8h,   60s },
    Row{R"(["own", "chatty"])",                    {},   {},                               3h,   80s },
    // Another organization's profile is a label.
    Row{R"(["foreign"])",                          {},   {},                               {},   300s},
    Row{"no JSON",                                 {},   {},                               {},   300s},
};

BOOST_AUTO_TEST_SUITE(radius_directory)

BOOST_AUTO_TEST_CASE(profiles_limit_a_login_in_order_of_precedence) {
    for (const auto& row : rows)
        BOOST_TEST_CONTEXT(row.profiles) {
            auto user = user_with(row.profiles);
            user.account.credited = row.balance;
            const auto decision = authorize({user, monday_at_nine, directory()}, Policy{});
            if (row.reason) {
                BOOST_TEST((decision == Decision(*row.reason)));
                continue;
            }
            const auto& grant = std::get<Grant>(decision);
            BOOST_TEST((grant.session_timeout == row.session_timeout));
            BOOST_TEST((grant.interim_interval == row.interim_interval));
        }
}

BOOST_AUTO_TEST_CASE(users_of_an_inactive_organization_stay_out_and_those_below_it_do_not) {
    auto user = user_with("[]");
    user.organization = 8;
    BOOST_TEST((authorize({user, monday_at_nine, directory()}, Policy{}) ==
                Decision(RejectReason::organization_inactive)));
    user.organization = 9;
    BOOST_TEST(std::holds_alternative<Grant>(authorize({user, monday_at_nine, directory()}, Policy{})));
}

BOOST_AUTO_TEST_CASE(the_new_reasons_are_told_to_the_user) {
    BOOST_TEST(!reply_message(RejectReason::organization_inactive).empty());
    BOOST_TEST(!reply_message(RejectReason::outside_login_time).empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace hourglass::radius
