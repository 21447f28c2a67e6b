// Sends the requests of a workload over UDP and waits for their answers: in closed loop (a window of requests
// outstanding) or in open loop (on schedule, whatever the server does). One thread. Each connected socket
// owns 256 identifiers, used again oldest first; packets leave and arrive in bursts (sendmmsg, recvmmsg).
#pragma once

#include "bench/workload.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <vector>

namespace hourglass::bench {

using Clock = std::chrono::steady_clock;

struct Plan {
    std::array<std::uint16_t, 2> ports{};  // of the server on 127.0.0.1, by Port
    std::size_t sockets{};                 // for each of them
    std::size_t window{};                  // closed loop, unless `rate` is set
    double rate{};                         // requests a second; 0: closed loop
    // What could not be sent for so long after it was due is never sent: of more than this machine can make,
    // or it would only send, and read no answers. 0: all is sent, however late, and counts from when it was
    // due.
    Clock::duration lag_max{};
    std::uint64_t requests_max{};  // then it is over, whatever the time
    Clock::duration warmup{};
    Clock::duration duration{};
    Clock::duration timeout{};  // then the request is sent again, octet for octet
    unsigned retries{};         // then it is lost
};

// Of the measured time only.
struct Outcome {
    std::uint64_t sent{};  // requests, without repeats
    std::uint64_t answered{};
    std::uint64_t repeated{};  // transmissions after the first
    std::uint64_t lost{};
    std::uint64_t late{};   // answers to what was lost by then
    std::uint64_t wrong{};  // answers that were not the expected ones, or not authentic
    Clock::duration elapsed{};
    // Microseconds from the first transmission (open loop: from when it was due) to the answer.
    std::vector<std::uint32_t> latencies;
};

class Exchange {
public:
    // Opens the sockets; throws std::system_error.
    Exchange(const Plan& plan, Workload& workload);
    ~Exchange();
    Exchange(const Exchange&) = delete;
    Exchange& operator=(const Exchange&) = delete;

    // `on_edge` is called when the measured time begins and when it ends.
    Outcome run(const std::function<void()>& on_edge);

private:
    struct Slot {
        Job job;
        nas::Octets packet;
        nas::Octets given_up;     // the last one that was lost
        Clock::time_point since;  // what latency counts from
        std::uint64_t turn{};     // grows with each use, so that old timers know
        unsigned transmissions{};
        bool is_waiting{};
        bool is_measured{};
    };
    struct Timer {
        Clock::time_point at;
        std::size_t slot;
        std::uint64_t turn;
    };

    void open_sockets(Port port);
    bool begin_request(Clock::time_point since);
    bool is_over() const;
    void begin_due_requests(Clock::time_point now);
    void transmit(std::size_t slot, Clock::time_point now);
    void flush();
    void receive(std::size_t socket);
    void take_answer(std::size_t socket, nas::View packet, Clock::time_point now);
    void expire(Clock::time_point now);
    void finish(std::size_t slot, nas::View answer);
    void wait(Clock::time_point until);

    Plan plan_;
    Workload& workload_;
    int poll_;
    std::vector<int> sockets_;                           // those for logins, then those for accounting
    std::vector<Slot> slots_;                            // socket * 256 + identifier
    std::array<std::deque<std::size_t>, 2> free_slots_;  // by Port; oldest first, sockets in turn
    std::vector<std::vector<std::size_t>> out_;          // for each socket, the slots to send
    std::vector<std::size_t> sockets_to_flush_;
    std::optional<Job> postponed_;  // until there is a slot for it
    bool is_held_up_{};             // what is due cannot begin before an answer comes
    std::deque<Timer> timers_;      // all wait equally long, so in order
    std::size_t waiting_{};
    Clock::time_point next_due_;
    std::uint64_t requests_{};
    bool is_measuring_{};
    Outcome outcome_;
};

}  // namespace hourglass::bench
