// A file that has its name only when it is complete: until then it is called FILE.part, and goes with its
// owner.
#pragma once

#include "cli/failure.hpp"

#include <string>
#include <string_view>

namespace hourglass::cli {

class PartFile {
public:
    enum class Readers { everyone, owner };

    // "-": standard output. Throws Failure, as all of it does.
    PartFile(std::string name, Readers readers);
    ~PartFile();
    PartFile(const PartFile&) = delete;
    PartFile& operator=(const PartFile&) = delete;

    void write(std::string_view piece) const;
    // Has its name, and is on disk.
    void complete();
    bool is_stdout() const;

private:
    std::string name_;
    std::string part_;
    int descriptor_;
    bool is_complete_ = false;
};

// "X cannot be written: …", by errno.
Failure cannot(const std::string& what, const std::string& file);

}  // namespace hourglass::cli
