// What happens to a request between its datagram and its reply. One coroutine a request; every decision is in
// serve() and the answer_* functions, and silence is the answer to everything that is not a good request.
#pragma once

#include "radius/authenticator.hpp"
#include "radius/authorization.hpp"
#include "radius/credential.hpp"
#include "radius/grace.hpp"
#include "radius/log_budget.hpp"
#include "radius/reply_cache.hpp"
#include "radius/request_trace.hpp"
#include "radius/session_class.hpp"
#include "radius/sightings.hpp"
#include "radius/snapshot.hpp"
#include "radius/udp_socket.hpp"
#include "store/durable_ledger.hpp"
#include "store/log.hpp"

#include <boost/asio/io_context.hpp>

#include <functional>
#include <memory>
#include <random>

namespace hourglass::store {
struct Store;
}

namespace hourglass::radius {

enum class Port : std::uint8_t { authentication, accounting };

struct Listener {
    Listener(const boost::asio::ip::udp::endpoint& endpoint, boost::asio::io_context& loop,
             Counters& counters, Port its_port, std::uint8_t its_number)
        : socket(loop, endpoint, counters), port(its_port), number(its_number) {}

    UdpSocket socket;
    Port port{};
    std::uint8_t number{};  // tells the worker's sockets apart
};

class RequestHandler {
public:
    static constexpr std::size_t delayed_rejects_max = 4096;
    static constexpr int reject_jitter_percent = 10;       // of the delay, to either side
    static constexpr int logged_drops_per_second_max = 5;  // for each reason
    static constexpr int logged_rejects_per_second_max = 100;

    // `journal` and `trace` may be null.
    RequestHandler(boost::asio::io_context& loop, store::Store& store, store::Journal* journal,
                   std::shared_ptr<const Snapshot> snapshot, std::function<void(LearnedFact)> on_learned,
                   Counters& counters, Log& log, Trace* trace = nullptr);

    // Whether it is worth a coroutine: from whom we do not know nothing is looked at.
    bool knows(const boost::asio::ip::address& source) const {
        return snapshot_->clients.find(source) != nullptr;
    }
    // `listener` must outlive the coroutine.
    awaitable<void> serve(Datagram datagram, Listener& listener);

    void drop(const Datagram& datagram, error_code reason);
    void replace(std::shared_ptr<const Snapshot> snapshot);
    // What was seen since the last call.
    std::vector<SourceSighting> take_sightings(std::chrono::sys_seconds now);

private:
    // A request that is known to be authentic, while it is served. `packet` is a view into `datagram`.
    struct Request {
        const Datagram& datagram;
        const Snapshot& snapshot;
        const Client& client;
        Packet packet;
        RequestTrace& trace;
    };
    using Reply = std::vector<std::uint8_t>;

    error_code authenticate(const Request& request);
    error_code judge_unsigned_access_request(const Request& request) const;

    awaitable<result<Reply>> answer(const Request& request, Port port);
    awaitable<result<Reply>> answer_access_request(const Request& request);
    static LoginOrigin origin_of(const Request& request);
    result<Reply> answer_without_store(const Request& request, const UserIdentity& identity,
                                       const Credential& credential);
    awaitable<result<Reply>> answer_accounting_request(const Request& request);
    awaitable<result<Reply>> answer_status_server(const Request& request, Port port);

    result<Reply> accept(const Request& request, store::UserId user, const Grant& grant,
                         const Verdict& verdict);
    void add_identity(PacketWriter& accept, const Request& request, store::UserId user);
    awaitable<result<Reply>> reject(const Request& request, RejectReason reason, const Credential* credential,
                                    const store::LoginUser* user = nullptr);
    void tell_login(const Request& request, const store::LoginUser& user, const Grant& grant,
                    store::Time now);
    void tell_reject(const Request& request, RejectReason reason, const store::LoginUser* user);
    result<Reply> finish(PacketWriter& reply, const Request& request);

    void identify_user(const Request& request, store::AccountingRecord& record);
    void note_applied(const Request& request, store::AccountingStatus status, const store::Applied& applied);
    void note_journaled(const Request& request);

    bool is_required(Requirement requirement, const Request& request, Learned what) const;
    void learn(const Request& request, Learned what);
    void note_sight(const Request& request, Sight what);
    std::chrono::milliseconds jittered(std::chrono::milliseconds delay);
    void count_answer(const Request& request, const Reply& reply);

    boost::asio::io_context& loop_;
    store::Store& store_;
    store::DurableLedger ledger_;
    std::shared_ptr<const Snapshot> snapshot_;
    std::function<void(LearnedFact)> on_learned_;
    Counters& counters_;
    Log& log_;
    Trace* trace_;

    const SealKey class_key_;
    const SealKey chargeable_user_identity_key_;
    Digests digests_;
    ReplyCache replies_;
    LearnedFacts learned_;
    Grace grace_;
    Sightings sightings_;
    std::size_t delayed_rejects_ = 0;
    std::minstd_rand jitter_;
    std::vector<LogBudget> logged_drops_;  // by reason
    LogBudget logged_rejects_{logged_rejects_per_second_max};
};

}  // namespace hourglass::radius
