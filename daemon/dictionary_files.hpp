// The dictionary that RADIUS goes by: our own table, the files of the freeradius-common package, and the
// operator's own, in this order.
#pragma once

#include "daemon/settings.hpp"
#include "radius/dictionary_tree.hpp"

#include <memory>

namespace hourglass::daemon {

struct LoadedDictionary {
    std::shared_ptr<const radius::Dictionary> dictionary;
    std::string warning;  // why there is less in it than there could be; empty: all is there
};

// Throws SettingsError, with file and line, if one of the operator's files cannot be read or is wrong. What
// is wrong with the package's files is a warning, and the rest goes without them.
LoadedDictionary load_dictionary(const Settings& settings);

}  // namespace hourglass::daemon
