#include "radius/dictionary_words.hpp"

#include "radius/letter_case.hpp"
#include "radius/packet.hpp"

#include <limits>

namespace hourglass::radius {
namespace {

constexpr std::string_view blanks = " \t\r\v\f";

// Takes what stands before the next comma.
std::string_view take_item(std::string_view& list) {
    const auto end = list.find(',');
    const auto item = list.substr(0, end);
    list.remove_prefix(end == list.npos ? list.size() : end + 1);
    return item;
}

std::string quoted(std::string_view text) {
    return "'" + std::string(text) + "'";
}

std::uint8_t read_octets_of(std::string_view item, std::string_view choices, std::string_view word) {
    if (item.size() != 1 || choices.find(item) == choices.npos)
        throw DictionaryError(quoted(word) +
                              " is no format: it takes the octets of the type (1, 2 or 4), those of the "
                              "length (0, 1 or 2), and a c if values may be continued");
    return static_cast<std::uint8_t>(item.front() - '0');
}

void set_type(DeclaredType& declared, DataType type) {
    declared.type = type;
}

struct Flag {
    std::string_view word;
    void (*apply)(DeclaredType& declared);
};

// Those of FreeRADIUS 3 and 4. Some tell only a server's own business, and are as good as not there.
constexpr auto flags = std::to_array<Flag>({
    {"has_tag",                 [](DeclaredType& it) { it.flags.has_tag = true; }                          },
    {"concat",                  [](DeclaredType& it) { it.flags.is_concatenated = true; }                  },
    {"encrypt=1",               [](DeclaredType& it) { it.flags.encryption = Encryption::user_password; }  },
    {"encrypt=2",               [](DeclaredType& it) { it.flags.encryption = Encryption::tunnel_password; }},
    {"encrypt=3",               [](DeclaredType& it) { it.flags.encryption = Encryption::ascend_secret; }  },
    {"encrypt=User-Password",   [](DeclaredType& it) { it.flags.encryption = Encryption::user_password; }  },
    {"encrypt=Tunnel-Password", [](DeclaredType& it) { it.flags.encryption = Encryption::tunnel_password; }},
    {"encrypt=Ascend-Secret",   [](DeclaredType& it) { it.flags.encryption = Encryption::ascend_secret; }  },
    {"extended",                [](DeclaredType& it) { set_type(it, DataType::extended); }                 },
    {"long",                    [](DeclaredType& it) { set_type(it, DataType::long_extended); }            },
    {"array",                   [](DeclaredType&) {}                                                       },
    {"internal",                [](DeclaredType&) {}                                                       },
    {"key",                     [](DeclaredType&) {}                                                       },
    {"secret",                  [](DeclaredType&) {}                                                       },
    {"virtual",                 [](DeclaredType&) {}                                                       },
});

}  // namespace

DictionaryWords::DictionaryWords(std::string_view line) {
    line = line.substr(0, line.find('#'));
    while (size_ < words_max) {
        const auto begin = line.find_first_not_of(blanks);
        if (begin == line.npos) return;
        line.remove_prefix(begin);
        const auto end = std::min(line.find_first_of(blanks), line.size());
        words_[size_++] = line.substr(0, end);
        line.remove_prefix(end);
    }
}

bool DictionaryWords::is(std::string_view keyword) const {
    return is_same_word(words_[0], keyword);
}

std::string DictionaryWords::joined() const {
    std::string text;
    for (std::size_t i = 0; i < size_; ++i)
        text += (i == 0 ? "" : " ") + std::string(words_[i]);
    return text;
}

std::uint32_t read_number(std::string_view word) {
    const auto number = parse_number(word);
    if (!number) throw DictionaryError(quoted(word) + " is no number");
    if (*number > std::numeric_limits<std::uint32_t>::max())
        throw DictionaryError("the number " + std::string(word) + " is too large");
    return static_cast<std::uint32_t>(*number);
}

VendorFormat read_vendor_format(std::string_view word) {
    constexpr std::string_view key = "format=";
    auto rest = word.substr(word.starts_with(key) ? key.size() : word.size());
    VendorFormat format;
    format.type_octets = read_octets_of(take_item(rest), "124", word);
    format.length_octets = read_octets_of(take_item(rest), "012", word);
    format.is_continued = rest == "c";
    if (!rest.empty() && !format.is_continued) static_cast<void>(read_octets_of({}, {}, word));
    return format;
}

DeclaredType read_declared_type(std::string_view word) {
    DeclaredType declared;
    const auto bracket = word.find('[');
    const auto type = find_data_type(word.substr(0, bracket));
    if (!type) throw DictionaryError("there is no type " + quoted(word));
    declared.type = *type;
    if (is_same_word(word, "concat")) declared.flags.is_concatenated = true;
    if (bracket == word.npos) return declared;

    const auto octets = parse_number(word.substr(bracket + 1, word.size() - bracket - 2));
    if (!word.ends_with(']') || !octets || *octets == 0 || *octets > attribute_value_octets_max)
        throw DictionaryError(quoted(word) + " has no length from 1 to " +
                              std::to_string(attribute_value_octets_max) + " in its brackets");
    declared.flags.exact_octets = static_cast<std::uint16_t>(*octets);
    return declared;
}

void read_flags(std::string_view word, DeclaredType& type) {
    while (!word.empty()) {
        const auto item = take_item(word);
        const auto* const flag =
            std::ranges::find_if(flags, [&](const Flag& each) { return is_same_word(each.word, item); });
        if (flag == flags.end()) throw DictionaryError("there is no flag " + quoted(item));
        flag->apply(type);
    }
}

}  // namespace hourglass::radius
