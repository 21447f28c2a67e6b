// The dialect of the API, as rows: what a client sends for a field, and what becomes of it.
#include "api/resource.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <ostream>

using namespace hourglass;
using namespace hourglass::api;

namespace {

constexpr auto scope_names = std::to_array<std::string_view>({"read", "write"});

constexpr auto fields = std::to_array<Field>({
    integer("id").read_only(),
    text("username").octets(10).characters(10).always_required(),
    text("nickname").nullable(),
    text("password").masked().required_on_post().kept_by_put(),
    email("email").nullable(),
    url("avatar_url").nullable(),
    boolean("is_active").or_else("1").kept_by_put(),
    boolean("accept_terms").nullable(),
    integer("seconds").at_least(0).nullable().kept_by_put().shown_if_asked(),
    reference("parent").kept_by_put(),
    datetime("expiration").nullable(),
    date("birthday").nullable(),
    list("profile").or_else("[]"),
    list_of_choices("scopes", scope_names).never_empty(),
    list("organizations", integer_type).at_least(1),
});

// The stored text after the field's name, "null" if the field is taken away, or the errors as JSON.
struct Row {
    std::string_view body;
    std::string_view outcome;
};

std::ostream& operator<<(std::ostream& out, const Row& row) {
    return out << row.body;
}

std::string outcome_of(std::string_view body, Write write) {
    const auto parsed = parse_json(body);
    if (!parsed) return parsed.error().detail;
    const auto record = parse_record(fields, parsed->value, write);
    if (!record.errors.empty()) return to_text(record.errors);
    std::string text;
    for (const auto& [name, value] : record.values) {
        if (!text.empty()) text += " ";
        text += name + "=" + value.value_or("null");
    }
    return text;
}

const auto patches = std::to_array<Row>({
    // Strings take numbers, are trimmed, and then judged.
    {R"({"username": "anna"})",                         "username=anna"                                                                 },
    {R"({"username": " \u00a0anna\u3000\t"})",          "username=anna"                                                                 },
    {R"({"username": 5})",                              "username=5"                                                                    },
    {R"({"username": 5.0})",                            "username=5.0"                                                                  },
    {R"({"nickname": 1e16})",                           "nickname=1e+16"                                                                },
    {R"({"nickname": 123456789012345678901234567890})", "nickname=123456789012345678901234567890"                                       },
    {R"({"username": true})",                           R"({"username":["Not a valid string."]})"                                       },
    {R"({"username": ["a"]})",                          R"({"username":["Not a valid string."]})"                                       },
    {R"({"username": {}})",                             R"({"username":["Not a valid string."]})"                                       },
    {R"({"username": null})",                           R"({"username":["This field may not be null."]})"                               },
    {R"({"username": "  "})",                           R"({"username":["This field may not be blank."]})"                              },
    {R"({"nickname": " "})",                            "nickname="                                                                     },
    {R"({"nickname": null})",                           "nickname=null"                                                                 },
    {R"({"username": "12345678901"})",
     R"({"username":["Ensure this field has no more than 10 characters."]})"                                                            },
    {R"({"username": "ééééé"})",                        "username=ééééé"                                                                },
    {R"({"username": "éééééé"})",                       R"({"username":["Ensure this field has no more than 10 octets."]})"             },
    {R"({"username": "a\u0000b"})",                     R"({"username":["Null characters are not allowed."]})"                          },
    {R"({"username": "a\ud800b"})",                     R"({"username":["Surrogate characters are not allowed: U+D800."]})"             },
    {R"({"username": "\udfff"})",                       R"({"username":["Surrogate characters are not allowed: U+DFFF."]})"             },
    {R"({"username": "\ud83d\ude00"})",                 "username=\U0001F600"                                                           },
    {R"({"username": "\\ud800"})",                      "username=\\ud800"                                                              },

    // "****" is what a password reads as, so it changes nothing.
    {R"({"password": "****"})",                         ""                                                                              },
    {R"({"password": "*****"})",                        "password=*****"                                                                },
    {R"({"password": ""})",                             R"({"password":["This field may not be blank."]})"                              },

    {R"({"email": "anna@example.org"})",                "email=anna@example.org"                                                        },
    {R"({"email": ""})",                                "email="                                                                        },
    {R"({"email": "anna"})",                            R"({"email":["Enter a valid email address."]})"                                 },
    {R"({"avatar_url": "example.org/a.png"})",          R"({"avatar_url":["Enter a valid URL."]})"                                      },

    {R"({"is_active": true})",                          "is_active=1"                                                                   },
    {R"({"is_active": "True"})",                        "is_active=1"                                                                   },
    {R"({"is_active": 1.0})",                           "is_active=1"                                                                   },
    {R"({"is_active": "on"})",                          "is_active=1"                                                                   },
    {R"({"is_active": "t"})",                           "is_active=1"                                                                   },
    {R"({"is_active": 0})",                             "is_active=0"                                                                   },
    {R"({"is_active": "no"})",                          "is_active=0"                                                                   },
    {R"({"is_active": 2})",                             R"({"is_active":["Must be a valid boolean."]})"                                 },
    {R"({"is_active": ""})",                            R"({"is_active":["Must be a valid boolean."]})"                                 },
    {R"({"is_active": [true]})",                        R"({"is_active":["Must be a valid boolean."]})"                                 },
    {R"({"is_active": null})",                          R"({"is_active":["This field may not be null."]})"                              },
    {R"({"accept_terms": ""})",                         "accept_terms=null"                                                             },
    {R"({"accept_terms": "null"})",                     "accept_terms=null"                                                             },

    {R"({"seconds": "5"})",                             "seconds=5"                                                                     },
    {R"({"seconds": " 5 "})",                           "seconds=5"                                                                     },
    {R"({"seconds": 5.0})",                             "seconds=5"                                                                     },
    {R"({"seconds": "5.0"})",                           "seconds=5"                                                                     },
    {R"({"seconds": 1e3})",                             "seconds=1000"                                                                  },
    {R"({"seconds": -0.0})",                            "seconds=0"                                                                     },
    {R"({"seconds": 5.5})",                             R"({"seconds":["A valid integer is required."]})"                               },
    {R"({"seconds": true})",                            R"({"seconds":["A valid integer is required."]})"                               },
    {R"({"seconds": ""})",                              R"({"seconds":["A valid integer is required."]})"                               },
    {R"({"seconds": "five"})",                          R"({"seconds":["A valid integer is required."]})"                               },
    {R"({"seconds": -1})",                              R"({"seconds":["Ensure this value is greater than or equal to 0."]})"           },
    {R"({"seconds": 9007199254740991})",                "seconds=9007199254740991"                                                      },
    {R"({"seconds": 9007199254740992})",
     R"({"seconds":["Ensure this value is less than or equal to 9007199254740991."]})"                                                  },
    {R"({"seconds": 99999999999999999999})",
     R"({"seconds":["Ensure this value is less than or equal to 9007199254740991."]})"                                                  },
    {R"({"seconds": -99999999999999999999})",
     R"({"seconds":["Ensure this value is greater than or equal to 0."]})"                                                              },

    {R"({"parent": "7"})",                              "parent=7"                                                                      },
    {R"({"parent": ""})",                               R"({"parent":["This field may not be null."]})"                                 },
    {R"({"parent": true})",                             R"({"parent":["Incorrect type. Expected pk value, received bool."]})"           },
    {R"({"parent": "x"})",                              R"({"parent":["Incorrect type. Expected pk value, received str."]})"            },
    {R"({"parent": 99999999999999999999})",
     R"({"parent":["Invalid pk \"99999999999999999999\" - object does not exist."]})"                                                   },

