// A directory of its own for each story, gone with its contents when the story ends.
#pragma once

#include <filesystem>
#include <stdlib.h>
#include <string>
#include <system_error>

namespace hourglass::test {

class TemporaryDirectory {
public:
    TemporaryDirectory() : path_("/tmp/hourglass-test.XXXXXX") {
        if (mkdtemp(path_.data()) == nullptr)
            throw std::system_error(errno, std::system_category(), "mkdtemp");
    }
    ~TemporaryDirectory() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

    std::filesystem::path operator/(const std::string& name) const {
        return std::filesystem::path(path_) / name;
    }

private:
    std::string path_;
};

}  // namespace hourglass::test
