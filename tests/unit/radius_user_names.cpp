// What a User-Name means, by rows of rules and names.
#include "radius/directory.hpp"
#include "radius/user_names.hpp"

#include <boost/test/unit_test.hpp>

namespace hourglass::radius {
namespace {

using store::SoughtUser;

struct Row {
    std::string_view user_name;
    SoughtUser sought;
};

NameRules realms() {
    NameRules rules;
    rules.realms = {
        {"stripped.example", {1, 2}, true },
        {"kept.example",     {3},    false},
        {"corp",             {4},    true },
    };
    return rules;
}

void expect(const NameRules& rules, std::initializer_list<Row> rows) {
    for (const auto& row : rows) {
        BOOST_TEST_CONTEXT(row.user_name) {
            const auto identity = identify(row.user_name, rules);
            BOOST_TEST_REQUIRE(identity.has_value());
            BOOST_TEST(identity->sought.name == row.sought.name);
            BOOST_TEST(identity->sought.other_spelling == row.sought.other_spelling);
            BOOST_TEST(identity->sought.organizations == row.sought.organizations,
                       boost::test_tools::per_element());
        }
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(radius_user_names)

BOOST_AUTO_TEST_CASE(without_rules_a_name_means_itself) {
    BOOST_TEST(NameRules().are_none());
    expect(
        {
    },
        {
            {"ann", {"ann"}},
            {"Ann@Example.org", {"Ann@Example.org"}},
            {"DOMAIN\\ann", {"DOMAIN\\ann"}},
            {"00-1A-2B-3C-4D-5E", {"00-1A-2B-3C-4D-5E"}},
        });
}

BOOST_AUTO_TEST_CASE(a_realm_leads_to_its_organizations_with_or_without_being_stripped) {
    expect(realms(), {
                         {"ann@stripped.example",     {"ann", {}, {1, 2}}                          },
                         {"ann@Stripped.EXAMPLE",     {"ann", {}, {1, 2}}                          },
                         {"ann@kept.example",         {"ann@kept.example", {}, {3}}                },
                         {"ann@Kept.Example",         {"ann@Kept.Example", "ann@kept.example", {3}}},
                         {"ann",                      {"ann"}                                      },
                         {"ann@elsewhere.example",    {"ann@elsewhere.example"}                    },
                         {"ann@b@stripped.example",   {"ann@b", {}, {1, 2}}                        },
                         {"ann@",                     {"ann@"}                                     },
                         {"@stripped.example",        {"", {}, {1, 2}}                             },
                         {"ann@sub.stripped.example", {"ann@sub.stripped.example"}                 },
                         {"corp\\ann",                {"corp\\ann"}                                },
    });
}

BOOST_AUTO_TEST_CASE(an_unknown_realm_may_be_refused) {
    auto rules = realms();
    rules.unknown_realm = UnknownRealm::rejected;
    for (const auto* user_name : {"ann@elsewhere.example", "ann@", "@"})
        BOOST_TEST(!identify(user_name, rules).has_value(), user_name);
    BOOST_TEST(identify("ann", rules).has_value());
    BOOST_TEST(identify("ann@kept.example", rules).has_value());
    BOOST_TEST((sought_user("ann@elsewhere.example", rules) ==
                SoughtUser{"ann@elsewhere.example", {}, {store::unknown_organization}}));
}

BOOST_AUTO_TEST_CASE(names_without_a_realm_may_belong_to_an_organization_too) {
    auto rules = realms();
    rules.realms.push_back({"", {9}, true});
    expect(rules, {
                      {"ann",                  {"ann", {}, {9}}   },
                      {"ann@stripped.example", {"ann", {}, {1, 2}}},
                      {"ann@",                 {"ann@"}           },
    });
}

BOOST_AUTO_TEST_CASE(a_domain_before_a_backslash_is_a_realm_if_that_is_wanted) {
    auto rules = realms();
    rules.has_domains = true;
    expect(rules, {
                      {"CORP\\ann",         {"ann", {}, {4}}                               },
                      {"kept.EXAMPLE\\ann", {"kept.EXAMPLE\\ann", "kept.example\\ann", {3}}},
                      {"OTHER\\ann",        {"OTHER\\ann"}                                 },
                      {"ann@corp",          {"ann", {}, {4}}                               },
    });
}

BOOST_AUTO_TEST_CASE(case_may_not_matter_and_the_name_as_sent_comes_first) {
    auto rules = realms();
    rules.ignores_case = true;
    expect(rules, {
                      {"ann",                  {"ann"}                                      },
                      {"Ann",                  {"Ann", "ann"}                               },
                      {"Ann@stripped.example", {"Ann", "ann", {1, 2}}                       },
                      {"Ann@kept.example",     {"Ann@kept.example", "ann@kept.example", {3}}},
                      {"Ann@ELSE.example",     {"Ann@ELSE.example", "ann@else.example"}     },
                      {"ÄRMEL",                {"ÄRMEL", "ärmel"}                           },
                      {"ЖЕНЯ",                 {"ЖЕНЯ", "женя"}                             },
                      {"\xc3X",                {"\xc3X", "\xc3x"}                           },
                      {"日本",                 {"日本"}                                     },
    });
}

BOOST_AUTO_TEST_CASE(a_mac_address_is_sought_in_the_preferred_spelling_too) {
    NameRules rules;
    rules.has_mac_addresses = true;
    expect(rules, {
                      {"001a2b3c4d5e",      {"001a2b3c4d5e", "00-1a-2b-3c-4d-5e"}     },
                      {"00:1A:2B:3C:4D:5E", {"00:1A:2B:3C:4D:5E", "00-1a-2b-3c-4d-5e"}},
                      {"00-1a-2b-3c-4d-5e", {"00-1a-2b-3c-4d-5e"}                     },
                      {"001a.2b3c.4d5e",    {"001a.2b3c.4d5e", "00-1a-2b-3c-4d-5e"}   },
                      {"Ann",               {"Ann"}                                   },
    });
    BOOST_TEST(identify("001a2b3c4d5e", rules)->mac_address.has_value());
    BOOST_TEST(!identify("Ann", rules)->mac_address.has_value());
}

BOOST_AUTO_TEST_CASE(a_name_that_leads_to_its_user_is_of_use_and_others_are_not) {
    auto rules = realms();
    rules.ignores_case = true;
    rules.has_mac_addresses = true;
    struct Judged {
        std::string_view name;
        store::OrganizationId organization;
        bool is_of_use;
    };
    for (const auto& row : std::to_array<Judged>({
             {"ann",                  1, true },
             {"ann",                  8, true },
             {"Ann",                  1, false},
             {"ann@stripped.example", 1, false},
             {"ann@kept.example",     3, true },
             {"ann@kept.example",     1, false},
             {"ann@KEPT.example",     3, false},
             {"ann@else.example",     1, true },
             {"00-1a-2b-3c-4d-5e",    1, true },
             {"00:1a:2b:3c:4d:5e",    1, false},
    })) {
        const auto reason = why_unusable(row.name, row.organization, rules);
        BOOST_TEST(!reason.has_value() == row.is_of_use, row.name << ": " << reason.value_or("of use"));
    }
    rules.realms.push_back({"", {9}, true});
    BOOST_TEST(!why_unusable("ann", 9, rules).has_value());
    BOOST_TEST(!why_unusable("ann", 1, rules).has_value());  // as ann@stripped.example
    BOOST_TEST(why_unusable("ann", 8, rules).has_value());
}

BOOST_AUTO_TEST_CASE(a_realm_is_one_label_or_several) {
    for (const auto* good : {"example.org", "corp", "a-b.c1", "ünïcode.example"})
        BOOST_TEST(is_realm(good), good);
    for (const auto* bad : {"", ".", "a.", ".a", "a..b", "-a.b", "a-.b", "a b", "a@b", "a_b"})
        BOOST_TEST(!is_realm(bad), bad);
    BOOST_TEST(is_realm(std::string(63, 'a')));
    BOOST_TEST(!is_realm(std::string(64, 'a')));
}

BOOST_AUTO_TEST_CASE(an_organization_stands_for_those_below_it_and_a_circle_ends) {
    const Directory directory(
        {
    },
        {
            {.id = 2, .name = {}, .parent = 1},
            {.id = 3, .name = {}, .parent = 2},
            {.id = 4, .name = {}, .parent = {}},
            {.id = 5, .name = {}, .parent = 6},
            {.id = 6, .name = {}, .parent = 5},
        });
    auto family = directory.with_those_below(1);
    std::ranges::sort(family);
    BOOST_TEST((family == std::vector<store::OrganizationId>{1, 2, 3}));
    BOOST_TEST((directory.with_those_below(4) == std::vector<store::OrganizationId>{4}));
    BOOST_TEST(directory.with_those_below(5).size() == 2U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace hourglass::radius
