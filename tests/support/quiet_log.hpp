// A log that nobody reads.
#pragma once

#include "store/log.hpp"

namespace hourglass::test {

class QuietLog final : public Log {
public:
    bool is_enabled(LogLevel) const override { return false; }
    void write(LogLevel, std::string_view, std::initializer_list<LogField>) override {}
};

}  // namespace hourglass::test
