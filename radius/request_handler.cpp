#include "radius/request_handler.hpp"

#include "radius/chargeable_user_identity.hpp"
#include "store/store.hpp"

namespace hourglass::radius {
namespace {

bool is_served(Code code, Port port) {
    const auto expected = port == Port::authentication ? Code::access_request : Code::accounting_request;
    return code == expected || code == Code::status_server;
}

Counter& request_counter(Counters& counters, Code code) {
    if (code == Code::access_request) return counters.auth_requests;
    if (code == Code::accounting_request) return counters.acct_requests;
    return counters.status_requests;
}

std::chrono::sys_seconds second_of(const Datagram& datagram) {
    return std::chrono::floor<std::chrono::seconds>(datagram.received_at);
}

}  // namespace

RequestHandler::RequestHandler(boost::asio::io_context& loop, store::Store& store, store::Journal* journal,
                               std::shared_ptr<const Snapshot> snapshot,
                               std::function<void(LearnedFact)> on_learned, Counters& counters, Log& log,
                               Trace* trace)
    : loop_(loop),
      store_(store),
      ledger_(store.redis, store.ledger, journal),
      on_learned_(std::move(on_learned)),
      counters_(counters),
      log_(log),
      trace_(trace),
      class_key_(store.secrets.derive_key(session_class_purpose)),
      chargeable_user_identity_key_(store.secrets.derive_key(chargeable_user_identity_purpose)),
      jitter_(std::random_device{}()),
      logged_drops_(drop_reasons, LogBudget(logged_drops_per_second_max)) {
    replace(std::move(snapshot));
}

void RequestHandler::replace(std::shared_ptr<const Snapshot> snapshot) {
    snapshot_ = std::move(snapshot);
    store_.rules = snapshot_->policy.ledger;
    store_.redis.set_group_commit(snapshot_->policy.group_commit);
    for (const auto& fact : snapshot_->learned)
        learned_.learn(fact);
}

// What a request needs to wait: octets of its own, and the snapshot by which it was admitted.
struct RequestHandler::KeptRequest {
    explicit KeptRequest(const Request& request, std::shared_ptr<const Snapshot> its_snapshot)
        : datagram(request.datagram),
          snapshot(std::move(its_snapshot)),
          client(&request.client),
          packet(request.packet.copied_to(octets)),
          listener(&request.listener),
          trace(std::move(request.trace)) {
        datagram.bytes = octets;
    }

    Request view() { return {datagram, *snapshot, *client, packet, *listener, trace}; }

