// Dictionary files in the format of FreeRADIUS 3, which vendors publish theirs in; docs/dictionary.md tells
// it.
#pragma once

#include "radius/dictionary_tree.hpp"

#include <functional>

namespace hourglass::radius {

// The file's text; nullopt: it cannot be read.
using ReadText = std::function<std::optional<std::string>(const std::string& path)>;

// Adds what the file and those it includes say. Throws DictionaryError: "/etc/…/dictionary.acme:12: …".
void read_dictionary(Dictionary& dictionary, const std::string& path, const ReadText& read_text);

}  // namespace hourglass::radius
