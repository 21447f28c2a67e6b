// Who may come in, and for how long: the table of authorization.
#include "radius/authorization.hpp"

#include <boost/test/unit_test.hpp>

namespace hourglass::radius {
namespace {

using namespace std::chrono_literals;
using store::Seconds;
using store::Time;

constexpr Time now{1'800'000'000s};

struct Row {
    const char* name;
    bool is_active;
    std::optional<Seconds> balance;
    std::optional<Time> expiration;
    std::optional<RejectReason> reason;
    std::optional<Seconds> session_timeout;
};

const std::array rows{
    Row{"neither metered nor expiring",       true,  {},                 {},                     {},                         {}            },
    Row{"one hour left",                      true,  3600s,              {},                     {},                         3600s         },
    Row{"one second left",                    true,  1s,                 {},                     {},                         1s            },
    Row{"nothing left",                       true,  0s,                 {},                     RejectReason::no_time_left, {}            },
    Row{"expires in ten minutes",             true,  {},                 now + 600s,             {},                         600s          },
    Row{"expires before the time is used up", true,  3600s,              now + 600s,             {},                         600s          },
    Row{"time is used up before it expires",  true,  300s,               now + 600s,             {},                         300s          },
    Row{"expires in a second",                true,  {},                 now + 1s,               {},                         1s            },
    Row{"expires now",                        true,  {},                 now,                    RejectReason::expired,      {}            },
    Row{"expired",                            true,  3600s,              now - 1s,               RejectReason::expired,      {}            },
    Row{"inactive",                           false, 3600s,              {},                     RejectReason::inactive,     {}            },
    Row{"inactive, expired and empty",        false, 0s,                 now - 1s,               RejectReason::inactive,     {}            },
    Row{"2^31-1 s left",                      true,  2'147'483'647s,     {},                     {},                         2'147'483'647s},
    Row{"more than a signed integer holds",   true,  2'147'483'648s,     {},                     {},                         2'147'483'647s},
    Row{"more than an integer holds",         true,  1'000'000'000'000s, now + 900'000'000'000s, {},                         2'147'483'647s},
    Row{"the largest values there are",       true,  Seconds::max(),     Time::max(),            {},                         2'147'483'647s},
    Row{"expired long ago",                   true,  {},                 Time::min(),            RejectReason::expired,      {}            },
};

BOOST_AUTO_TEST_SUITE(radius_authorization)

BOOST_AUTO_TEST_CASE(session_timeout_is_the_least_of_balance_and_expiration) {
    for (const auto& row : rows)
        BOOST_TEST_CONTEXT(row.name) {
            store::LoginUser user;
            user.is_active = row.is_active;
            user.account.credited = row.balance;
            user.expiration = row.expiration;
            const auto decision = authorize({user, now, Directory()}, Policy{});
            if (row.reason) {
                BOOST_TEST((decision == Decision(*row.reason)));
            } else {
                BOOST_TEST((std::get<Grant>(decision).session_timeout == row.session_timeout));
            }
        }
}

BOOST_AUTO_TEST_CASE(interim_interval_and_class_go_with_the_grant) {
    store::LoginUser user;
    user.is_active = true;
    user.klass = "gold";
    const auto grant =
        std::get<Grant>(authorize({user, now, Directory()}, Policy{.ledger = {.interim_interval = 60s}}));
    BOOST_TEST((grant.interim_interval == 60s));
    BOOST_TEST(grant.klass.value() == "gold");
}

BOOST_AUTO_TEST_CASE(only_who_knew_the_password_is_told_why) {
    for (const auto reason : {RejectReason::inactive, RejectReason::expired, RejectReason::no_time_left})
        BOOST_TEST(!reply_message(reason).empty());
    for (const auto reason : {RejectReason::unknown_user, RejectReason::wrong_password,
                              RejectReason::no_credential, RejectReason::eap_unsupported})
        BOOST_TEST(reply_message(reason).empty());
    BOOST_TEST(name_of(RejectReason::no_time_left) == "no_time_left");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace hourglass::radius