    std::vector<std::uint8_t> octets;
    Datagram datagram;
    std::shared_ptr<const Snapshot> snapshot;
    const Client* client;  // of the snapshot
    Packet packet;
    Listener* listener;
    RequestTrace trace;
};

// One request, from datagram to reply. Nothing unauthentic touches the reply cache.
std::optional<awaitable<void>> RequestHandler::serve(const Datagram& datagram, Listener& listener,
                                                     Waiting waiting) {
    const auto* client = snapshot_->clients.find(datagram.peer.address());
    if (!client) return drop(datagram, Error::unknown_client);
    if (datagram.queued > queued_max) return drop(datagram, Error::queued_too_long);

    const auto packet = decode(datagram.bytes);
    if (!packet) return drop(datagram, packet.error());
    if (!is_served(packet->code(), listener.port)) return drop(datagram, Error::wrong_code);
    if (packet->code() == Code::accounting_request && store_.report_batches.is_behind())
        return drop(datagram, Error::store_overloaded);

    RequestTrace trace(trace_, datagram, snapshot_);
    const Request request{datagram, *snapshot_, *client, *packet, listener, trace};
    if (const auto error = authenticate(request)) return drop(datagram, error);
    const auto now = ReplyCache::Time::clock::now();
    if (answer_repeat(request, now)) return std::nullopt;

    const auto at_once = answer_at_once(request);
    const auto* const reply = std::get_if<result<Reply>>(&at_once);
    if (!reply && waiting == Waiting::refused) return drop(datagram, Error::too_many_requests);
    if (!reply && store_.redis.is_behind()) return drop(datagram, Error::store_overloaded);
    begin(request, now);
    if (!reply) return answer_later(KeptRequest(request, snapshot_), std::get<Missing>(at_once));
    conclude(request, *reply);
    return std::nullopt;
}

awaitable<void> RequestHandler::answer_later(KeptRequest kept, Missing missing) {
    const auto request = kept.view();
    auto reply = result<Reply>(Error::store_unavailable);
    try {
        if (request.packet.code() == Code::access_request)
            reply = co_await answer_access_request(request, missing);
        else if (const auto error = co_await record_usage(request))
            reply = error;
        else
            reply = acknowledge(request);
    } catch (...) {
        replies_.forget(request.key, request.packet.authenticator());
        throw;
    }
    conclude(request, reply);
}

// Whether it is a repeat; that of a request in progress gets its answer with the first.
bool RequestHandler::answer_repeat(const Request& request, ReplyCache::Time now) {
    const auto repeated = replies_.find(request.key, request.packet.authenticator(), now);
    if (repeated.state == ReplyCache::State::unknown) return false;

    note_sight(request, Sight::repeats);
    if (repeated.state == ReplyCache::State::in_progress) {
        request.trace.repeated_in_progress();
        counters_.duplicates_in_progress.add();
        return true;
    }
    request.trace.repeated(repeated.reply);
    counters_.duplicates_answered.add();
    const auto& datagram = request.datagram;
    if (!request.listener.socket.send(repeated.reply, datagram.peer, datagram.local))
        drop(datagram, Error::send_queue_full);
    return true;
}

void RequestHandler::begin(const Request& request, ReplyCache::Time now) {
    const auto& packet = request.packet;
    request_counter(counters_, packet.code()).add();
    sightings_.note_request(request.datagram.peer.address(), request.client, packet,
                            second_of(request.datagram));
    replies_.begin(request.key, packet.authenticator(), now);
}

// A request that got no answer leaves the reply cache, so that its repeat is tried afresh.
void RequestHandler::conclude(const Request& request, const result<Reply>& reply) {
    const auto& datagram = request.datagram;
    const auto authenticator = request.packet.authenticator();
    if (!reply) {
        replies_.forget(request.key, authenticator);
        drop(datagram, reply.error());
        return;
    }
    replies_.finish(request.key, authenticator, *reply);
    if (!request.listener.socket.send(*reply, datagram.peer, datagram.local)) {
        drop(datagram, Error::send_queue_full);
        return;
    }
    request.trace.answered(*reply);
    count_answer(request, *reply);
}

error_code RequestHandler::authenticate(const Request& request) {
    const auto& secret = request.client.secret;
    if (request.packet.code() == Code::accounting_request &&
        !has_request_authenticator(request.packet, secret, digests_))
        return Error::bad_authenticator;

    switch (check_message_authenticator(request.packet, secret)) {
        case MessageAuthenticator::invalid:
            return Error::bad_message_authenticator;
        case MessageAuthenticator::valid:
            learn(request, Learned::sends_message_authenticator);
            return {};
        case MessageAuthenticator::absent:
            break;
    }
    if (request.packet.code() == Code::status_server) return Error::missing_message_authenticator;
    if (request.packet.code() == Code::access_request) return judge_unsigned_access_request(request);
    return {};
}

// CVE-2024-3596: an Access-Request without a Message-Authenticator may have been altered on its way, and
// Proxy-State is where the alteration is put.
error_code RequestHandler::judge_unsigned_access_request(const Request& request) const {
    if (request.packet.contains(attr::eap_message) ||
        is_required(request.client.require_message_authenticator, request,
                    Learned::sends_message_authenticator))
        return Error::missing_message_authenticator;
    if (request.packet.contains(attr::proxy_state) &&
        is_required(request.client.limit_proxy_state, request, Learned::is_no_proxy))
        return Error::unprotected_proxy_state;
    return {};
}

bool RequestHandler::is_required(Requirement requirement, const Request& request, Learned what) const {
    if (requirement == Requirement::auto_) return learned_.knows(request.datagram.peer.address(), what);
    return requirement == Requirement::yes;
}

void RequestHandler::learn(const Request& request, Learned what) {
    const LearnedFact fact{request.datagram.peer.address(), what};
    if (learned_.learn(fact)) on_learned_(fact);
}

void RequestHandler::note_sight(const Request& request, Sight what) {
    sightings_.note(request.datagram.peer.address(), request.client, what, second_of(request.datagram));
}

std::vector<SourceSighting> RequestHandler::take_sightings(std::chrono::sys_seconds now) {
    return sightings_.take(now);
}

RequestHandler::AtOnce RequestHandler::answer_at_once(const Request& request) {
    switch (request.packet.code()) {
        case Code::access_request:
            return answer_from_memory(request);
        case Code::accounting_request:
            return Missing::everything;
        default:
            return answer_status_server(request);
    }
}

// RFC 5997 section 4.2: the answer is the one a good request at this port would get, and says no more.
result<RequestHandler::Reply> RequestHandler::answer_status_server(const Request& request) {
    if (request.listener.port == Port::accounting) return acknowledge(request);
    PacketWriter reply(Code::access_accept, request.packet.identifier());
    return finish(reply, request);
}

result<RequestHandler::Reply> RequestHandler::acknowledge(const Request& request) {
    const auto signature = request.packet.code() == Code::accounting_request
                               ? Signature::response_authenticator
                               : Signature::message_authenticator;
    PacketWriter reply(Code::accounting_response, request.packet.identifier(), signature);
    return finish(reply, request);
}

result<RequestHandler::Reply> RequestHandler::finish(PacketWriter& reply, const Request& request) {
    reply.copy_all(attr::proxy_state, request.packet);
    const auto octets = reply.finish(request.packet.authenticator(), request.client.secret);
    if (!octets) return octets.error();
    return Reply(octets->begin(), octets->end());
}

void RequestHandler::count_answer(const Request& request, const Reply& reply) {
    switch (static_cast<Code>(reply.front())) {
        case Code::access_accept:
            counters_.access_accepts.add();
            return note_sight(request, Sight::access_accepts);
        case Code::access_reject:
            counters_.access_rejects.add();
            return note_sight(request, Sight::access_rejects);
        default:
            counters_.accounting_responses.add();
            return note_sight(request, Sight::accounting_responses);
    }
}

std::nullopt_t RequestHandler::drop(const Datagram& datagram, error_code reason) {
    drop_counter(counters_, reason).add();
    sightings_.note_drop(datagram.peer.address(), snapshot_->clients, reason, second_of(datagram));
    RequestTrace(trace_, datagram, snapshot_).dropped(reason);
    if (log_.is_enabled(LogLevel::info)) log_drop(datagram, reason);
    return std::nullopt;
}

void RequestHandler::log_drop(const Datagram& datagram, error_code reason) {
    const auto left_out =
        logged_drops_[static_cast<std::size_t>(reason.value()) - 1].take(datagram.received_at);
    if (!left_out) return;
    const auto source = datagram.peer.address().to_string();
    const auto text = reason.message();
    const auto others = count_text(*left_out);
    log_.info("request dropped", {
                                     {"source",     source},
                                     {"reason",     text  },
                                     {"not_logged", others}
    });
}

}  // namespace hourglass::radius
