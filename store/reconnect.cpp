#include "store/reconnect.hpp"

#include <algorithm>

namespace hourglass::store {

void Reconnect::on_ready() {
    ++times_ready_;
    next_ = delay_min_;
}

Reconnect::Delay Reconnect::on_failure(double jitter) {
    const auto whole = next_;
    next_ = std::min(next_ * 2, delay_max_);
    return std::chrono::duration_cast<Delay>(whole * (0.5 + jitter / 2));
}

}  // namespace hourglass::store
