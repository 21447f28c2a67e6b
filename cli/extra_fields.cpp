#include "cli/extra_fields.hpp"

#include "cli/field_flags.hpp"
#include "cli/usage.hpp"

#include <algorithm>
#include <array>

namespace hourglass::cli {

namespace {

constexpr std::array text_flags{
    FieldFlag{"--gender",          "gender",          "f, m or another text"         },
    FieldFlag{"--age-range",       "age_range",       "Such as 25-34"                },
    FieldFlag{"--birthday",        "birthday",        "A day, such as 1990-05-04"    },
    FieldFlag{"--locale",          "locale",          "Language and country"         },
    FieldFlag{"--address",         "address",         "Street and number"            },
    FieldFlag{"--hometown",        "hometown",        "Home town"                    },
    FieldFlag{"--city",            "city",            "City"                         },
    FieldFlag{"--state",           "state",           "State or province"            },
    FieldFlag{"--postal-code",     "postal_code",     "Postal code"                  },
    FieldFlag{"--country",         "country",         "Country"                      },
    FieldFlag{"--location",        "location",        "Where he is to be found"      },
    FieldFlag{"--telephone",       "telephone",       "Telephone number"             },
    FieldFlag{"--company",         "company",         "Company"                      },
    FieldFlag{"--title",           "title",           "Title"                        },
    FieldFlag{"--passport-number", "passport_number", "Kept encrypted"               },
    FieldFlag{"--country-id",      "country_id",      "Identity card; kept encrypted"},
    FieldFlag{"--tax-id",          "tax_id",          "Kept encrypted"               },
    FieldFlag{"--event",           "event",           "What he came for"             },
    FieldFlag{"--custom-field-1",  "custom_field_1",  "Whatever you like"            },
    FieldFlag{"--custom-field-2",  "custom_field_2",  "The same"                     },
    FieldFlag{"--custom-field-3",  "custom_field_3",  "The same"                     },
    FieldFlag{"--custom-field-4",  "custom_field_4",  "The same"                     },
    FieldFlag{"--custom-field-5",  "custom_field_5",  "The same"                     },
    FieldFlag{"--custom-field-6",  "custom_field_6",  "The same"                     },
    FieldFlag{"--custom-field-7",  "custom_field_7",  "The same"                     },
    FieldFlag{"--custom-field-8",  "custom_field_8",  "The same"                     },
};

constexpr auto other_words = std::to_array<const char*>({"age", "accept-terms"});

}  // namespace

void add_extra_field_flags(CLI::App& command, Json& body) {
    add_text_flags(command, body, text_flags);
    command
        .add_option_function<std::string>(
            "--age",
            [&body](const std::string& text) {
                body["age"] = text.empty() ? Json(nullptr) : Json::parse(text);
            },
            "Years; \"\" for none")
        ->check(expect_number_or_nothing);
    command
        .add_option_function<std::string>(
            "--accept-terms", [&body](const std::string& text) { body["accept_terms"] = text == "true"; },
            "Whether the terms were accepted")
        ->check(CLI::IsMember({"true", "false"}));
}

std::vector<std::string> extra_field_words() {
    std::vector<std::string> words(other_words.begin(), other_words.end());
    for (const auto& row : text_flags)
        words.push_back(std::string(row.flag).substr(2));
    return words;
}

std::string extra_field(std::string word) {
    std::ranges::replace(word, '-', '_');
    return word;
}

}  // namespace hourglass::cli
