// A line of a dictionary file as words, and what single words of it say.
#pragma once

#include "radius/dictionary_tree.hpp"

#include <array>

namespace hourglass::radius {

// Divided by blanks and tabs, up to a "#".
class DictionaryWords {
public:
    explicit DictionaryWords(std::string_view line);

    std::size_t size() const { return size_; }
    std::string_view operator[](std::size_t i) const { return words_[i]; }
    bool is(std::string_view keyword) const;  // the first, in any case of letters
    std::string quoted(std::size_t i) const { return "'" + std::string(words_[i]) + "'"; }
    std::string joined() const;

private:
    static constexpr std::size_t words_max = 12;  // further ones are not told apart
    std::array<std::string_view, words_max> words_;
    std::size_t size_ = 0;
};

struct DeclaredType {
    DataType type{};
    AttributeFlags flags{};
};

// These throw DictionaryError.
std::uint32_t read_number(std::string_view word);
VendorFormat read_vendor_format(std::string_view word);      // "format=1,1,c"
DeclaredType read_declared_type(std::string_view word);      // "integer", "octets[16]"
void read_flags(std::string_view word, DeclaredType& type);  // "has_tag,encrypt=2"

}  // namespace hourglass::radius
