// The Class by which a session comes back to its user, and the Chargeable-User-Identity.
#include "radius/chargeable_user_identity.hpp"
#include "radius/session_class.hpp"
#include "tests/support/radius_packets.hpp"

#include <boost/test/unit_test.hpp>

#include <limits>

namespace hourglass::radius {
namespace {

using namespace std::chrono_literals;
using test::attribute;

constexpr store::Time login{1'800'000'000s};

struct Keys {
    SealKey key{store::SecretBox(store::SecretBox::Key{1}).derive_key(session_class_purpose)};
    SealKey other_key{store::SecretBox(store::SecretBox::Key{2}).derive_key(session_class_purpose)};

    std::string ours(store::UserId user) { return std::string(make_session_class(user, login, key)); }
    FoundClass find(std::initializer_list<test::Octets> classes) {
        const auto octets = test::packet(Code::accounting_request, classes);
        return find_session_class(decode(octets).value(), key);
    }
    FoundClass find(std::string_view klass) { return find({attribute(attr::klass, klass)}); }

    std::string identity_of(store::UserId user, std::optional<std::int64_t> organization,
                            std::initializer_list<test::Octets> attributes) {
        Client client;
        client.organization = organization;
        const auto octets = test::packet(Code::access_request, attributes);
        return make_chargeable_user_identity(user, decode(octets).value(), client, key);
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(radius_session_class, Keys)

BOOST_AUTO_TEST_CASE(a_class_leads_back_to_its_user) {
    for (const store::UserId user :
         {std::int64_t{1}, std::int64_t{4'711}, std::numeric_limits<std::int64_t>::max()}) {
        const auto found = find(ours(user));
        BOOST_TEST(found.user == user);
        BOOST_TEST(!found.is_forged);
    }
    BOOST_TEST(ours(42).starts_with("hg1.42.1800000000."));
    BOOST_TEST(ours(std::numeric_limits<std::int64_t>::max()).size() <= 64U);
}

BOOST_AUTO_TEST_CASE(whichever_of_several_classes_it_is) {
    const auto gold = attribute(attr::klass, "gold");
    const auto forged = attribute(attr::klass, "hg1.1.1800000000.00000000000000000000");
    const auto good = attribute(attr::klass, ours(42));
    BOOST_TEST(find({good, gold}).user == 42);
    BOOST_TEST(find({gold, good}).user == 42);
    BOOST_TEST(find({gold, forged, good, gold}).user == 42);
    BOOST_TEST(!find({forged, good}).is_forged);
    BOOST_TEST(find({gold}).user == 0);
    BOOST_TEST(!find({gold}).is_forged);
    BOOST_TEST(find(std::initializer_list<test::Octets>{}).user == 0);
}

BOOST_AUTO_TEST_CASE(no_octet_of_it_can_be_changed) {
    const auto good = ours(42);
    for (std::size_t i = 0; i < good.size(); ++i) {
        auto bad = good;
        bad[i] = bad[i] == '1' ? '2' : '1';
        BOOST_TEST(find(bad).user == 0, bad);
        BOOST_TEST(find(good.substr(0, i)).user == 0);
    }
    BOOST_TEST(find(good + "0").user == 0);
    BOOST_TEST(find(good + "0").is_forged);
}

BOOST_AUTO_TEST_CASE(nobody_makes_one_without_the_key) {
    const auto found = find(make_session_class(42, login, other_key));
    BOOST_TEST(found.user == 0);
    BOOST_TEST(found.is_forged);
}

BOOST_AUTO_TEST_CASE(who_asks_for_a_chargeable_identity_gets_one_that_lasts) {
    const auto asked = attribute(attr::chargeable_user_identity, test::from_hex("00"));
    const auto home = attribute(attr::operator_name, "1example.org");
    BOOST_TEST(identity_of(42, 7, {}).empty());
    const auto identity = identity_of(42, 7, {asked});
    BOOST_TEST(identity.size() == 32U);
    BOOST_TEST(identity_of(42, 7, {asked}) == identity);
    BOOST_TEST(identity_of(42, 7, {attribute(attr::chargeable_user_identity, as_bytes(identity))}) ==
               identity);
    BOOST_TEST(identity_of(43, 7, {asked}) != identity);
    BOOST_TEST(identity_of(42, 8, {asked}) != identity);
    BOOST_TEST(identity_of(42, {}, {asked}) != identity);
    BOOST_TEST(identity_of(42, 7, {asked, home}) != identity);
    BOOST_TEST(identity_of(42, 7, {asked, home}) == identity_of(42, 8, {asked, home}));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace hourglass::radius
