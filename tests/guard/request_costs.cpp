// What one request costs the code, in numbers that do not depend on the machine's mood: allocations, counted
// here, and instructions, counted by callgrind inside the functions called measure_*. request_costs.py runs
// this and holds both to bounds.
#include "nas/packet.hpp"
#include "radius/request_handler.hpp"
#include "store/store.hpp"
#include "tests/support/quiet_log.hpp"
#include "tests/support/redis_server.hpp"
#include "tests/support/run.hpp"

#include <boost/asio/ip/udp.hpp>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <cstring>
#include <iostream>
#include <map>
#include <new>

namespace {
std::size_t allocations = 0;
}  // namespace

void* operator new(std::size_t size) {
    ++allocations;
    if (auto* const memory = std::malloc(size)) return memory;
    throw std::bad_alloc();
}
void operator delete(void* memory) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}

namespace hourglass::radius {
namespace {

constexpr std::size_t batch_requests = UdpSocket::batch_datagrams_max;
constexpr std::size_t batches = 16;
constexpr std::size_t identifiers = 256;
constexpr std::size_t warm_up_batches = identifiers / batch_requests + 1;
constexpr const char* secret = "testing123";
constexpr const char* username = "guest-room-114";
constexpr const char* password = "correct horse";
constexpr const char* profiles = R"(["evening", "the label of another system"])";
constexpr std::size_t users_remembered = 1000;
constexpr std::chrono::seconds ready_limit{60};

std::shared_ptr<const Snapshot> snapshot() {
    Client lab{.name = "lab",
               .network = boost::asio::ip::make_address("127.0.0.0"),
               .prefix_length = 8,
               .secret = secret};
    store::Profile evening;
    evening.name = "evening";
    evening.reply_attributes = {
        {"Session-Timeout", ":=", "7200"   },
        {"Filter-Id",       ":=", "evening"},
        {"Idle-Timeout",    ":=", "600"    }
    };
    Directory directory({std::move(evening)}, {});
    return std::make_shared<const Snapshot>(
        Snapshot{Clients({std::move(lab)}), {}, {}, std::move(directory)});
}

using Batch = std::array<Datagram, batch_requests>;

// Logins as a controller sends them, each with another Identifier and Request Authenticator.
class Logins {
public:
    const Batch& next() {
        for (std::size_t i = 0; i < batch_requests; ++i) {
            octets_[i] = make();
            batch_[i] = {
                .bytes = octets_[i],
                .peer = {boost::asio::ip::make_address("127.0.0.1"), 9},
                .local = boost::asio::ip::make_address("127.0.0.1"),
                .received_at = std::chrono::system_clock::now()
            };
        }
        return batch_;
    }

private:
    nas::Octets make() {
        nas::Authenticator authenticator{};
        std::memcpy(authenticator.data(), &made_, sizeof made_);
        return nas::Request(nas::Code::access_request, static_cast<std::uint8_t>(made_++), authenticator)
            .add(nas::Attribute::user_name, username)
            .add_password(password, secret_)
            .add(nas::Attribute::nas_ip_address, std::uint32_t{0x7f000001})
            .add(nas::Attribute::calling_station_id, "00-11-22-33-44-55")
            .add(nas::Attribute::nas_identifier, "ap-lobby")
            .sign(secret_);
    }

    nas::Secret secret_{secret};
    std::uint64_t made_ = 0;
    std::array<nas::Octets, batch_requests> octets_;
    Batch batch_;
};

// A worker with a store of its own, which knows one user.
struct Worker {
    Worker() {
        store.connect();
        if (!test::run(loop, store.redis.wait_until_ready(ready_limit)))
            throw std::runtime_error("Redis does not come up");
        const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
        const auto user = test::run(loop, store.users.create(
                                              {
                                                  {"username",     username},
                                                  {"password",     password},
                                                  {"organization", "1"     },
                                                  {"profile",      profiles}
        },
                                              store::Seconds(1'000'000), "request_costs", now));
        if (!user) throw std::runtime_error("no user: " + user.error().message());
        for (std::size_t i = 0; i < warm_up_batches; ++i) {
            make_ready();
            serve_at_once(logins.next());
            serve_at_once(logins.next());
        }
    }
    ~Worker() {
        store.disconnect();
        settle();
    }
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    // Until the user is remembered, and last logins are no longer written at once in this turn of the loop.
    void make_ready() {
        settle();
        while (!serve_at_once(logins.next())) {
        }
    }

