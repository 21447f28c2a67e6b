// Sends requests over UDP and waits for their answers: in closed loop (a window of requests outstanding) or
// in open loop (on schedule, whatever the server does). One thread. Each connected socket owns 256
// identifiers, used again oldest first; packets leave and arrive in bursts (sendmmsg, recvmmsg).
#pragma once

#include "bench/workload.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <netinet/in.h>
#include <vector>

namespace hourglass::bench {

using Clock = std::chrono::steady_clock;

struct Plan {
    sockaddr_in server{};
    std::size_t sockets{};
    std::size_t window{};  // closed loop, unless `rate` is set
    double rate{};         // requests a second; 0: closed loop
    Clock::duration warmup{};
    Clock::duration duration{};
    Clock::duration timeout{};  // then the request is sent again, octet for octet
    unsigned retries{};         // then it is lost
};

// Of the measured time only.
struct Outcome {
    std::uint64_t answered{};
    std::uint64_t repeated{};  // transmissions after the first
    std::uint64_t lost{};
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
        nas::Octets packet;
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

    void begin_request(Clock::time_point since);
    void begin_due_requests(Clock::time_point now);
    void transmit(std::size_t slot, Clock::time_point now);
    void flush();
    void receive(std::size_t socket);
    void take_answer(std::size_t socket, nas::View packet, Clock::time_point now);
    void expire(Clock::time_point now);
    void finish(std::size_t slot);
    void wait(Clock::time_point until);

    Plan plan_;
    Workload& workload_;
    std::vector<int> sockets_;
    std::vector<Slot> slots_;                    // socket * 256 + identifier
    std::deque<std::size_t> free_slots_;         // oldest first, sockets in turn
    std::vector<std::vector<std::size_t>> out_;  // for each socket, the slots to send
    std::deque<Timer> timers_;                   // all wait equally long, so in order
    std::size_t waiting_{};
    Clock::time_point next_due_;
    bool is_measuring_{};
    Outcome outcome_;
};

}  // namespace hourglass::bench
