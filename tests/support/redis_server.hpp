// A Redis of a test's own: on a unix socket in a new directory, append-only with fsync always, as the ledger
// demands. Ended and swept away with the object.
#pragma once

#include <string>
#include <sys/types.h>
#include <vector>

namespace hourglass::test {

class RedisServer {
public:
    // Further arguments for redis-server, such as {"--appendonly", "no"}.
    explicit RedisServer(std::vector<std::string> arguments = {});
    ~RedisServer();
    RedisServer(const RedisServer&) = delete;
    RedisServer& operator=(const RedisServer&) = delete;

    std::string address() const { return "unix://" + directory_ + "/redis.sock"; }

    void start();   // with the data it had
    void kill();    // as by kill -9
    void freeze();  // it stays connected and answers nothing
    void unfreeze();

private:
    std::string directory_;
    std::vector<std::string> arguments_;
    pid_t process_ = 0;
};

}  // namespace hourglass::test
