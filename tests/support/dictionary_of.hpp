// A dictionary with what is built in, and what the text of one file says.
#pragma once

#include "radius/dictionary_builtin.hpp"
#include "radius/dictionary_file.hpp"

namespace hourglass::test {

inline radius::Dictionary dictionary_of(const std::string& text) {
    radius::Dictionary dictionary;
    radius::add_builtin(dictionary);
    radius::read_dictionary(dictionary, "definitions", [&](const std::string&) { return text; });
    return dictionary;
}

}  // namespace hourglass::test
