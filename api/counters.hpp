// What the API counts. Its event loop writes, any thread may read.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

namespace hourglass::api {

class Counters {
public:
    // `status` is 100 to 599.
    void count_reply(unsigned status) { replies_.at(status / 100 - 1).fetch_add(1, relaxed); }
    // `status_class` is 1 to 5, as in 2xx.
    std::uint64_t replies(unsigned status_class) const { return replies_.at(status_class - 1).load(relaxed); }
    std::uint64_t replies() const {
        std::uint64_t sum = 0;
        for (const auto& count : replies_)
            sum += count.load(relaxed);
        return sum;
    }

private:
    static constexpr auto relaxed = std::memory_order_relaxed;
    std::array<std::atomic<std::uint64_t>, 5> replies_{};
};

}  // namespace hourglass::api