    bool serve_at_once(const Batch& batch) {
        std::size_t waiting = 0;
        for (const auto& datagram : batch) {
            auto rest = handler.serve(datagram, listener);
            if (!rest) continue;
            ++waiting;
            test::run(loop, to_the_end(*std::move(rest)));
        }
        return waiting == 0;
    }

    // What else is to be done in a turn of the loop.
    void settle() {
        loop.restart();
        loop.poll();
        store.users.hear_changes();
    }

    static awaitable<bool> to_the_end(awaitable<void> rest) {
        co_await std::move(rest);
        co_return true;
    }

    test::RedisServer redis;
    boost::asio::io_context loop{1};
    test::QuietLog log;
    store::SecretBox secrets{store::SecretBox::Key{1}};
    store::Store store{loop, store::RedisAddress::parse(redis.address()), secrets, log, users_remembered};
    Counters counters;
    RequestHandler handler{loop, store, nullptr, snapshot(), [](const LearnedFact&) {}, counters, log};
    Listener listener{
        {boost::asio::ip::make_address("127.0.0.1"), 0},
        loop, counters, Port::authentication, 0
    };
    Logins logins;
    SharedSecret shared{secret};
    bool has_waited = false;
};

// What is computed only to be measured must seem to matter.
template <class Value>
void keep(const Value& value) {
    asm volatile("" : : "g"(&value) : "memory");
}

void serve(Worker& worker, const Batch& batch) {
    for (const auto& datagram : batch)
        if (worker.handler.serve(datagram, worker.listener)) worker.has_waited = true;
}

void encode(const Packet& request, const SharedSecret& shared) {
    PacketWriter accept(Code::access_accept, request.identifier());
    accept.add(attr::session_timeout, 3600);
    accept.add(attr::acct_interim_interval, 300);
    accept.add(attr::klass, "hg1.4711.1800000000.00112233445566778899");
    keep(accept.finish(request.authenticator(), shared));
}

}  // namespace
}  // namespace hourglass::radius

// Each is one step of a request, for a whole batch of them.
#define MEASURE(step) \
    extern "C" [[gnu::noinline]] void measure_##step(radius::Worker& worker, const radius::Batch& batch)

namespace hourglass {

MEASURE(decode) {
    radius::keep(worker);
    for (const auto& datagram : batch)
        radius::keep(radius::decode(datagram.bytes));
}

MEASURE(authenticate) {
    for (const auto& datagram : batch)
        radius::keep(check_message_authenticator(*radius::decode(datagram.bytes), worker.shared));
}

MEASURE(encode) {
    for (const auto& datagram : batch)
        radius::encode(*radius::decode(datagram.bytes), worker.shared);
}

MEASURE(login) {
    serve(worker, batch);
}

MEASURE(repeat) {
    serve(worker, batch);
}

namespace {

using Step = void (*)(radius::Worker&, const radius::Batch&);
constexpr auto steps = std::to_array<std::pair<const char*, Step>>({
    {"decode",       measure_decode      },
    {"authenticate", measure_authenticate},
    {"encode",       measure_encode      },
    {"login",        measure_login       },
    {"repeat",       measure_repeat      },
});

void run() {
    radius::Worker worker;
    std::map<std::string_view, std::size_t> allocated;
    for (std::size_t i = 0; i < radius::batches; ++i) {
        worker.make_ready();
        const auto& batch = worker.logins.next();
        for (const auto& [name, step] : steps) {
            const auto before = allocations;
            step(worker, batch);
            allocated[name] += allocations - before;
            if (worker.has_waited) throw std::runtime_error("a login was not answered from memory");
        }
    }
    constexpr auto requests = radius::batches * radius::batch_requests;
    if (worker.counters.access_accepts.get() < requests ||
        worker.counters.duplicates_answered.get() != requests)
        throw std::runtime_error("not every login was answered twice");

    nlohmann::json report{
        {"requests",    requests                },
        {"allocations", nlohmann::json::object()}
    };
#ifdef NDEBUG
    report["is_optimised"] = true;
#else
    report["is_optimised"] = false;
#endif
    for (const auto& [name, count] : allocated)
        report["allocations"][std::string(name)] = count;
    std::cout << report.dump() << '\n';
}

}  // namespace
}  // namespace hourglass

int main() {
    try {
        hourglass::run();
        return 0;
    } catch (const std::exception& error) {
        std::cerr << "request_costs: " << error.what() << '\n';
        return 1;
    }
}
