// Users from memory, kept as they are in Redis by its client-side caching: the worker's connection reads with
// tracking, and what anybody writes to a key it has read Redis tells on a second connection of ours (RESP2
// knows no pushes). Memory is used only while both connections stand and every change is sure to be heard:
// - Of a key that was read one change is told. Then it must be read again, which is when it is remembered
// again.
// - A change may be heard before the reply that it overtakes: UserMemory::Read.
// - Redis tells changes to whom it is connected with, so all is forgotten when either connection ends, which
// is
//   looked at whenever changes are.
// - On a network that lost us Redis may write into the void: PINGs on both must be answered in time.
#pragma once

#include "store/log.hpp"
#include "store/redis_address.hpp"
#include "store/user_memory.hpp"

#include <boost/asio/io_context.hpp>

#include <memory>

namespace hourglass::store {

class Pipeline;
class RedisConnection;

// A command to be answered behind a write, once that was answered, if the next login must obey it. Redis
// tells a change in the turn in which it answers the write, but perhaps after it; before its next turn it has
// told all. Any other command sent then would do as well.
void add_change_barrier(Pipeline& pipeline);

// One per event loop, beside the connection whose reads are remembered.
class RememberedUsers {
public:
    static constexpr std::chrono::milliseconds heartbeat_interval{500};
    static constexpr std::chrono::milliseconds silence_max{2000};
    // Whoever has written so much to us at once may have more that our socket did not take: memory waits for
    // the answer to a PING behind it. Redis' smallest buffer of output.
    static constexpr std::size_t backlog_octets = 16'384;

    // `users_max` 0: nobody is remembered, and there is no second connection.
    RememberedUsers(boost::asio::io_context& loop, RedisAddress address, RedisConnection& redis, Log& log,
                    std::size_t users_max);
    ~RememberedUsers();
    RememberedUsers(const RememberedUsers&) = delete;
    RememberedUsers& operator=(const RememberedUsers&) = delete;

    void start();
    void stop();

    // Takes in the changes that have arrived, without waiting.
    void hear();
    // Whether every change is heard, so that reads may be remembered (after a CLIENT CACHING YES, which is an
    // error otherwise) and what is remembered may be used.
    bool is_sure() const;
    // To be used while it is sure. Empty after it was not.
    UserMemory& memory();
    const UserMemory& memory() const;

private:
    class Implementation;
    std::shared_ptr<Implementation> implementation_;  // shared with what the loop still has to hand back
};

}  // namespace hourglass::store
