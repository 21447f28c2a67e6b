// Who sends what next: one of the loads that a server is put under.
#pragma once

#include "bench/requests.hpp"

#include <memory>
#include <optional>

namespace hourglass::bench {

enum class Mode { pap, chap, ms_chap, start, interim, session, echo };
enum class Port : std::uint8_t { auth, acct };

// One request that is due. `stay` is the workload's word for whom it is about.
struct Job {
    Port port{};
    std::uint32_t stay{};
};

struct WorkloadSettings {
    Mode mode{};
    std::string secret;
    std::uint32_t users{};     // user_name_of(0) to user_name_of(users - 1), picked at random
    std::uint32_t sessions{};  // in mode session: so many at once
    std::uint32_t run_id{};    // tells the sessions of one run from those of another
    std::uint64_t seed{};
};

class Workload {
public:
    virtual ~Workload() = default;

    // nullopt: all wait for an answer, or nothing is left to do.
    virtual std::optional<Job> next() = 0;
    virtual bool is_over() const { return false; }
    virtual nas::Octets make(Job job, std::uint8_t identifier) = 0;
    // Is this the answer that a server in good order gives?
    virtual bool is_expected(Job job, nas::View response, nas::View request) const = 0;
    // The request is over: by an expected answer, or, without one, because it was lost.
    virtual void finish(Job job, nas::View response) = 0;
};

std::unique_ptr<Workload> make_workload(const WorkloadSettings& settings);

}  // namespace hourglass::bench
