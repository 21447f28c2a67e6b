// How long answers took, from the kernel's time stamp of each request. Those of one batch leave together, so
// that one look at the clock does for all of them.
#pragma once

#include "radius/counters.hpp"
#include "radius/datagram_batches.hpp"
#include "radius/packet.hpp"

#include <boost/container/static_vector.hpp>

namespace hourglass::radius {

class AnswerTimes {
public:
    using Clock = std::chrono::system_clock;

    explicit AnswerTimes(Counters& counters) : counters_(counters) {}

    // An answer of this code, which leaves now or soon.
    void add(Code code, Clock::time_point received_at) {
        if (answers_.size() == answers_.capacity()) note();
        answers_.push_back({code, received_at});
    }

    void note() {
        if (answers_.empty()) return;
        const auto now = Clock::now();
        for (const auto& answer : answers_)
            histogram_of(answer.code).note(now - answer.received_at);
        answers_.clear();
    }

private:
    struct Answer {
        Code code;
        Clock::time_point received_at;
    };

    store::LatencyHistogram& histogram_of(Code code) {
        if (code == Code::access_accept) return counters_.accept_times;
        return code == Code::access_reject ? counters_.reject_times : counters_.accounting_times;
    }

    Counters& counters_;
    boost::container::static_vector<Answer, batch_datagrams_max> answers_;
};

}  // namespace hourglass::radius
