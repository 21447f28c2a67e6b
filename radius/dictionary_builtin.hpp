// dictionary.def as the beginning of every runtime dictionary.
#pragma once

#include "radius/dictionary_tree.hpp"

namespace hourglass::radius {

void add_builtin(Dictionary& dictionary);

// With nothing else in it: what there is without any dictionary file. Made once.
std::shared_ptr<const Dictionary> builtin_dictionary();

}  // namespace hourglass::radius
