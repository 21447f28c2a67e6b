// Dictionary files: what they teach, and the sentence about what is wrong with one.
#include "radius/dictionary_builtin.hpp"
#include "radius/dictionary_file.hpp"

#include <boost/test/unit_test.hpp>

#include <map>

namespace hourglass::radius {
namespace {

using Files = std::map<std::string, std::string>;

ReadText reader_of(const Files& files) {
    return [files](const std::string& path) -> std::optional<std::string> {
        const auto found = files.find(path);
        return found == files.end() ? std::nullopt : std::optional(found->second);
    };
}

Dictionary dictionary_of(const Files& files) {
    Dictionary dictionary;
    add_builtin(dictionary);
    read_dictionary(dictionary, "/d/main", reader_of(files));
    return dictionary;
}

Dictionary dictionary_of(const std::string& text) {
    return dictionary_of(Files{
        {"/d/main", text}
    });
}

// "" if there is nothing wrong.
std::string mistake_in(const Files& files) {
    try {
        dictionary_of(files);
        return "";
    } catch (const DictionaryError& error) {
        return error.what();
    }
}

std::string path_of(const Dictionary& dictionary, std::string_view name) {
    const auto* definition = dictionary.find(name);
    return definition ? show_path(path_of(*definition)) : "none";
}

BOOST_AUTO_TEST_SUITE(radius_dictionary_file)

BOOST_AUTO_TEST_CASE(a_vendors_attributes_and_the_names_of_their_values_are_learned) {
    const auto dictionary = dictionary_of(R"(
# Acme's own
VENDOR          Acme            9999
BEGIN-VENDOR    Acme
ATTRIBUTE       Acme-Rate       1       integer     # kbit/s
ATTRIBUTE       Acme-Mode       0x02    byte
VALUE           Acme-Mode       Fast    1
VALUE           Acme-Mode       Slow    0x02
ATTRIBUTE       Acme-Secret     3       octets[16] encrypt=2
ATTRIBUTE       Acme-Group      4       string has_tag
END-VENDOR      Acme
)");
    BOOST_TEST(path_of(dictionary, "Acme-Rate") == "26.9999.1");
    BOOST_TEST(path_of(dictionary, "acme-RATE") == "26.9999.1");
    const auto& mode = *dictionary.find("Acme-Mode");
    BOOST_TEST((mode.type == DataType::byte));
    BOOST_TEST(dictionary.value_name(mode, 2) == "Slow");
    BOOST_TEST(dictionary.find_value(mode, "fast").value() == 1U);
    BOOST_TEST(!dictionary.find_value(mode, "medium").has_value());
    const auto& secret = *dictionary.find("Acme-Secret");
    BOOST_TEST(secret.flags.exact_octets == 16);
    BOOST_TEST((secret.flags.encryption == Encryption::tunnel_password));
    BOOST_TEST(dictionary.find("Acme-Group")->flags.has_tag);
}

BOOST_AUTO_TEST_CASE(what_is_inside_of_what_is_told_by_numbers_or_by_blocks) {
    const auto dictionary = dictionary_of(R"(
VENDOR Acme 9999 format=2,1,c
BEGIN-VENDOR Acme
ATTRIBUTE Acme-Place 700 tlv
ATTRIBUTE Acme-Room 700.1 string
BEGIN-TLV Acme-Place
ATTRIBUTE Acme-Floor 2 byte
ATTRIBUTE Acme-Desk 3 tlv
BEGIN-TLV Acme-Desk
ATTRIBUTE Acme-Drawer 1 short
END-TLV Acme-Desk
END-TLV
END-VENDOR
ATTRIBUTE Frag-Status 241.1 integer
ATTRIBUTE Extended-Vendor-Specific-5 245.26 evs
BEGIN-VENDOR Acme parent=Extended-Vendor-Specific-5
ATTRIBUTE Acme-Long 7 octets
END-VENDOR Acme
ATTRIBUTE Other-Style 9 string Acme
)");
    BOOST_TEST(path_of(dictionary, "Acme-Room") == "26.9999.700.1");
    BOOST_TEST(path_of(dictionary, "Acme-Floor") == "26.9999.700.2");
    BOOST_TEST(path_of(dictionary, "Acme-Drawer") == "26.9999.700.3.1");
    BOOST_TEST(path_of(dictionary, "Frag-Status") == "241.1");
    BOOST_TEST(path_of(dictionary, "Acme-Long") == "245.26.9999.7");
    BOOST_TEST(path_of(dictionary, "Other-Style") == "26.9999.9");
    BOOST_TEST((dictionary.find_vendor("Acme")->format == VendorFormat{2, 1, true}));
}

BOOST_AUTO_TEST_CASE(a_structures_members_follow_it) {
    const auto dictionary = dictionary_of(
        "ATTRIBUTE Place 201 struct\n"
        "MEMBER Place-Floor byte\n"
        "MEMBER Place-Kind short\n"
        "STRUCT Place-Office Place-Kind 7\n"
        "MEMBER Office-Name string\n");
    BOOST_TEST(path_of(dictionary, "Place-Floor") == "201.1");
    BOOST_TEST(path_of(dictionary, "Place-Kind") == "201.2");
    BOOST_TEST(dictionary.value_name(*dictionary.find("Place-Kind"), 7) == "Place-Office");
}

BOOST_AUTO_TEST_CASE(files_include_files_beside_them) {
    const auto dictionary = dictionary_of(Files{
        {"/d/main",       "$INCLUDE acme/one\n$INCLUDE- acme/absent\n$INCLUDE /etc/two\n"},
        {"/d/acme/one",   "$INCLUDE three\nATTRIBUTE One 201 string\n"                   },
        {"/d/acme/three", "VALUE One-Number Early 1\nATTRIBUTE One-Number 202 integer"   },
        {"/etc/two",      "\tattribute\tTwo\t203 STRING\r\n"                             },
    });
    BOOST_TEST(path_of(dictionary, "One") == "201");
    BOOST_TEST(path_of(dictionary, "Two") == "203");
    BOOST_TEST(dictionary.value_name(*dictionary.find("One-Number"), 1) == "Early");
}

BOOST_AUTO_TEST_CASE(of_several_names_for_a_number_all_are_known_and_the_last_is_shown) {
    const auto dictionary = dictionary_of(
        "ATTRIBUTE Old-Name 201 integer\n"
        "ATTRIBUTE New-Name 201 integer\n"
        "VALUE Old-Name One 1\n"
        "VALUE New-Name Uno 1\n");
    const auto& old_name = *dictionary.find("Old-Name");
    BOOST_TEST(dictionary.find({201})->name == "New-Name");
    BOOST_TEST(dictionary.value_name(old_name, 1) == "Uno");
    BOOST_TEST(dictionary.find_value(*dictionary.find("New-Name"), "One").value() == 1U);
}

BOOST_AUTO_TEST_CASE(files_may_tell_more_of_what_the_daemon_knows_itself) {
    const auto dictionary = dictionary_of("ATTRIBUTE Class 25 octets\nVALUE Error-Cause Acme-Cause 999\n");
    BOOST_TEST((dictionary.find("Class")->type == DataType::octets));
    BOOST_TEST(dictionary.value_name(*dictionary.find("Error-Cause"), 999) == "Acme-Cause");
}

BOOST_AUTO_TEST_CASE(every_mistake_has_its_sentence_with_file_and_line) {
    struct Row {
        std::string text;
        std::string sentence;
    };
    const std::string begin = "VENDOR Acme 9999\nBEGIN-VENDOR Acme\n";
    for (const auto& [text, sentence] : std::vector<Row>{
             {"ATTRIBUT X 201 string", "1: there is no statement 'ATTRIBUT'"},
             {"ATTRIBUTE X 201", "1: it reads: ATTRIBUTE name number type [flags]"},
             {"\n\nATTRIBUTE X 201 strnig", "3: there is no type 'strnig'"},
             {"ATTRIBUTE X two string", "1: 'two' is no number"},
             {"ATTRIBUTE X 4294967296 string", "1: the number 4294967296 is too large"},
             {"ATTRIBUTE X 99999999999999999999 byte", "1: '99999999999999999999' is no number"},
             {begin + "ATTRIBUTE X 256 string",
              "3: the number 256 of 'X' is too large: 255 is the largest in 'Acme'"},
             {"ATTRIBUTE X 201 string has_tgs", "1: there is no flag 'has_tgs'"},
             {"ATTRIBUTE X 201 octets[0]", "1: 'octets[0]' has no length from 1 to 253 in its brackets"},
             {"ATTRIBUTE X 201 octets[", "1: 'octets[' has no length from 1 to 253 in its brackets"},
             {"ATTRIBUTE User-Name 201 string", "1: 'User-Name' is the name of attribute 1 already"},
             {"ATTRIBUTE X 1.1 string", "1: 'User-Name' is a string and has no attributes in it"},
             {"ATTRIBUTE X 241.9.1 string", "1: there is no attribute 9 in 'Extended-Attribute-1'"},
             {"ATTRIBUTE X 26.9 string",
              "1: attributes of a vendor stand between BEGIN-VENDOR and END-VENDOR"},
             {"VALUE X One 1", "1: there is no ATTRIBUTE 'X'"},
             {"VALUE Session-Timeout One 1\nVALUE Session-Timeout One 2",
              "2: 'One' is the name of value 1 of 'Session-Timeout' already"},
             {"VALUE Session-Timeout Big 4294967296",
              "1: the value 4294967296 is too large for 'Session-Timeout', which takes a number from 0 to "
              "4294967295"},
             {"VALUE User-Name Ann 1", "1: values of 'User-Name' have no names: it takes a text"},
             {"VENDOR Acme 1 format=3,1",
              "1: 'format=3,1' is no format: it takes the octets of the type (1, 2 or 4), those of the "
              "length (0, 1 "
              "or 2), and a c if values may be continued"},
             {"VENDOR Acme 1\nVENDOR Acme 2", "2: 'Acme' is the name of vendor 1 already"},
             {"BEGIN-VENDOR Acme", "1: there is no VENDOR 'Acme'"},
             {begin, "2: END-VENDOR Acme is missing"},
             {begin + "END-VENDOR Acne",
              "3: here comes END-VENDOR Acne, but line 2 asks for END-VENDOR Acme first"},
             {begin + "END-TLV", "3: here comes END-TLV, but line 2 asks for END-VENDOR Acme first"},
             {"END-VENDOR Acme", "1: 'END-VENDOR' without its BEGIN"},
             {"BEGIN-TLV User-Name", "1: 'User-Name' is not of type tlv"},
             {"MEMBER X byte", "1: a MEMBER follows an ATTRIBUTE of type struct"},
             {"$INCLUDE absent", "1: /d/absent cannot be read"},
             {"$INCLUDE main", "1: the file includes itself by way of /d/main"},
             {std::string(10'000, 'x'), "1: the line is longer than 1024 octets"},
    })
        BOOST_TEST(mistake_in(Files{
                       {"/d/main", text}
        }) == "/d/main:" + sentence);
}

BOOST_AUTO_TEST_CASE(a_mistake_in_an_included_file_names_that_file) {
    BOOST_TEST(mistake_in(Files{
                   {"/d/main", "\n$INCLUDE two"                   },
                   {"/d/two",  "ATTRIBUTE X 201 string\n\nEND-TLV"}
    }) ==
               "/d/two:3: 'END-TLV' without its BEGIN");
}

BOOST_AUTO_TEST_CASE(files_that_include_each_other_for_ever_come_to_an_end) {
    Files files;
    for (int i = 0; i < 100; ++i)
        files["/d/" + std::to_string(i)] = "$INCLUDE " + std::to_string(i + 1);
    files["/d/main"] = "$INCLUDE 0";
    BOOST_TEST(mistake_in(files) == "/d/14:1: files include each other deeper than 16");
    BOOST_TEST(mistake_in(Files{
                   {"/d/main", "$INCLUDE two"   },
                   {"/d/two",  "$INCLUDE ./main"}
    }) ==
               "/d/two:1: the file includes itself by way of /d/main");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace hourglass::radius
