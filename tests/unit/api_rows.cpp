// Lines, CSV and rows of users, whole and cut into pieces anywhere.
#include "api/row_format.hpp"
#include "api/text.hpp"
#include "store/utf8.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <ostream>

using namespace hourglass::api;

namespace {

constexpr std::size_t record_octets_max = 40;

// Feeds `text` in pieces of `piece_octets` to something that has feed(), end() and next(), and hands on what
// comes.
void read_in_pieces(auto& reader, std::string_view text, std::size_t piece_octets, auto take) {
    const auto drain = [&] {
        while (auto item = reader.next())
            take(*item);
    };
    for (std::size_t at = 0; at < text.size(); at += piece_octets) {
        reader.feed(text.substr(at, piece_octets));
        drain();
    }
    reader.end();
    drain();
}

// "1:a|"b"" is line 1 with a cell a and a quoted cell b; records are separated by spaces; a breakage follows
// "!".
std::string csv_outcome(std::string_view text, std::size_t piece_octets) {
    CsvReader reader(record_octets_max);
    std::string outcome;
    read_in_pieces(reader, text, piece_octets, [&](const CsvRecord& record) {
        if (!outcome.empty()) outcome += ' ';
        outcome += std::to_string(record.line) + ":";
        bool is_first = true;
        for (const auto& cell : record.cells) {
            if (!std::exchange(is_first, false)) outcome += '|';
            outcome += cell.is_quoted ? "\"" + cell.text + "\"" : cell.text;
        }
    });
    return reader.breakage().empty() ? outcome : outcome + "!" + reader.breakage();
}

struct CsvSample {
    std::string_view text;
    std::string_view outcome;
};
std::ostream& operator<<(std::ostream& out, const CsvSample& sample) {
    return out << sample.text;
}

constexpr auto csv_samples = std::to_array<CsvSample>({
    {"",                                                ""                                                             },
    {"a,b\r\nc,d\r\n",                                  "1:a|b 2:c|d"                                                  },
    {"a,b\nc,d",                                        "1:a|b 2:c|d"                                                  },
    {"a,b\r\nc,d\r",                                    "1:a|b 2:c|d"                                                  },
    {"a,,\"\"\n",                                       "1:a||\"\""                                                    },
    {"a,",                                              "1:a|"                                                         },
    {"\n\r\na\n\n",                                     "3:a"                                                          },
    {"\"\"\n",                                          "1:\"\""                                                       },
    {"\"a\"\"b\",\"c,d\"\n",                            "1:\"a\"b\"|\"c,d\""                                           },
    {"\"a\r\nb\"\nc\n",                                 "1:\"a\r\nb\" 3:c"                                             },
    {" a , \t\n",                                       "1: a | \t"                                                    },
    {"a\n\"b",                                          "1:a!Line 2: a quoted value has no end."                       },
    {"a\nb\"c\n",                                       "1:a!Line 2: a quote stands inside a value that is not quoted."},
    {"\"a\"b\n",                                        "!Line 1: something follows the closing quote of a value."     },
    {"a\rb\n",                                          "!Line 1: a carriage return stands alone."                     },
    {"0123456789012345678901234567890123456789\r\na",   "1:0123456789012345678901234567890123456789 2:a"               },
    {"01234567890123456789012345678901234567890123\na", "!Line 1: the row has more than 40 octets."                    },
});

std::string line_outcome(std::string_view text, std::size_t piece_octets) {
    LineSplitter splitter(5);
    std::string outcome;
    read_in_pieces(splitter, text, piece_octets, [&](const Line& line) {
        outcome +=
            std::to_string(line.number) + (line.is_too_long ? "!" : ":" + std::string(line.text)) + " ";
    });
    return outcome;
}

struct LineSample {
    std::string_view text;
    std::string_view outcome;
};
std::ostream& operator<<(std::ostream& out, const LineSample& sample) {
    return out << sample.text;
}

constexpr auto line_samples = std::to_array<LineSample>({
    {"",                  ""                },
    {"a\nb\n",            "1:a 2:b "        },
    {"a\r\nb",            "1:a 2:b "        },
    {"\n\na",             "1: 2: 3:a "      },
    {"12345\r\n12345",    "1:12345 2:12345 "},
    {"123456\na\n",       "1! 2:a "         },
    {"12345678901234\na", "1! 2:a "         },
    {"12345678901234",    "1! "             },
});

constexpr auto fields = std::to_array<Field>({
    integer("id").read_only(),
    text("username").always_required(),
    text("email").nullable(),
    text("password").masked().required_on_post().kept_by_put(),
    boolean("is_active").or_else("1").kept_by_put(),
    list("profile").or_else("[]"),
    integer("user_time").nullable().kept_by_put(),
});

// The body of the only row, or its problem, or why there is none.
std::string csv_row(std::string_view text) {
    RowReader reader(RowForm::csv, fields);
    std::string outcome;
    read_in_pieces(reader, text, 7,
                   [&](const Row& row) { outcome += row.problem.empty() ? to_text(row.body) : row.problem; });
    return reader.breakage().empty() ? outcome : outcome + reader.breakage();
}

struct RowSample {
    std::string_view text;
    std::string_view outcome;
};
std::ostream& operator<<(std::ostream& out, const RowSample& sample) {
    return out << sample.text;
}

constexpr auto row_samples = std::to_array<RowSample>({
    {"username,email\nann,",                                   R"({"username":"ann","email":null})"             },
    {"username,email\nann,\"\"",                               R"({"username":"ann","email":""})"               },
    {"\xEF\xBB\xBFusername\nann",                              R"({"username":"ann"})"                          },
    {" username , email\nann,x",                               R"({"username":"ann","email":"x"})"              },
    // Nothing is not a value for what cannot be null, and never time without end.
    {"username,is_active,password,user_time,profile\nann,,,,", R"({"username":"ann"})"                          },
    {"username,user_time\nann,unmetered",                      R"({"username":"ann","user_time":null})"         },
    {"username,user_time\nann,60",                             R"({"username":"ann","user_time":"60"})"         },
    {"username,profile\nann,gold; wifi",                       R"({"username":"ann","profile":["gold","wifi"]})"},
    {"username,profile\nann,\"[\"\"a;b\"\"]\"",                R"({"username":"ann","profile":["a;b"]})"        },
    {"username,profile\nann,[]",                               R"({"username":"ann","profile":[]})"             },
    {"username,profile\nann,[gold",                            R"({"username":"ann","profile":"[gold"})"        },
    {"username,email\nann",                                    "The row has 1 values, the header 2."            },
    {"username\n\xC3\x28",                                     "The row is not UTF-8."                          },
    {"username,nickname\nann,x",                               R"(Line 1: there is no field "nickname".)"       },
    {"username,email,username\nann,x,ann",                     R"(Line 1: the column "username" comes twice.)"  },
    {"\xEF\xBB",                                               "Line 1: there is no field \"\xEF\xBF\xBD\"."    },
});

std::string ndjson_rows(std::string_view text) {
    RowReader reader(RowForm::ndjson, fields);
    std::string outcome;
    read_in_pieces(reader, text, 5, [&](const Row& row) {
        outcome += std::to_string(row.number) + "@" + std::to_string(row.line) + ":" +
                   (row.problem.empty() ? to_text(row.body) : row.problem) + " ";
    });
    return outcome;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(api_rows)

BOOST_DATA_TEST_CASE(csv_is_read_alike_in_pieces_of_any_size, csv_samples) {
    for (std::size_t octets = 1; octets <= sample.text.size() + 1; ++octets)
        BOOST_TEST(csv_outcome(sample.text, octets) == sample.outcome, "in pieces of " << octets);
}

BOOST_DATA_TEST_CASE(lines_are_read_alike_in_pieces_of_any_size, line_samples) {
    for (std::size_t octets = 1; octets <= sample.text.size() + 1; ++octets)
        BOOST_TEST(line_outcome(sample.text, octets) == sample.outcome, "in pieces of " << octets);
}

BOOST_AUTO_TEST_CASE(a_row_has_a_limit_to_its_cells) {
    const std::string most(csv_cells_max - 1, ',');
    CsvReader reader(row_octets_max);
    reader.feed(most + "\n" + most + ",\n");
    const auto record = reader.next();
    BOOST_REQUIRE(record.has_value());
    BOOST_TEST(record->cells.size() == csv_cells_max);
    BOOST_TEST(!reader.next().has_value());
    BOOST_TEST(reader.breakage() == "Line 2: the row has more than 64 values.");
}

BOOST_DATA_TEST_CASE(a_csv_row_is_the_body_of_a_post, row_samples) {
    BOOST_TEST(csv_row(sample.text) == sample.outcome);
}

BOOST_AUTO_TEST_CASE(an_ndjson_row_is_counted_apart_from_its_line_and_a_bad_one_does_not_end_the_rest) {
    BOOST_TEST(ndjson_rows("\xEF\xBB\xBF{\"a\":1}\n\n{\n\"x\"\n") ==
               "1@1:{\"a\":1} 2@3:JSON parse error - Invalid syntax: line 1 column 2 (char 1) 3@4:\"x\" ");
    BOOST_TEST(ndjson_rows(std::string(row_octets_max + 1, ' ') + "\n{}") ==
               "1@1:The row has more than 65536 octets. 2@2:{} ");
}

BOOST_AUTO_TEST_CASE(what_is_written_as_csv_is_read_as_the_same) {
    const auto record = parse_json(R"({"id": 7, "username": "a,\"b\"\r\n", "email": "", "password": "****",)"
                                   R"( "is_active": false, "profile": ["a;b", "ü"], "user_time": null})");
    BOOST_REQUIRE(record.has_value());
    const auto line = to_row(RowForm::csv, fields, record->value);
    BOOST_TEST(line == "7,\"a,\"\"b\"\"\r\n\",\"\",****,false,\"[\"\"a;b\"\",\"\"ü\"\"]\",unmetered\r\n");
    BOOST_TEST(csv_row(csv_header(fields) + line) ==
               R"({"id":"7","username":"a,\"b\"\r\n","email":"","password":"****","is_active":"false",)"
               R"("profile":["a;b","ü"],"user_time":null})");
}

BOOST_AUTO_TEST_CASE(what_is_no_utf8_is_told_from_what_is) {
    for (const auto* text : {"", "a", "\xC2\x80", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xF4\x8F\xBF\xBF"})
        BOOST_TEST(hourglass::store::is_utf8(text), text);
    for (const auto* text : {"\x80", "\xC1\x80", "\xC2", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xF4\x90\x80\x80",
                             "\xF5\x80\x80\x80", "\xE2\x82", "\xF0\x90\x80g", "\xFF"})
        BOOST_TEST(!hourglass::store::is_utf8(text), text);
}

BOOST_AUTO_TEST_SUITE_END()
