// Access-Request: who is it, is the credential right, may he come in now, and for how long.
#include "radius/access_reply.hpp"
#include "radius/accounting_events.hpp"
#include "radius/chargeable_user_identity.hpp"
#include "radius/mac_login.hpp"
#include "radius/request_handler.hpp"
#include "radius/request_id.hpp"
#include "radius/sharing.hpp"
#include "store/store.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <openssl/rand.h>

namespace hourglass::radius {
namespace {

constexpr std::array reject_counters{
#define REJECT(reason, text) &Counters::reject_##reason,
#include "radius/rejects.def"
#undef REJECT
};

// What the password of an unknown user is compared with, so that he costs the same work as a known one.
constexpr std::string_view nobodys_password = "nobody";

// Of MS-CHAP's answers and of attributes whose values are hidden.
Nonces draw_nonces() {
    Nonces nonces;
    std::array<std::uint8_t, sizeof nonces.salt> salt;
    if (RAND_bytes(salt.data(), salt.size()) != 1 ||
        RAND_bytes(nonces.new_challenge.data(), nonces.new_challenge.size()) != 1)
        throw std::runtime_error("OpenSSL has no random octets");
    nonces.salt = static_cast<std::uint16_t>(read_integer(salt));
    return nonces;
}

store::Event login_event(store::EventType type, const Packet& request, const Client& client,
                         const store::LoginUser* user, store::Time now) {
    auto event = event_of(type, request, client, now);
    if (user) {
        event.user = user->id;
        event.organization = user->organization;
        event.balance = user->account.balance_at(now);
    }
    return event;
}

// Empty if it is not there.
std::string_view text_in(const Packet& request, const auto& attribute) {
    return request.find(attribute).value_or("");
}

// What finish() copies into the reply.
std::size_t proxy_state_octets(const Packet& request) {
    std::size_t octets = 0;
    for (const auto attribute : request.attributes())
        if (attribute.type == attr::proxy_state.type) octets += 2 + attribute.value.size();
    return octets;
}

}  // namespace

// Who wants to come in, and by what he means to show that he may.
struct RequestHandler::Claim {
    UserIdentity identity;
    Credential credential;
};

std::variant<RequestHandler::Claim, RejectReason> RequestHandler::claim_of(const Request& request) {
    const auto username = request.packet.find(attr::user_name).value_or("");
    if (username.empty()) return RejectReason::no_user_name;

    auto identity = identify(username, request.snapshot.policy.names);
    if (!identity) return RejectReason::unknown_realm;

    const auto credential = find_credential(request.packet, *identity);
    if (const auto* reason = std::get_if<RejectReason>(&credential)) return *reason;
    return Claim{*std::move(identity), std::get<Credential>(credential)};
}

// A good login of a user whom the worker remembers. Anything else is for the road through Redis, which costs
// the same for everybody: so nobody can time who is remembered, and no refusal is out of date. Where all but
// his account is remembered, that is read, and he comes here again; if refused then, he takes the whole road.
RequestHandler::AtOnce RequestHandler::answer_from_memory(const Request& request) {
    const auto read = claim_of(request);
    const auto* const claim = std::get_if<Claim>(&read);
    if (!claim) return Missing::everything;

    const auto* const user = store_.users.recall_login(claim->identity.sought);
    const auto verdict = check_credential(request, *claim, user);
    if (!user || !verdict.is_right) return Missing::everything;
    if (is_of_other_station(request.packet, claim->identity, user->password)) return Missing::everything;

    const auto login = login_of(request, *user);
    if (place_limits(login)) return Missing::everything;
    if (!user->has_account) return holds_slices(login) ? Missing::everything : Missing::account;
    const auto decision = authorize(login, request.snapshot.policy);
    const auto* const grant = std::get_if<Grant>(&decision);
    if (!grant) return Missing::everything;

    request.trace.note_credential(user, true);
    request.trace.note_checks(login);
    return welcome(request, login, *grant, verdict);
}

awaitable<result<RequestHandler::Reply>> RequestHandler::answer_access_request(const Request& request,
                                                                               Missing missing) {
    const auto read = claim_of(request);
    if (const auto* reason = std::get_if<RejectReason>(&read))
        co_return co_await reject(request, *reason, nullptr);
    const auto& claim = std::get<Claim>(read);
    const auto& credential = claim.credential;
    if (std::holds_alternative<Eap>(credential))
        co_return co_await reject(request, RejectReason::eap_unsupported, &credential);

    if (missing == Missing::account) {
        store::Stopwatch watch(counters_.account_reads);
        co_await store_.users.complete_login(claim.identity.sought);
        watch.stop();
        auto at_once = answer_from_memory(request);
        if (auto* const reply = std::get_if<result<Reply>>(&at_once)) co_return std::move(*reply);
    }

    store::Stopwatch watch(counters_.login_reads);
    const auto user = co_await store_.users.find_login(claim.identity.sought);
    watch.stop();
    if (!user && user.error() != store::Error::not_found) co_return answer_without_store(request, claim);

    const auto verdict = check_credential(request, claim, user ? &*user : nullptr);
    request.trace.note_credential(user ? &*user : nullptr, verdict.is_right);
    if (!user) co_return co_await reject(request, RejectReason::unknown_user, &credential);
    if (!verdict.is_right)
        co_return co_await reject(request, RejectReason::wrong_password, &credential, &*user);
    if (is_of_other_station(request.packet, claim.identity, user->password))
        co_return co_await reject(request, RejectReason::other_station, &credential, &*user);

    auto login = login_of(request, *user);
    auto decision = authorize(login, request.snapshot.policy);
    const auto limits = place_limits(login);
    if (limits && std::holds_alternative<Grant>(decision)) {
        const auto source = request.datagram.peer.address();
        store::Stopwatch place_watch(counters_.place_writes);
        const auto place =
            co_await store_.places.take(user->id, newcomer_of(request.packet, source), *limits, login.now);
        place_watch.stop();
        if (!place) co_return Error::store_unavailable;
        login.place = *place;
        decision = authorize(login, request.snapshot.policy);
    }
    request.trace.note_checks(login);
    if (const auto* reason = std::get_if<RejectReason>(&decision))
        co_return co_await reject(request, *reason, &credential, &*user);
    co_return welcome(request, login, std::get<Grant>(decision), verdict);
}

// Null `user`: nobody we know; it is the same work.
Verdict RequestHandler::check_credential(const Request& request, const Claim& claim,
                                         const store::LoginUser* user) {
    const auto password = user ? std::string_view(user->password) : nobodys_password;
    return check(claim.credential, request.packet, claim.identity, password, request.client.secret, digests_);
}

Login RequestHandler::login_of(const Request& request, const store::LoginUser& user) {
    return {
        user,
        std::chrono::floor<std::chrono::seconds>(request.datagram.received_at),
        request.snapshot.directory,
        {request.packet, request.client.name, request.datagram.peer.address()}
    };
}

result<RequestHandler::Reply> RequestHandler::welcome(const Request& request, const Login& login,
                                                      const Grant& grant, const Verdict& verdict) {
    tell_login(request, login.user, grant, login.now);
    store_.users.note_login(login.user.id, login.now);
    if (request.snapshot.policy.grace.is_on) grace_.remember(login.user);
    if (!request.packet.contains(attr::proxy_state)) learn(request, Learned::is_no_proxy);
    return accept(request, login.user.id, grant, verdict);
}

// Silence for everyone but users whom we know and whose credential is right: the NAS may have another server
// to ask, and what we remember may be out of date.
result<RequestHandler::Reply> RequestHandler::answer_without_store(const Request& request,
                                                                   const Claim& claim) {
    const auto& policy = request.snapshot.policy;
    if (!policy.grace.is_on) return Error::store_unavailable;
    const auto refuse = [this] {
        counters_.grace_refusals.add();
        return Error::store_unavailable;
    };
    const auto user = grace_.find(claim.identity.sought);
    const auto verdict = check_credential(request, claim, user ? &*user : nullptr);
    if (!user || !verdict.is_right || is_of_other_station(request.packet, claim.identity, user->password))
        return refuse();
    const std::string_view username = user->username;

    const auto decision = authorize(login_of(request, *user), policy);
    if (!std::holds_alternative<Grant>(decision)) return refuse();

    auto grant = std::get<Grant>(decision);
    auto length = std::min(policy.grace.session, grace_.left(username, policy.grace.budget));
    if (grant.session_timeout) length = std::min(length, *grant.session_timeout);
    if (length <= store::Seconds::zero()) return refuse();
    grant.session_timeout = length;
    grace_.spend(username, length);
    counters_.grace_accepts.add();
    request.trace.note_grace();
    const auto seconds = std::to_string(length.count());
    log_.notice("login accepted while the store is away", {
                                                              {"request_id", request_id(request.datagram)},
                                                              {"nas",        request.client.name         },
                                                              {"user",       username                    },
                                                              {"seconds",    seconds                     }
    });
    return accept(request, user->id, grant, verdict);
}

result<RequestHandler::Reply> RequestHandler::accept(const Request& request, store::UserId user,
                                                     const Grant& grant, const Verdict& verdict) {
    if (log_.is_enabled(LogLevel::debug))
        log_.debug("login accepted", {
                                         {"request_id", request_id(request.datagram)},
                                         {"nas", request.client.name},
                                         {"user", text_in(request.packet, attr::user_name)},
                                         {"session", text_in(request.packet, attr::acct_session_id)}
        });

    PacketWriter accept(Code::access_accept, request.packet.identifier());
    add_grant(accept, grant);
    add_identity(accept, request, user);
    const bool has_success = !std::holds_alternative<std::monostate>(verdict.success);
    const auto nonces = has_success || has_secrets(grant) ? draw_nonces() : Nonces();
    if (has_success) add_success(accept, verdict, request.packet, nonces, request.client.secret, digests_);
    const auto authenticator = request.packet.authenticator();
    Sealer sealer(authenticator, request.client.secret, static_cast<std::uint16_t>(nonces.salt + mppe_salts),
                  digests_);
    const auto omitted = add_profile_attributes(accept, grant, proxy_state_octets(request.packet), sealer);
    counters_.attributes_left_out.add(grant.left_out);
    counters_.attributes_omitted.add(omitted);
    return finish(accept, request);
}

void RequestHandler::add_identity(PacketWriter& accept, const Request& request, store::UserId user) {
    if (request.snapshot.policy.has_session_class) {
        const auto now = std::chrono::floor<std::chrono::seconds>(request.datagram.received_at);
        accept.add(attr::klass, std::string_view(make_session_class(user, now, class_key_)));
    }
    const auto chargeable =
        make_chargeable_user_identity(user, request.packet, request.client, chargeable_user_identity_key_);
    if (!chargeable.empty()) accept.add(attr::chargeable_user_identity, as_bytes(chargeable));
}

// Late, so that guessing passwords is slow; by a timer of its own, so that nobody else waits.
awaitable<result<RequestHandler::Reply>> RequestHandler::reject(const Request& request, RejectReason reason,
                                                                const Credential* credential,
                                                                const store::LoginUser* user) {
    (counters_.*reject_counters[static_cast<std::size_t>(reason)]).add();
    request.trace.note_refusal(reason);
    const auto left_out = logged_rejects_.take(request.datagram.received_at);
    const auto others = count_text(left_out.value_or(0));
    if (left_out && log_.is_enabled(LogLevel::info))
        log_.info("login rejected", {
                                        {"request_id", request_id(request.datagram)},
                                        {"nas", request.client.name},
                                        {"user", text_in(request.packet, attr::user_name)},
                                        {"session", text_in(request.packet, attr::acct_session_id)},
                                        {"reason", name_of(reason)},
                                        {"not_logged", others}
        });
    tell_reject(request, reason, user);
    if (delayed_rejects_ >= delayed_rejects_max) co_return Error::too_many_delayed_rejects;

    auto reply = make_reject(request, reason, credential);
    if (const auto delay = jittered(request.snapshot.policy.reject_delay); delay.count() > 0) {
        ++delayed_rejects_;
        boost::asio::steady_timer timer(loop_, delay);
        co_await timer.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
        --delayed_rejects_;
    }
    co_return reply;
}

result<RequestHandler::Reply> RequestHandler::make_reject(const Request& request, RejectReason reason,
                                                          const Credential* credential) {
    PacketWriter reject(Code::access_reject, request.packet.identifier());
    if (credential) add_failure(reject, *credential, draw_nonces());
    const auto text = request.snapshot.policy.reply_messages.of(reason);
    if (!text.empty()) reject.add(attr::reply_message, text);
    return finish(reject, request);
}

void RequestHandler::tell_login(const Request& request, const store::LoginUser& user, const Grant& grant,
                                store::Time now) {
    auto event = login_event(store::EventType::login, request.packet, request.client, &user, now);
    event.seconds = grant.session_timeout;
    if (grant.is_walled_garden) event.reason = "walled_garden";
    store_.events.publish(event);
}

void RequestHandler::tell_reject(const Request& request, RejectReason reason, const store::LoginUser* user) {
    const auto now = std::chrono::floor<std::chrono::seconds>(request.datagram.received_at);
    auto event = login_event(store::EventType::reject, request.packet, request.client, user, now);
    event.reason = name_of(reason);
    store_.events.publish(event);
}

std::chrono::milliseconds RequestHandler::jittered(std::chrono::milliseconds delay) {
    std::uniform_int_distribution percent(100 - reject_jitter_percent, 100 + reject_jitter_percent);
    return delay * percent(jitter_) / 100;
}

}  // namespace hourglass::radius
