// What one request costs the code, in numbers that do not depend on the machine's mood: allocations, counted
// here, and instructions, counted by callgrind inside the functions called measure_*. request_costs.py runs
// this and holds both to bounds.
#include "nas/packet.hpp"
#include "radius/request_handler.hpp"
#include "store/store.hpp"
#include "tests/support/quiet_log.hpp"
#include "tests/support/redis_server.hpp"
#include "tests/support/run.hpp"

#include <boost/asio/co_spawn.hpp>
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

// Requests of a NAS, a batch of them at a time, each with another Identifier and Request Authenticator.
class Requests {
public:
    virtual ~Requests() = default;

    const Batch& next() {
        for (std::size_t i = 0; i < batch_requests; ++i) {
            octets_[i] = make(made_++);
            batch_[i] = {
                .bytes = octets_[i],
                .peer = {boost::asio::ip::make_address("127.0.0.1"), 9},
                .local = boost::asio::ip::make_address("127.0.0.1"),
                .received_at = std::chrono::system_clock::now()
            };
        }
        return batch_;
    }

protected:
    const nas::Secret secret_{secret};

private:
    virtual nas::Octets make(std::uint64_t number) = 0;

    std::uint64_t made_ = 0;
    std::array<nas::Octets, batch_requests> octets_;
    Batch batch_;
};

std::string guest_name(std::size_t number) {
    return "guest-" + std::to_string(number);
}

// As a controller sends them.
class Logins : public Requests {
    nas::Octets make(std::uint64_t number) override {
        nas::Authenticator authenticator{};
        std::memcpy(authenticator.data(), &number, sizeof number);
        return nas::Request(nas::Code::access_request, static_cast<std::uint8_t>(number), authenticator)
            .add(nas::Attribute::user_name, username)
            .add_password(password, secret_)
            .add(nas::Attribute::nas_ip_address, std::uint32_t{0x7f000001})
            .add(nas::Attribute::calling_station_id, "00-11-22-33-44-55")
            .add(nas::Attribute::nas_identifier, "ap-lobby")
            .sign(secret_);
    }
};

// Of as many users as a batch has requests, a session each, which has grown by a second since the batch
// before. They are known by their names.
class Interims : public Requests {
    nas::Octets make(std::uint64_t number) override {
        const auto session_id = "83f0-" + std::to_string(number % batch_requests);
        const auto guest = guest_name(number % batch_requests);
        const auto seconds = static_cast<std::uint32_t>(number / batch_requests);
        return nas::Request(nas::Code::accounting_request, static_cast<std::uint8_t>(number), {})
            .add(nas::Attribute::acct_status_type,
                 static_cast<std::uint32_t>(nas::AcctStatus::interim_update))
            .add(nas::Attribute::user_name, guest)
            .add(nas::Attribute::nas_ip_address, std::uint32_t{0x7f000001})
            .add(nas::Attribute::nas_port, std::uint32_t{7})
            .add(nas::Attribute::nas_port_type, wireless)
            .add(nas::Attribute::called_station_id, "02-00-00-00-00-01:lobby")
            .add(nas::Attribute::calling_station_id, "00-11-22-33-44-55")
            .add(nas::Attribute::nas_identifier, "ap-lobby")
            .add(nas::Attribute::framed_ip_address, std::uint32_t{0x0a000001})
            .add(nas::Attribute::acct_session_id, session_id)
            .add(nas::Attribute::acct_session_time, seconds)
            .add(nas::Attribute::acct_input_octets, 1000 * seconds)
            .add(nas::Attribute::acct_output_octets, 9000 * seconds)
            .sign(secret_);
    }

    static constexpr std::uint32_t wireless = 19;  // RFC 2865 section 5.41
};

// A worker with a store of its own, which knows those users.
struct Worker {
    Worker() {
        store.connect();
        if (!test::run(loop, store.redis.wait_until_ready(ready_limit)))
            throw std::runtime_error("Redis does not come up");
        const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
        add_user(username, profiles, now);
        for (std::size_t guest = 0; guest < batch_requests; ++guest)
            add_user(guest_name(guest), "[]", now);
        for (std::size_t i = 0; i < warm_up_batches; ++i) {
            make_ready();
            serve_at_once(logins.next());
            serve_at_once(logins.next());
        }
        for (std::size_t i = 0; i < warm_up_batches; ++i)
            serve_together(interims.next());
    }
    ~Worker() {
        store.disconnect();
        settle();
    }
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    void add_user(std::string_view name, std::string_view its_profiles, store::Time now) {
        const auto user = test::run(loop, store.users.create(
                                              {
                                                  {"username",     std::string(name)        },
                                                  {"password",     password                 },
                                                  {"organization", "1"                      },
                                                  {"profile",      std::string(its_profiles)}
        },
                                              store::Seconds(1'000'000), "request_costs", now));
        if (!user) throw std::runtime_error("no user: " + user.error().message());
    }

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

    // As the server has reports served: those of a batch travel to Redis and back together.
    void serve_together(const Batch& batch) {
        loop.restart();
        for (const auto& datagram : batch) {
            auto rest = handler.serve(datagram, accounting_listener);
            if (!rest) throw std::runtime_error("a report was not taken");
            ++in_hand;
            boost::asio::co_spawn(loop, *std::move(rest), [this](const std::exception_ptr&) { --in_hand; });
        }
        while (in_hand > 0)
            loop.run_one();
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
    Listener accounting_listener{
        {boost::asio::ip::make_address("127.0.0.1"), 0},
        loop, counters, Port::accounting, 1
    };
    Logins logins;
    Interims interims;
    std::size_t in_hand = 0;
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

// From the packet to the signed answer, with the turns of the loop in which Redis is written to and read.
MEASURE(interim) {
    worker.serve_together(batch);
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

std::size_t allocations_of(Step step, radius::Worker& worker, const radius::Batch& batch) {
    const auto before = allocations;
    step(worker, batch);
    return allocations - before;
}

void run() {
    radius::Worker worker;
    std::map<std::string_view, std::size_t> allocated;
    for (std::size_t i = 0; i < radius::batches; ++i) {
        worker.make_ready();
        const auto& batch = worker.logins.next();
        for (const auto& [name, step] : steps) {
            allocated[name] += allocations_of(step, worker, batch);
            if (worker.has_waited) throw std::runtime_error("a login was not answered from memory");
        }
        worker.settle();
        allocated["interim"] += allocations_of(measure_interim, worker, worker.interims.next());
    }
    constexpr auto requests = radius::batches * radius::batch_requests;
    if (worker.counters.access_accepts.get() < requests ||
        worker.counters.duplicates_answered.get() != requests)
        throw std::runtime_error("not every login was answered twice");
    if (worker.counters.accounting_responses.get() < requests)
        throw std::runtime_error("not every report was acknowledged");

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
