// Attributes as they are typed on the command line.
#include "cli/profile_rule.hpp"

#include <boost/test/unit_test.hpp>

#include <array>

using namespace hourglass::cli;

BOOST_AUTO_TEST_SUITE(cli_profile_rule)

BOOST_AUTO_TEST_CASE(a_rule_is_a_name_an_operator_and_a_value) {
    struct Row {
        const char* text;
        const char* rule;
    };
    for (const auto& row : std::to_array<Row>({
             {"NAS-Port-Type == Ethernet",      R"({"attribute":"NAS-Port-Type","op":"==","value":"Ethernet"})"},
             {"Filter-Id:=staff",               R"({"attribute":"Filter-Id","op":":=","value":"staff"})"       },
             {"Tunnel-Type:1 := VLAN",          R"({"attribute":"Tunnel-Type:1","op":":=","value":"VLAN"})"    },
             {"Cisco-AVPair += \"a=b, c\"",     R"({"attribute":"Cisco-AVPair","op":"+=","value":"a=b, c"})"   },
             {"Called-Station-SSID =~ ^a|b=c$",
              R"({"attribute":"Called-Station-SSID","op":"=~","value":"^a|b=c$"})"                             },
             {"Filter-Id =*",                   R"({"attribute":"Filter-Id","op":"=*","value":""})"            },
             {"NAS-Port>=7",                    R"({"attribute":"NAS-Port","op":">=","value":"7"})"            },
             {"Filter-Id",                      "null"                                                         },
             {"== x",                           "null"                                                         },
             {"",                               "null"                                                         },
    }))
        BOOST_TEST(parse_rule(row.text).value_or(Json()).dump() == row.rule, row.text);
}

BOOST_AUTO_TEST_CASE(a_rule_is_shown_as_it_is_typed) {
    for (const auto* const text : {"NAS-Port-Type == Ethernet", "Filter-Id !*"})
        BOOST_TEST(show_rule(*parse_rule(text)) == text);
}

BOOST_AUTO_TEST_SUITE_END()
