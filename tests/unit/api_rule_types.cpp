// Fields with a syntax of their own: attributes, login times, networks, requirements.
#include "api/resource.hpp"

#include <boost/test/unit_test.hpp>

#include <array>

using namespace hourglass;
using namespace hourglass::api;

namespace {

constexpr auto fields = std::to_array<Field>({
    integer("id").at_least(1).fixed(),
    list("reply", attribute_type).or_else("[]"),
    Field("final_action", final_action_type).or_else(R"("disconnect")"),
    Field("login_time", login_time_type).nullable(),
    Field("address", network_type),
    Field("require", requirement_type).or_else("auto"),
});

struct Row {
    std::string_view body;
    std::string_view outcome;  // what is stored, or the errors
};

constexpr auto rows = std::to_array<Row>({
    {R"({"reply": []})",                                                                "reply=[]"                                                        },
    {R"({"reply": [{"attribute": "Framed-MTU", "op": ":=", "value": 1400}]})",
     R"(reply=[{"attribute":"Framed-MTU","op":":=","value":"1400"}])"                                                                                     },
    {R"({"reply": [{"value": "x", "op": "=~", "attribute": " A.b-9 ", "more": 1}]})",
     R"(reply=[{"attribute":"A.b-9","op":"=~","value":"x"}])"                                                                                             },
    {R"({"reply": [{"attribute": "Class", "op": "!*"}]})",
     R"(reply=[{"attribute":"Class","op":"!*","value":""}])"                                                                                              },
    {R"({"reply": {}})",                                                                R"({"reply":["Expected a list of items but got type \"dict\"."]})"},
    {R"({"reply": [{"attribute": "Class", "op": "=", "value": "x"}, 5]})",
     R"({"reply":{"1":{"non_field_errors":["Invalid data. Expected a dictionary, but got int."]}}})"                                                      },
    {R"({"reply": [{}]})",
     R"({"reply":{"0":{"attribute":["This field is required."],"op":["This field is required."]}}})"                                                      },
    {R"({"reply": [{"attribute": "Class", "op": "="}]})",
     R"({"reply":{"0":{"value":["This field is required."]}}})"                                                                                           },
    {R"({"reply": [{"attribute": "Cl ass", "op": "=>", "value": []}]})",
     R"({"reply":{"0":{"attribute":["Enter the name of an attribute: letters, digits, \"-\", \".\", \"_\", \"/\", and \":\" before a tag."],)"
     R"("op":["\"=>\" is not a valid choice."],"value":["Not a valid string."]}}})"                                                                       },
    {R"({"reply": [null]})",                                                            R"({"reply":{"0":["This field may not be null."]}})"              },

    {R"({"final_action": "disconnect"})",                                               R"(final_action="disconnect")"                                    },
    {R"({"final_action": [{"attribute": "Filter-Id", "op": "=", "value": "garden"}]})",
     R"(final_action=[{"attribute":"Filter-Id","op":"=","value":"garden"}])"                                                                              },
    {R"({"final_action": "stay"})",
     R"({"final_action":["Must be \"disconnect\" or a list of attributes."]})"                                                                            },
    {R"({"final_action": [1]})",
     R"({"final_action":{"0":{"non_field_errors":["Invalid data. Expected a dictionary, but got int."]}}})"                                               },

    {R"({"login_time": "Wk0800-1700,Sa"})",                                             "login_time=Wk0800-1700,Sa"                                       },
    {R"({"login_time": null})",                                                         "login_time=null"                                                 },
    {R"({"login_time": "always"})",
     R"({"login_time":["\"always\" does not end in a range of hours such as 0800-1730."]})"                                                               },
    {R"({"login_time": "Fr5"})",
     R"({"login_time":["\"Fr5\" does not end in a range of hours such as 0800-1730."]})"                                                                  },
    {R"({"login_time": 5})",
     R"({"login_time":["\"5\" does not begin with a day: Su, Mo, Tu, We, Th, Fr, Sa, Wk, Any or Al."]})"                                                  },

    {R"({"address": " 2001:DB8::/32 "})",                                               "address=2001:db8::/32"                                           },
    {R"({"address": "192.0.2.9/24"})",
     R"({"address":["The address has bits set beyond the prefix: did you mean 192.0.2.0/24?"]})"                                                          },
    {R"({"address": "nas1"})",
     R"({"address":["Enter an IPv4 or IPv6 address, or a prefix such as 192.0.2.0/24 or 2001:db8::/32."]})"                                               },
    {R"({"address": ""})",                                                              R"({"address":["This field may not be blank."]})"                 },

    {R"({"require": "auto"})",                                                          "require=auto"                                                    },
    {R"({"require": true})",                                                            "require=1"                                                       },
    {R"({"require": "false"})",                                                         "require=0"                                                       },
    {R"({"require": "never"})",                                                         R"({"require":["Must be \"auto\", true or false."]})"             },

    {R"({"id": "x"})",                                                                  ""                                                                },
});

std::string outcome_of(std::string_view body, Write write) {
    const auto record = parse_record(fields, parse_json(body)->value, write);
    if (!record.errors.empty()) return to_text(record.errors);
    std::string text;
    for (const auto& [name, value] : record.values)
        text += (text.empty() ? "" : " ") + name + "=" + value.value_or("null");
    return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(api_rule_types)

BOOST_AUTO_TEST_CASE(each_value_becomes_its_one_form_or_an_error_by_its_place) {
    for (const auto& row : rows)
        BOOST_TEST_CONTEXT(row.body) {
            BOOST_TEST(outcome_of(row.body, Write::patch) == row.outcome);
        }
}

BOOST_AUTO_TEST_CASE(what_is_stored_is_shown_as_it_was_sent) {
    const auto shown = show_record(fields, {
                                               {"id",           "3"                                          },
                                               {"final_action", R"("disconnect")"                            },
                                               {"reply",        R"([{"attribute":"A","op":"=","value":"b"}])"},
                                               {"require",      "1"                                          }
    });
    BOOST_TEST(to_text(shown) ==
               R"({"id":3,"reply":[{"attribute":"A","op":"=","value":"b"}],"final_action":"disconnect",)"
               R"("login_time":null,"address":null,"require":true})");
}

BOOST_AUTO_TEST_CASE(a_fixed_field_is_set_by_a_post_alone) {
    BOOST_TEST(outcome_of(R"({"id": 5})", Write::patch) == "");
    BOOST_TEST(outcome_of(R"({"id": 5, "address": "192.0.2.1"})", Write::post).find("id=5") !=
               std::string::npos);
    BOOST_TEST(outcome_of(R"({"id": 0})", Write::post) ==
               R"({"id":["Ensure this value is greater than or equal to 1."]})");
}

BOOST_AUTO_TEST_SUITE_END()
