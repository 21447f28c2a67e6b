// What a rejected user is told, and that nobody learns by it which users there are.
#include "radius/reject_reason.hpp"

#include <boost/test/unit_test.hpp>

namespace hourglass::radius {

using Use = ReplyMessages::Use;

BOOST_AUTO_TEST_SUITE(radius_reply_messages)

BOOST_AUTO_TEST_CASE(who_is_told_is_a_matter_of_the_setting) {
    BOOST_TEST(ReplyMessages(Use::off, {}).of(RejectReason::no_time_left) == "");
    BOOST_TEST(ReplyMessages(Use::safe, {}).of(RejectReason::no_time_left) ==
               "There is no time left on this account.");
    BOOST_TEST(ReplyMessages().of(RejectReason::wrong_password) == "");
    BOOST_TEST(ReplyMessages(Use::full, {}).of(RejectReason::eap_unsupported) == "EAP is not offered here.");
}

BOOST_AUTO_TEST_CASE(own_words_stand_for_ours_where_anything_is_told) {
    const ReplyMessages::OwnWords words{
        {"no_time_left",   "Buy a voucher."},
        {"wrong_password", "Try again."    }
    };
    BOOST_TEST(ReplyMessages(Use::safe, words).of(RejectReason::no_time_left) == "Buy a voucher.");
    BOOST_TEST(ReplyMessages(Use::safe, words).of(RejectReason::wrong_password) == "");
    BOOST_TEST(ReplyMessages(Use::full, words).of(RejectReason::wrong_password) == "Try again.");
    BOOST_TEST(ReplyMessages(Use::off, words).of(RejectReason::no_time_left) == "");
}

BOOST_AUTO_TEST_CASE(an_unknown_user_is_told_what_a_wrong_password_is_told) {
    const ReplyMessages::OwnWords words{
        {"unknown_user",   "Nobody is called so."},
        {"wrong_password", "Try again."          }
    };
    for (const auto use : {Use::off, Use::safe, Use::full}) {
        for (const auto& own : {ReplyMessages::OwnWords(), words}) {
            const ReplyMessages messages(use, own);
            BOOST_TEST(messages.of(RejectReason::unknown_user) == messages.of(RejectReason::wrong_password));
        }
    }
}

BOOST_AUTO_TEST_CASE(reasons_are_found_by_their_names) {
    BOOST_TEST((find_reject_reason("expired") == RejectReason::expired));
    BOOST_TEST(!find_reject_reason("Expired"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace hourglass::radius
