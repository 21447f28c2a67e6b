#include "nas/device.hpp"

#include <cstdio>

namespace hourglass::nas {

namespace asio = boost::asio;

namespace {

enum class Part { arrival, pause, nas, chap, octets, stay, timeout, reaction, login, report };

constexpr std::chrono::milliseconds pause_least{100};  // so that nobody asks all the time what is refused
constexpr auto never = Clock::time_point::max();

}  // namespace

Device::Device(World& world, const Account& account, UserTruth& truth, std::size_t index, Dice dice)
    : world_(world), account_(account), truth_(truth), index_(index), dice_(dice), wait_(world.loop) {}

asio::awaitable<void> Device::live() {
    const auto& plan = world_.plan;
    wait_.set_deadline(world_.ends);
    co_await wait_.until(world_.began + varied(plan.ramp, dice_.of(Part::arrival)) - plan.ramp / 2);
    for (std::uint64_t count = 0; Clock::now() < world_.ends; ++count) {
        const auto dice = dice_.of(count);
        auto& nas = choose_nas(count, dice);
        if (nas.is_up()) {
            const auto accept = co_await log_in(nas, dice);
            if (accept && Clock::now() < world_.ends) {
                begin_session(nas, *accept, dice);
                co_await stay();
            }
        }
        wait_.set_deadline(world_.ends);
        const auto pause = varied(plan.pause, dice.of(Part::pause));
        co_await wait_.until(Clock::now() + std::max<Clock::duration>(pause, pause_least));
    }
}

// First to its own, so that the devices of one user begin at different NASes; later anywhere.
Nas& Device::choose_nas(std::uint64_t count, Dice dice) const {
    const auto nases = world_.nases.size();
    return *world_.nases[count == 0 ? index_ % nases : dice.of(Part::nas).below(nases)];
}

asio::awaitable<std::optional<Octets>> Device::log_in(Nas& nas, Dice dice) {
    const auto make = [this, &nas, dice](std::uint8_t identifier, std::chrono::seconds) {
        auto request = nas.request(Code::access_request, identifier, dice.of(Part::octets).of(identifier));
        request.add(Attribute::user_name, account_.username);
        if (dice.of(Part::chap).falls(0.5)) {
            request.add_chap_password(account_.password, nas.secret());
        } else {
            request.add_password(account_.password, nas.secret());
        }
        return request.sign(nas.secret());
    };
    ++world_.tally.logins;
    wait_.set_deadline(std::min(world_.ends, Clock::now() + world_.plan.patience));
    auto answer = co_await nas.auth().ask(make, wait_, dice.of(Part::login));
    if (!answer) co_return std::nullopt;
    if (code_of(*answer) != static_cast<std::uint8_t>(Code::access_accept)) {
        ++world_.tally.rejects;
        co_return std::nullopt;
    }
    co_return answer;
}

void Device::begin_session(Nas& nas, View accept, Dice dice) {
    const auto& plan = world_.plan;
    const auto now = Clock::now();
    const auto id = plan.run + "-" + std::to_string(index_) + "-" + std::to_string(truth_.sessions.size());
    const auto timeout = find_number(accept, Attribute::session_timeout);
    const bool honours_timeout = timeout && !dice.of(Part::timeout).falls(plan.timeouts_ignored);
    const auto asked = find_number(accept, Attribute::acct_interim_interval);
    const auto interim = plan.interim.count() != 0 ? plan.interim : std::chrono::seconds(asked.value_or(0));
    session_.emplace(Session{
        .truth = truth_.sessions.emplace_back(id, nas.name()),
        .nas = nas,
        .dice = dice,
        .klass = find_text(accept, Attribute::klass),
        .began = now,
        .leaves = std::min(world_.ends, now + varied(plan.stay, dice.of(Part::stay))),
        .times_out = honours_timeout ? now + in_our_time(std::chrono::seconds(*timeout)) : never,
        .interim = in_our_time(interim),
        .reaction = static_cast<Reaction>(dice.of(Part::reaction).weighted(plan.reactions)),
    });
    ++world_.tally.sessions;
}

// A NAS that does not tell when things happened waits for the answer to its Start. Otherwise a copy of it
// that comes behind the Stop would begin another session, and rightly so.
asio::awaitable<void> Device::stay() {
    auto& session = *session_;
    session.nas.carry(*this);
    ++world_.tally.online;

    is_settling_ = !session.nas.manner().tells_event_time;
    wait_.set_deadline(is_settling_ ? Clock::now() + world_.plan.patience : session.ends());
    co_await report(AcctStatus::start);
    is_settling_ = false;

    session.nas.listener().enter(session.truth.session_id(), *this);
    if (session.has_power) wait_.set_deadline(std::min(session.ends(), world_.ends));
    auto next = session.began;
    while (!wait_.is_over()) {
        next = session.interim.count() == 0 ? never : std::max(next + session.interim, Clock::now());
        while (!wait_.is_over() && Clock::now() < next)
            co_await wait_.until(next);
        if (!wait_.is_over()) co_await report(AcctStatus::interim_update);
    }
    session.nas.listener().leave(session.truth.session_id());

    if (session.has_power) {
        is_settling_ = true;
        wait_.set_deadline(Clock::now() + world_.plan.patience);
        co_await report(AcctStatus::stop);
        is_settling_ = false;
    }
    --world_.tally.online;
    session.nas.drop(*this);
    session_.reset();
}

asio::awaitable<void> Device::report(AcctStatus status) {
    auto& session = *session_;
    const auto seconds = status == AcctStatus::start ? 0 : session_seconds();
    const auto event = std::chrono::system_clock::now();
    const auto make = [this, status, seconds, event](std::uint8_t identifier, std::chrono::seconds age) {
        return report_packet(status, seconds, event, identifier, age);
    };
    session.truth.report(seconds);
    ++world_.tally.reports;
    const auto dice = session.dice.of(Part::report).of(session.reports++);
    const auto answer = co_await session.nas.acct().ask(make, wait_, dice);
    if (!answer) co_return;
    ++world_.tally.acknowledged;
    session.truth.acknowledge(seconds, status == AcctStatus::stop);
}

Octets Device::report_packet(AcctStatus status, std::uint32_t seconds,
                             std::chrono::system_clock::time_point event, std::uint8_t identifier,
                             std::chrono::seconds age) const {
    const auto& session = *session_;
    std::array<char, 18> calling_station{};
    std::snprintf(calling_station.data(), calling_station.size(), "02-%02zX-%02zX-%02zX-%02zX-%02zX",
                  index_ >> 32 & 0xff, index_ >> 24 & 0xff, index_ >> 16 & 0xff, index_ >> 8 & 0xff,
                  index_ & 0xff);
    auto request = session.nas.request(Code::accounting_request, identifier, session.dice);
    request.add(Attribute::acct_status_type, static_cast<std::uint32_t>(status))
        .add(Attribute::user_name, account_.username)
        .add(Attribute::acct_session_id, session.truth.session_id())
        .add(Attribute::calling_station_id, std::string_view(calling_station.data()));
    if (!session.klass.empty()) request.add(Attribute::klass, session.klass);
    if (status != AcctStatus::start) request.add(Attribute::acct_session_time, seconds);
    if (status == AcctStatus::stop)
        request.add(Attribute::acct_terminate_cause, static_cast<std::uint32_t>(terminate_cause()));
    if (session.nas.manner().tells_event_time) {
        const auto since_epoch = std::chrono::duration_cast<std::chrono::seconds>(event.time_since_epoch());
        request.add(Attribute::event_timestamp, static_cast<std::uint32_t>(since_epoch.count()))
            .add(Attribute::acct_delay_time, static_cast<std::uint32_t>(age.count()));
    }
    return request.sign(session.nas.secret());
}

TerminateCause Device::terminate_cause() const {
    if (session_->is_disconnected) return TerminateCause::admin_reset;
    return Clock::now() >= session_->times_out ? TerminateCause::session_timeout
                                               : TerminateCause::user_request;
}

std::uint32_t Device::session_seconds() const {
    const std::chrono::duration<double> elapsed = Clock::now() - session_->began;
    return static_cast<std::uint32_t>(elapsed.count() * world_.plan.speed);
}

Clock::duration Device::in_our_time(std::chrono::seconds of_nas) const {
    return std::chrono::duration_cast<Clock::duration>(of_nas / world_.plan.speed);
}

void Device::go_home() {
    if (!is_settling_) wait_.shorten(Clock::now());
}

void Device::disconnect() {
    session_->is_disconnected = true;
    wait_.shorten(Clock::now());
}

void Device::limit_to(std::chrono::seconds left) {
    session_->times_out = Clock::now() + in_our_time(left);
    wait_.set_deadline(std::min(session_->ends(), world_.ends));
    wait_.wake();
}

void Device::lose_power() {
    session_->has_power = false;
    wait_.shorten(Clock::now());
}

}  // namespace hourglass::nas
