#include "nas/truth.hpp"

#include <algorithm>
#include <numeric>

namespace hourglass::nas {

void SessionTruth::report(std::uint32_t seconds) {
    reported_ = std::max(reported_, seconds);
}

void SessionTruth::acknowledge(std::uint32_t seconds, bool is_stop) {
    acknowledged_ = std::max(acknowledged_, seconds);
    is_known_ = true;
    is_ended_ = is_ended_ || is_stop;
}

std::int64_t UserTruth::reported() const {
    return std::accumulate(sessions.begin(), sessions.end(), std::int64_t{},
                           [](auto sum, const auto& session) { return sum + session.reported(); });
}

std::int64_t UserTruth::acknowledged() const {
    return std::accumulate(sessions.begin(), sessions.end(), std::int64_t{},
                           [](auto sum, const auto& session) { return sum + session.acknowledged(); });
}

}  // namespace hourglass::nas
