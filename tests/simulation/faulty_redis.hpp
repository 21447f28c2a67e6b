// What stands between the daemons of a simulation and a real Redis: each command is forwarded in the order it
// came, unless the seed says that a connection breaks before it, or after it and before its answer. In
// between it lets other connections go first. It may hand Redis a script with a mistake in it.
#pragma once

#include "store/redis_connection.hpp"
#include "tests/support/redis_server.hpp"

#include <boost/asio/local/stream_protocol.hpp>

#include <map>
#include <random>
#include <set>

namespace hourglass::test {

// A script with a deliberate mistake.
struct Mutant {
    std::string_view name;
    std::string_view script;
    std::string_view text;  // must be in the script
    std::string_view replacement;
};

// Chances in 10,000 commands.
struct FaultRates {
    int lost{};               // the connection breaks, the command never arrives
    int unanswered{};         // the command is done, the connection breaks
    int forgotten_scripts{};  // as by SCRIPT FLUSH
    int killed{};             // kill -9 of Redis, before or after the command
};

class FaultyRedis {
public:
    // `server` and `loop` outlive it. Throws std::invalid_argument if the mutant's text is not in its script.
    FaultyRedis(boost::asio::io_context& loop, RedisServer& server, std::size_t daemons, unsigned seed,
                FaultRates rates, const Mutant* mutant);
    ~FaultyRedis();
    FaultyRedis(const FaultyRedis&) = delete;
    FaultyRedis& operator=(const FaultyRedis&) = delete;

    store::RedisAddress address(std::size_t daemon) const;
    // No faults while it is calm.
    void set_calm(bool is_calm) { is_calm_ = is_calm; }
    // The daemons whose connection broke since the last call.
    std::set<std::size_t> take_broken() { return std::exchange(broken_, {}); }
    // Of all commands that reached Redis, in their order: two runs of a seed have the same.
    std::uint64_t digest() const { return digest_; }

private:
    using Protocol = boost::asio::local::stream_protocol;
    struct Client;
    enum class Fault { none, lost, unanswered, forgotten_scripts, killed_before, killed_after };

    awaitable<void> accept(std::size_t daemon);
    awaitable<void> serve(std::shared_ptr<Client> client);
    // False: the connection is to be closed.
    bool take(Client& client, const store::Reply& command, std::string& replies);
    Fault draw();
    void restart_server();
    void connect(Protocol::socket& upstream);
    std::string load(std::string_view body);
    static std::string forward(Protocol::socket& upstream, const store::Pipeline& pipeline);
    void note(std::string_view bytes);

    boost::asio::io_context& loop_;
    RedisServer& server_;
    std::mt19937 random_;
    FaultRates rates_;
    const Mutant* mutant_;
    std::vector<Protocol::acceptor> acceptors_;
    std::set<std::shared_ptr<Client>> clients_;
    std::set<std::size_t> broken_;
    Protocol::socket own_upstream_;
    std::map<std::string, std::string, std::less<>> loaded_;  // body -> the reply to SCRIPT LOAD
    std::string mutated_sha1_;
    std::string mutated_body_;
    bool is_calm_ = true;
    std::uint64_t digest_ = 14'695'981'039'346'656'037U;
};

}  // namespace hourglass::test