    {R"({"expiration": "1970-01-01T00:01:00Z"})",       "expiration=60"                                                                 },
    {R"({"expiration": null})",                         "expiration=null"                                                               },
    {R"({"expiration": ""})",
     R"({"expiration":["Datetime has wrong format. Use one of these formats instead: )"
     R"(YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z]."]})"                                                                           },
    {R"({"expiration": 60})",
     R"({"expiration":["Datetime has wrong format. Use one of these formats instead: )"
     R"(YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z]."]})"                                                                           },
    {R"({"expiration": "9999-12-31T23:59:59-01:00"})",  R"({"expiration":["Datetime value out of range."]})"                            },
    {R"({"birthday": "1995-6-5"})",                     "birthday=1995-06-05"                                                           },
    {R"({"birthday": "1995-02-29"})",
     R"({"birthday":["Date has wrong format. Use one of these formats instead: YYYY-MM-DD."]})"                                         },

    {R"({"profile": []})",                              "profile=[]"                                                                    },
    {R"({"profile": [" vpn ", 5]})",                    R"(profile=["vpn","5"])"                                                        },
    {R"({"profile": ["vpn", true]})",                   R"({"profile":{"1":["Not a valid string."]}})"                                  },
    {R"({"profile": [null, "", "vpn"]})",
     R"({"profile":{"0":["This field may not be null."],"1":["This field may not be blank."]}})"                                        },
    {R"({"profile": "vpn"})",                           R"({"profile":["Expected a list of items but got type \"str\"."]})"             },
    {R"({"profile": {"a": 1}})",                        R"({"profile":["Expected a list of items but got type \"dict\"."]})"            },
    {R"({"profile": 5})",                               R"({"profile":["Expected a list of items but got type \"int\"."]})"             },
    {R"({"scopes": ["read"]})",                         R"(scopes=["read"])"                                                            },
    {R"({"scopes": ["root"]})",                         R"({"scopes":{"0":["\"root\" is not a valid choice."]}})"                       },
    {R"({"scopes": []})",                               R"({"scopes":["This list may not be empty."]})"                                 },
    {R"({"organizations": ["5", 6]})",                  "organizations=[5,6]"                                                           },
    {R"({"organizations": [0]})",
     R"({"organizations":{"0":["Ensure this value is greater than or equal to 1."]}})"                                                  },

    // All errors at once; read-only and unknown fields are not looked at; the last of repeated keys counts.
    {R"({"username": "", "seconds": -1})",
     R"({"username":["This field may not be blank."],"seconds":["Ensure this value is greater than or equal to 0."]})"                  },
    {R"({"id": "x", "unknown": "\ud800"})",             ""                                                                              },
    {R"({"username": 1, "username": "b"})",             "username=b"                                                                    },
    {"{}",                                              ""                                                                              },
    {"[]",                                              R"({"non_field_errors":["Invalid data. Expected a dictionary, but got list."]})"},
    {R"("x")",                                          R"({"non_field_errors":["Invalid data. Expected a dictionary, but got str."]})" },
    {"5",                                               R"({"non_field_errors":["Invalid data. Expected a dictionary, but got int."]})" },
    {"null",                                            R"({"non_field_errors":["No data provided"]})"                                  },
});

}  // namespace

