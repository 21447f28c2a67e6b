// What streams by, seen piece by piece: how many rows there were, and lines of JSON.
#pragma once

#include "cli/json.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace hourglass::cli {

// Counts line ends; in CSV those that are not inside quotes.
class RowCounter {
public:
    explicit RowCounter(bool is_csv) : is_csv_(is_csv) {}

    void take(std::string_view piece);
    // Without the header of CSV.
    std::uint64_t rows() const { return is_csv_ && lines_ > 0 ? lines_ - 1 : lines_; }

private:
    bool is_csv_;
    bool is_quoted_ = false;
    std::uint64_t lines_ = 0;
};

// Hands on each line of an NDJSON text as JSON; what is none is discarded.
class JsonLines {
public:
    explicit JsonLines(std::function<void(const Json&)> take_line) : take_line_(std::move(take_line)) {}

    void take(std::string_view piece);

private:
    std::function<void(const Json&)> take_line_;
    std::string left_;
};

}  // namespace hourglass::cli
