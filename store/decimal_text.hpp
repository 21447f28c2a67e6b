// A number as text without an allocation, for commands that are written many times a second.
#pragma once

#include <array>
#include <charconv>
#include <chrono>
#include <concepts>
#include <string_view>

namespace hourglass::store {

// The text lives as long as this.
class DecimalText {
public:
    explicit DecimalText(std::integral auto number) {
        size_ = static_cast<std::size_t>(
            std::to_chars(digits_.data(), digits_.data() + digits_.size(), number).ptr - digits_.data());
    }
    explicit DecimalText(std::chrono::seconds seconds) : DecimalText(seconds.count()) {}
    explicit DecimalText(std::chrono::sys_seconds time) : DecimalText(time.time_since_epoch()) {}

    operator std::string_view() const { return {digits_.data(), size_}; }

private:
    std::array<char, 20> digits_{};  // a 64-bit number has no more, its sign among them
    std::size_t size_ = 0;
};

}  // namespace hourglass::store
