// Everything in Redis as of one instant, as a replica is given it: Redis forks, and sends what it holds while
// it goes on serving; no file is made. The stream is Redis' own format (RDB), of all its databases.
#pragma once

#include "store/redis_transport.hpp"
#include "store/snapshot_stream.hpp"

#include <chrono>
#include <memory>
#include <string>

namespace hourglass::store {

class Snapshot {
public:
    // Redis may wait for others who want one, and for a rewrite of its file that is under way.
    static constexpr std::chrono::seconds begin_limit{120};
    static constexpr std::chrono::seconds silence_limit{60};

    Snapshot(boost::asio::io_context& loop, RedisAddress address, Log& log);

    // Returns when the instant has been: what is written from now on is not in it.
    awaitable<result<void>> begin();
    // The next octets, empty at the end.
    awaitable<result<std::string>> next();

private:
    using Limit = std::chrono::steady_clock::duration;

    awaitable<result<void>> ask(std::initializer_list<std::string_view> command);
    awaitable<result<void>> send(const Pipeline& command);
    awaitable<result<std::string>> receive(Limit limit);

    RedisTransport transport_;
    SnapshotStream stream_;
    Log& log_;
    std::string first_;  // what came together with the head
    std::string received_;
};

// Where snapshots of this store come from.
struct SnapshotSource {
    boost::asio::io_context& loop;
    RedisAddress address;
    Log& log;

    std::unique_ptr<Snapshot> open() const { return std::make_unique<Snapshot>(loop, address, log); }
};

}  // namespace hourglass::store