BOOST_AUTO_TEST_SUITE(api_fields)

BOOST_DATA_TEST_CASE(a_patch_stores_what_it_sends_or_says_what_is_wrong, patches) {
    BOOST_TEST(outcome_of(sample.body, Write::patch) == sample.outcome);
}

BOOST_AUTO_TEST_CASE(a_post_fills_in_defaults_and_names_every_missing_field) {
    BOOST_TEST(outcome_of("{}", Write::post) ==
               R"({"username":["This field is required."],"password":["This field is required."]})");
    BOOST_TEST(outcome_of(R"({"username": "anna", "password": "secret"})", Write::post) ==
               "is_active=1 password=secret profile=[] username=anna");
}

BOOST_AUTO_TEST_CASE(a_post_cannot_leave_a_password_unchanged) {
    BOOST_TEST(outcome_of(R"({"username": "anna", "password": "****"})", Write::post) ==
               R"({"password":["This field is required."]})");
}

BOOST_AUTO_TEST_CASE(a_put_empties_what_it_leaves_out_but_keeps_what_is_marked_so) {
    BOOST_TEST(outcome_of(R"({"username": "anna"})", Write::put) ==
               "accept_terms=null avatar_url=null birthday=null email=null expiration=null nickname=null "
               "profile=[] username=anna");
    BOOST_TEST(outcome_of("{}", Write::put) == R"({"username":["This field is required."]})");
}

BOOST_AUTO_TEST_CASE(an_overlong_text_that_is_no_url_either_gets_both_messages) {
    const std::string body = R"({"avatar_url": ")" + std::string(256, 'a') + R"("})";
    BOOST_TEST(
        outcome_of(body, Write::patch) ==
        R"({"avatar_url":["Ensure this field has no more than 255 characters.","Enter a valid URL."]})");
}

BOOST_AUTO_TEST_CASE(a_reply_has_every_field_in_the_order_of_the_table) {
    const store::Fields stored{
        {"username",   "anna"             },
        {"id",         "7"                },
        {"profile",    R"(["vpn"])"       },
        {"is_active",  "0"                },
        {"seconds",    "3600"             },
        {"expiration", "1735689599.500000"},
        {"birthday",   "1995-06-15"       }
    };
    BOOST_TEST(
        to_text(show_record(fields, stored)) ==
        R"({"id":7,"username":"anna","nickname":null,"password":"****","email":null,"avatar_url":null,)"
        R"("is_active":false,"accept_terms":null,"parent":null,"expiration":"2024-12-31T23:59:59.500000Z",)"
        R"("birthday":"1995-06-15","profile":["vpn"],"scopes":null,"organizations":null})");
}

BOOST_AUTO_TEST_CASE(a_field_that_must_be_asked_for_is_shown_only_then_even_when_unset) {
    const auto asked = std::to_array<std::string_view>({"seconds"});
    BOOST_TEST(show_record(fields, {}, asked).contains("seconds"));
    BOOST_TEST(show_record(fields, {}, asked)["seconds"].is_null());
    BOOST_TEST(!show_record(fields, {}).contains("seconds"));
}

BOOST_AUTO_TEST_SUITE_END()
