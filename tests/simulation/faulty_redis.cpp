#include "tests/simulation/faulty_redis.hpp"

#include "store/redis_reply_reader.hpp"
#include "store/scripts.hpp"

#include <boost/asio.hpp>

#include <stdexcept>
#include <thread>

namespace hourglass::test {
namespace asio = boost::asio;

namespace {

constexpr auto as_tuple_awaitable = asio::as_tuple(asio::use_awaitable);
constexpr auto connect_limit = std::chrono::seconds(20);
constexpr auto connect_pause = std::chrono::milliseconds(2);
constexpr int rate_whole = 10'000;
constexpr int yields_percent = 30;

std::optional<store::Reply> next_in(store::ReplyReader& reader) {
    auto next = reader.next();
    if (!next) throw std::runtime_error("not RESP");
    return *std::move(next);
}

const store::Script& script_of(const Mutant& mutant) {
    for (const auto* script : store::scripts::all()) {
        if (script->name == mutant.script) return *script;
    }
    throw std::invalid_argument("There is no script " + std::string(mutant.script) + ".");
}

std::string mutated(const Mutant& mutant) {
    std::string body(script_of(mutant).body);
    const auto at = body.find(mutant.text);
    if (at == body.npos) {
        throw std::invalid_argument("The mutant '" + std::string(mutant.name) +
                                    "' looks for a text that is not in " + std::string(mutant.script) +
                                    ".lua any more: " + std::string(mutant.text));
    }
    return body.replace(at, mutant.text.size(), mutant.replacement);
}

}  // namespace

// What it watches and gathers for a transaction is its own, and so its connection to Redis is.
struct FaultyRedis::Client {
    std::size_t daemon;
    Protocol::socket socket;
    Protocol::socket upstream;
    store::ReplyReader reader{};
};

FaultyRedis::FaultyRedis(asio::io_context& loop, RedisServer& server, std::size_t daemons, unsigned seed,
                         FaultRates rates, const Mutant* mutant)
    : loop_(loop), server_(server), random_(seed), rates_(rates), mutant_(mutant), own_upstream_(loop) {
    if (mutant_) mutated(*mutant_);
    connect(own_upstream_);
    for (std::size_t daemon = 0; daemon < daemons; ++daemon) {
        acceptors_.emplace_back(loop, Protocol::endpoint(address(daemon).unix_path));
    }
    for (std::size_t daemon = 0; daemon < daemons; ++daemon) {
        asio::co_spawn(loop, accept(daemon), [](const std::exception_ptr& error) {
            if (error) std::rethrow_exception(error);
        });
    }
}

FaultyRedis::~FaultyRedis() {
    for (auto& acceptor : acceptors_)
        acceptor.close();
    loop_.restart();
    loop_.poll();  // a connection may have been accepted already
    for (const auto& client : clients_)
        client->socket.close();
    loop_.restart();
    loop_.poll();
}

store::RedisAddress FaultyRedis::address(std::size_t daemon) const {
    return store::RedisAddress::parse(server_.address() + "." + std::to_string(daemon));
}

void FaultyRedis::connect(Protocol::socket& upstream) {
    const Protocol::endpoint endpoint(store::RedisAddress::parse(server_.address()).unix_path);
    const auto deadline = std::chrono::steady_clock::now() + connect_limit;
    while (true) {
        error_code failure;
        upstream.close(failure);
        upstream.connect(endpoint, failure);
        if (!failure && forward(upstream, store::Pipeline().add({"PING"})).starts_with("+PONG")) return;
        if (std::chrono::steady_clock::now() > deadline) throw std::runtime_error("Redis does not come up");
        std::this_thread::sleep_for(connect_pause);
    }
}

awaitable<void> FaultyRedis::accept(std::size_t daemon) {
    while (true) {
        Protocol::socket socket(loop_);
        const auto [failure] = co_await acceptors_[daemon].async_accept(socket, as_tuple_awaitable);
        if (failure) co_return;
        auto client = std::make_shared<Client>(daemon, std::move(socket), Protocol::socket(loop_));
        connect(client->upstream);
        clients_.insert(client);
        asio::co_spawn(loop_, serve(std::move(client)), [](const std::exception_ptr& error) {
            if (error) std::rethrow_exception(error);
        });
    }
}

awaitable<void> FaultyRedis::serve(std::shared_ptr<Client> client) {
    std::array<char, 65'536> received{};
    std::string replies;
    while (client->socket.is_open()) {
        const auto [failure, octets] =
            co_await client->socket.async_read_some(asio::buffer(received), as_tuple_awaitable);
        if (failure) break;
        client->reader.feed({received.data(), octets});
        while (client->socket.is_open()) {
            const auto command = next_in(client->reader);
            if (!command) break;
            const bool goes_on = take(*client, *command, replies);
            const bool is_yielding =
                !is_calm_ && std::uniform_int_distribution<>(0, 99)(random_) < yields_percent;
            if (is_yielding || !goes_on) {
                const auto [unsent, sent] = co_await asio::async_write(
                    client->socket, asio::buffer(std::exchange(replies, {})), as_tuple_awaitable);
                if (unsent || !goes_on) client->socket.close();
                co_await asio::post(loop_, asio::use_awaitable);
            }
        }
        if (!client->socket.is_open()) break;
        const auto [unsent, sent] =
            co_await asio::async_write(client->socket, asio::buffer(replies), as_tuple_awaitable);
        if (unsent) break;
        replies.clear();
    }
    client->socket.close();
    client->upstream.close();
    clients_.erase(client);
}

FaultyRedis::Fault FaultyRedis::draw() {
    if (is_calm_) return Fault::none;
    int left = std::uniform_int_distribution<>(0, rate_whole - 1)(random_);
    const auto is_drawn = [&left](int rate) {
        left -= rate;
        return left < 0;
    };
    if (is_drawn(rates_.lost)) return Fault::lost;
    if (is_drawn(rates_.unanswered)) return Fault::unanswered;
    if (is_drawn(rates_.forgotten_scripts)) return Fault::forgotten_scripts;
    if (is_drawn(rates_.killed)) return random_() % 2 == 0 ? Fault::killed_before : Fault::killed_after;
    return Fault::none;
}

bool FaultyRedis::take(Client& client, const store::Reply& command, std::string& replies) {
    std::vector<std::string_view> words;
    for (const auto* element : command.elements())
        words.push_back(store::text_of(element));
    if (words.size() == 3 && words[0] == "SCRIPT" && words[1] == "LOAD") {
        replies += load(words[2]);
        return true;
    }

    const auto fault = draw();
    const bool is_done = fault != Fault::lost && fault != Fault::killed_before;
    if (fault == Fault::forgotten_scripts) {
        forward(own_upstream_, store::Pipeline().add({"SCRIPT", "FLUSH"}));
        loaded_.clear();
    }
    if (is_done) {
        if (mutant_ && words[0] == "EVALSHA" && words[1] == script_of(*mutant_).sha1)
            words[1] = mutated_sha1_;
        if (mutant_ && words[0] == "EVAL" && words[1] == script_of(*mutant_).body) words[1] = mutated_body_;
        store::Pipeline pipeline;
        pipeline.add(words);
        note(pipeline.bytes());
        auto reply = forward(client.upstream, pipeline);
        if (fault == Fault::none || fault == Fault::forgotten_scripts) {
            replies += reply;
            return true;
        }
    }
    if (fault == Fault::killed_before || fault == Fault::killed_after) {
        restart_server();
    } else {
        broken_.insert(client.daemon);
    }
    return false;
}

void FaultyRedis::restart_server() {
    server_.kill();
    server_.start();
    for (const auto& client : clients_) {
        broken_.insert(client->daemon);
        error_code closed_already;
        client->socket.shutdown(Protocol::socket::shutdown_both, closed_already);
    }
    loaded_.clear();
    connect(own_upstream_);
}

std::string FaultyRedis::load(std::string_view body) {
    const auto known = loaded_.find(body);
    if (known != loaded_.end()) return known->second;
    auto reply = forward(own_upstream_, store::Pipeline().add({"SCRIPT", "LOAD", body}));
    if (mutant_ && body == script_of(*mutant_).body) {
        mutated_body_ = mutated(*mutant_);
        const auto mutated_reply =
            forward(own_upstream_, store::Pipeline().add({"SCRIPT", "LOAD", mutated_body_}));
        const auto sha1_at = mutated_reply.find("\r\n") + 2;
        mutated_sha1_ = mutated_reply.substr(sha1_at, mutated_reply.size() - sha1_at - 2);
    }
    return loaded_.emplace(body, std::move(reply)).first->second;
}

// Octets of the replies as they came; empty if Redis is away.
std::string FaultyRedis::forward(Protocol::socket& upstream, const store::Pipeline& pipeline) {
    error_code failure;
    asio::write(upstream, asio::buffer(pipeline.bytes()), failure);
    store::ReplyReader reader;
    std::array<char, 16'384> received{};
    std::string replies;
    std::optional<store::Reply> reply;
    while (!failure && !reply) {
        const auto octets = upstream.read_some(asio::buffer(received), failure);
        if (failure) return {};
        replies.append(received.data(), octets);
        reader.feed({received.data(), octets});
        reply = next_in(reader);
    }
    return replies;
}

// FNV-1a.
void FaultyRedis::note(std::string_view bytes) {
    for (const char octet : bytes) {
        digest_ ^= static_cast<unsigned char>(octet);
        digest_ *= 1'099'511'628'211U;
    }
}

}  // namespace hourglass::test
