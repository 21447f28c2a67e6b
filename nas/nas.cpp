#include "nas/nas.hpp"

#include "nas/device.hpp"

namespace hourglass::nas {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::seconds on_least{1};  // between two losses of power

enum class Part { auth, acct, restart, octets };

}  // namespace

Clock::duration varied(std::chrono::seconds mean, Dice dice) {
    return std::chrono::duration_cast<Clock::duration>((0.5 + dice.share()) * mean);
}

Nas::Nas(asio::io_context& loop, std::size_t index, const asio::ip::address_v4& address, Listener& listener,
         const Plan& plan, const Secret& secret, Tally& tally, Dice dice)
    : loop_(loop),
      name_("sim-nas-" + std::to_string(index + 1)),
      address_(address),
      listener_(listener),
      plan_(plan),
      secret_(secret),
      tally_(tally),
      dice_(dice),
      manner_(manners[index % manners.size()]),
      auth_(loop, address, plan.auth, plan, manner_, secret, tally, dice.of(Part::auth)),
      acct_(loop, address, plan.acct, plan, manner_, secret, tally, dice.of(Part::acct)),
      restarts_(loop) {}

Request Nas::request(Code code, std::uint8_t identifier, Dice dice) const {
    Authenticator authenticator{};
    for (std::size_t i = 0; i < authenticator.size(); ++i)
        authenticator[i] = static_cast<std::uint8_t>(dice.of(Part::octets).of(i).below(256));
    Request request(code, identifier, authenticator);
    request.add(Attribute::nas_identifier, name_);
    request.add(Attribute::nas_ip_address, address_.to_uint());
    return request;
}

asio::awaitable<bool> Nas::is_answered(std::chrono::seconds time_limit) {
    Wait wait(loop_);
    wait.set_deadline(Clock::now() + time_limit);
    const auto make = [this](std::uint8_t identifier, std::chrono::seconds) {
        return Request(Code::status_server, identifier, Authenticator{identifier}).sign(secret_);
    };
    const auto answer = co_await auth_.ask(make, wait, dice_.of(Part::auth));
    co_return answer.has_value();
}

asio::awaitable<void> Nas::restart_now_and_then(const Clock::time_point& ends) {
    for (std::uint64_t count = 0; plan_.reboot_every; ++count) {
        const auto dice = dice_.of(Part::restart).of(count);
        restarts_.set_deadline(ends);
        const auto moment =
            Clock::now() + std::max<Clock::duration>(varied(*plan_.reboot_every, dice), on_least);
        co_await restarts_.until(moment);
        if (Clock::now() < moment) co_return;
        ++tally_.restarts;
        is_up_ = false;
        for (auto* device : carried_)
            device->lose_power();
        co_await come_back(dice);
        is_up_ = true;
    }
}

asio::awaitable<void> Nas::come_back(Dice dice) {
    restarts_.set_deadline(Clock::now() + plan_.patience);
    const auto make = [this, dice, session_id = plan_.run + "-" + name_](std::uint8_t identifier,
                                                                         std::chrono::seconds age) {
        auto request = this->request(Code::accounting_request, identifier, dice);
        request.add(Attribute::acct_status_type, static_cast<std::uint32_t>(AcctStatus::accounting_on))
            .add(Attribute::acct_session_id, session_id)
            .add(Attribute::acct_delay_time, static_cast<std::uint32_t>(age.count()));
        return request.sign(secret_);
    };
    ++tally_.reports;
    const auto answer = co_await acct_.ask(make, restarts_, dice);
    if (answer) ++tally_.acknowledged;
}

void Nas::close() {
    auth_.close();
    acct_.close();
}

}  // namespace hourglass::nas
