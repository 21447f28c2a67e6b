// What Redis answers to SYNC: empty lines while it waits, a head, and its data as an RDB file. The head is
// "$<octets>" or, where Redis does not know how much there will be, "$EOF:" and forty octets that stand again
// behind the last of the data.
#pragma once

#include "store/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace hourglass::store {

class SnapshotStream {
public:
    // The octets of the RDB file among these; maybe none yet. Error::unavailable: Redis refuses, and
    // refusal() tells how. Error::corrupt: this is no snapshot.
    result<std::string> take(std::string_view octets);

    bool has_begun() const { return state_ != State::head; }  // the instant has been
    bool is_complete() const { return state_ == State::complete; }
    const std::string& refusal() const { return refusal_; }

private:
    enum class State { head, counted, marked, complete };

    result<void> read_head();
    std::string take_counted();
    std::string take_marked();

    State state_ = State::head;
    std::string unread_;
    std::string mark_;
    std::uint64_t octets_left_ = 0;
    std::string refusal_;
};

}  // namespace hourglass::store
