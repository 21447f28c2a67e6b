// What happens to a request between its datagram and its reply. What can be decided without waiting is done
// at once, without a coroutine and without allocations: a repeat, a good login of a user whom the worker
// remembers, everything that is dropped. Every decision is in serve() and the answer_* functions, and silence
// is the answer to everything that is not a good request.
#pragma once

#include "radius/answer_times.hpp"
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
#include <boost/container/small_vector.hpp>

#include <exception>
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
             Counters& counters, Port its_port, std::uint8_t its_number, int bound = -1)
        : socket(loop, endpoint, counters, UdpSocket::Sharing::with_others, bound),
          port(its_port),
          number(its_number) {}

    UdpSocket socket;
    Port port{};
    std::uint8_t number{};  // tells the worker's sockets apart
};

class RequestHandler {
public:
    // A NAS has asked again by then, or given up: what waited longer in the socket is not worth an answer.
    static constexpr std::chrono::seconds queued_max{3};
    static constexpr std::size_t delayed_rejects_max = 4096;
    static constexpr int reject_jitter_percent = 10;       // of the delay, to either side
    static constexpr int logged_drops_per_second_max = 5;  // for each reason
    static constexpr int logged_rejects_per_second_max = 100;
    // A NAS whose clock is wrong makes one with each of its reports; all of them are counted.
    static constexpr int told_anomalies_per_second_max = 20;

    // `journal` and `trace` may be null.
    RequestHandler(boost::asio::io_context& loop, store::Store& store, store::Journal* journal,
                   std::shared_ptr<const Snapshot> snapshot, std::function<void(LearnedFact)> on_learned,
                   Counters& counters, Log& log, Trace* trace = nullptr);

    // Serves a request as far as it goes without waiting. What remains then, if anything, is the caller's to
    // spawn; where waiting is refused, it is dropped instead. `listener` must outlive the coroutine.
    enum class Waiting : std::uint8_t { allowed, refused };
    std::optional<awaitable<void>> serve(const Datagram& datagram, Listener& listener,
                                         Waiting waiting = Waiting::allowed);

    // After which nothing remains.
    std::nullopt_t drop(const Datagram& datagram, error_code reason);
    // A request ended in an exception: a bug.
    void note_failure(const Datagram& datagram, const std::exception_ptr& failure);
    void replace(std::shared_ptr<const Snapshot> snapshot);
    // After each batch that was served.
    void note_answer_times();
    // Shows in the counters how full the handler is.
    void note_state();
    // What was seen since the last call.
    std::vector<SourceSighting> take_sightings(std::chrono::sys_seconds now);

private:
    // A request that is known to be authentic, while it is served. `packet` is a view into `datagram`.
    struct Request {
        const Datagram& datagram;
        const Snapshot& snapshot;
        const Client& client;
        Packet packet;
        Listener& listener;
        RequestTrace& trace;
        RequestKey key = RequestKey::of(datagram.peer, packet.identifier(), listener.number);
    };
    struct KeptRequest;
    struct Claim;  // of an Access-Request
    // Of the usual size without an allocation.
    using Reply = boost::container::small_vector<std::uint8_t, 256>;

    error_code authenticate(const Request& request);
    error_code judge_unsigned_access_request(const Request& request) const;
    bool answer_repeat(const Request& request, ReplyCache::Time now);
    void begin(const Request& request, ReplyCache::Time now);
    void conclude(const Request& request, const result<Reply>& reply);

    // What a request has to wait for. `account`: all else is remembered of a user whose credential is right.
    enum class Missing : std::uint8_t { everything, account };
    using AtOnce = std::variant<Missing, result<Reply>>;
    AtOnce answer_at_once(const Request& request);
    AtOnce answer_from_memory(const Request& request);
    result<Reply> answer_status_server(const Request& request);

    awaitable<void> answer_later(KeptRequest kept, Missing missing);
    awaitable<result<Reply>> answer_access_request(const Request& request, Missing missing);
    static std::variant<Claim, RejectReason> claim_of(const Request& request);
    Verdict check_credential(const Request& request, const Claim& claim, const store::LoginUser* user);
    static Login login_of(const Request& request, const store::LoginUser& user);
    result<Reply> answer_without_store(const Request& request, const Claim& claim);
    awaitable<error_code> record_usage(const Request& request);
    result<Reply> acknowledge(const Request& request);

    result<Reply> welcome(const Request& request, const Login& login, const Grant& grant,
                          const Verdict& verdict);
    result<Reply> accept(const Request& request, store::UserId user, const Grant& grant,
                         const Verdict& verdict);
    void add_identity(PacketWriter& accept, const Request& request, store::UserId user);
    awaitable<result<Reply>> reject(const Request& request, RejectReason reason, const Credential* credential,
                                    const store::LoginUser* user = nullptr);
    result<Reply> make_reject(const Request& request, RejectReason reason, const Credential* credential);
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
    void log_drop(const Datagram& datagram, error_code reason);
    std::chrono::milliseconds jittered(std::chrono::milliseconds delay);
    void count_answer(const Request& request, const Reply& reply);

    boost::asio::io_context& loop_;
    store::Store& store_;
    store::DurableLedger ledger_;
    std::shared_ptr<const Snapshot> snapshot_;
    std::function<void(LearnedFact)> on_learned_;
    Counters& counters_;
    AnswerTimes answer_times_;
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
    LogBudget told_anomalies_{told_anomalies_per_second_max};
};

}  // namespace hourglass::radius
