// Sees to it that sessions end in time. Every now and then it takes the users who are due from the store's
// deadlines, looks at each (ending.hpp), asks NASes, notes what they say, and names the next deadline. What
// is under way is noted in Redis before it leaves, so that of several daemons one deals with a session, and
// that one which dies leaves nothing undone.
#pragma once

#include "radius/counters.hpp"
#include "radius/dynamic_authorization_sender.hpp"
#include "radius/ending.hpp"
#include "store/store.hpp"

#include <boost/asio/steady_timer.hpp>

#include <map>
#include <set>
#include <unordered_map>

namespace hourglass::radius {

class SessionEndings {
public:
    // What is due is taken so often, at whole multiples of it by the clock: deadlines are whole seconds.
    static constexpr std::chrono::milliseconds interval{200};
    // Users looked at together, from each shard of the deadlines.
    static constexpr std::uint64_t claims_per_shard_max = 32;
    // When a user is looked at again whose NAS has as many ends under way as the sender has in flight:
    // nothing noted waits in a queue.
    static constexpr store::Seconds busy_delay{1};
    static constexpr std::size_t awaited_stops_max = 65'536;

    // All on one event loop, that of the store and of the sender.
    SessionEndings(boost::asio::io_context& loop, store::Store& store, dynamic_authorization::Sender& sender,
                   std::shared_ptr<const Snapshot> snapshot, Log& log);
    SessionEndings(const SessionEndings&) = delete;
    SessionEndings& operator=(const SessionEndings&) = delete;

    // Until stop().
    awaitable<void> run();
    void stop();
    // After the sender has stopped: waits until what it was asked last is noted. False: not in time.
    awaitable<bool> finish(std::chrono::milliseconds limit);
    void replace(std::shared_ptr<const Snapshot> snapshot) { snapshot_ = std::move(snapshot); }

    const Counters& counters() const { return counters_; }  // may be read from any thread

private:
    using SessionName = std::pair<std::string, std::uint64_t>;  // user tag, number

    awaitable<void> serve_due();
    awaitable<void> look_after(store::Claim claim);
    awaitable<std::optional<store::Time>> act(const store::UserSession& session, const ending::Step& step,
                                              store::Time now);
    awaitable<std::optional<store::Time>> begin_end(store::UserSession session, ending::Step step,
                                                    dynamic_authorization::Request request, store::Time now);
    awaitable<std::optional<store::Time>> begin_change(store::UserSession session, ending::Step step,
                                                       dynamic_authorization::Request request);
    awaitable<std::optional<store::Time>> note_impossible(store::UserSession session, ending::Step step,
                                                          store::Time now);
    awaitable<std::optional<store::Time>> close_stale(store::UserSession session, ending::Step step,
                                                      store::Time now);
    awaitable<void> request_end(store::UserSession session, store::Disconnect begun,
                                dynamic_authorization::Request request);
    awaitable<void> request_change(dynamic_authorization::Request request);

    void hold(const store::UserSession& session);
    void release(const store::UserSession& session);
    void count(const store::UserSession& session, const ending::Step& step, store::Time now);
    void confirm_stopped(const store::UserTag& tag, const store::Visit& visit, store::Time now);
    void tell(const store::UserSession& session, std::string_view outcome, store::Time now);
    void spawn(awaitable<void> task);

    boost::asio::io_context& loop_;
    store::Store& store_;
    dynamic_authorization::Sender& sender_;
    std::shared_ptr<const Snapshot> snapshot_;
    Log& log_;
    Counters counters_;
    bool is_stopping_ = false;
    boost::asio::steady_timer wake_up_;
    boost::asio::steady_timer all_ended_;

    std::size_t visits_ = 0;  // under way
    std::size_t tasks_ = 0;   // requests under way
    std::set<SessionName> under_way_;
    std::map<std::string, std::size_t> per_nas_;  // by the address of the NAS
    // Acknowledged here, and not seen to be over yet.
    std::unordered_map<std::string, std::vector<store::UserSession>> awaited_stops_;
    std::size_t awaited_ = 0;
};

}  // namespace hourglass::radius
