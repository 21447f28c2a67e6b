// Root who works on the daemon's own files would leave some that the daemon cannot read.
#pragma once

#include <filesystem>

namespace hourglass::daemon {

// Run by root, the process becomes the owner of `directory` for good; one that is not there yet is made for
// the user "hourglass", if there is one. Throws std::runtime_error with a sentence.
void become_owner_of(const std::filesystem::path& directory);

}  // namespace hourglass::daemon
