// Which users the workers of one daemon write for at this moment, so that two of them need not spoil each
// other's transactions. A hint: users may share a mark, and nothing depends on it but the work done in vain.
#pragma once

#include <array>
#include <atomic>
#include <functional>
#include <string_view>

namespace hourglass::store {

// Of any thread.
class UsersInHand {
public:
    // False: somebody has him, or one who shares his mark.
    bool take(std::string_view tag) { return !mark_of(tag).exchange(true, std::memory_order_relaxed); }
    void give_back(std::string_view tag) { mark_of(tag).store(false, std::memory_order_relaxed); }

private:
    static constexpr std::size_t marks_count = 65'536;

    std::atomic<bool>& mark_of(std::string_view tag) {
        return marks_[std::hash<std::string_view>{}(tag) % marks_count];
    }

    std::array<std::atomic<bool>, marks_count> marks_{};
};

}  // namespace hourglass::store
