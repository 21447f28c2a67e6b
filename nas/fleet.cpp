#include "nas/fleet.hpp"

#include <boost/asio/co_spawn.hpp>

#include <csignal>

namespace hourglass::nas {

namespace asio = boost::asio;

namespace {

enum class Part { nas, device, listener };

asio::ip::address_v4 address_of(const asio::ip::network_v4& network, std::size_t index) {
    if (network.prefix_length() == 32) return network.network();
    return asio::ip::address_v4(network.network().to_uint() + 1 + static_cast<std::uint32_t>(index));
}

std::size_t addresses_of(const asio::ip::network_v4& network) {
    return network.prefix_length() == 32 ? 1 : (std::size_t{1} << (32 - network.prefix_length())) - 2;
}

}  // namespace

Fleet::Fleet(Plan plan, std::vector<Account> accounts)
    : plan_(std::move(plan)), accounts_(std::move(accounts)) {
    try {
        open();
    } catch (const boost::system::system_error& error) {
        throw NoSuchPlace("The NASes cannot be at " + plan_.network.to_string() + " with port " +
                          std::to_string(plan_.coa_port) +
                          " for Disconnect-Requests: " + error.code().message() + ".");
    }
}

void Fleet::open() {
    const bool share_address = plan_.network.prefix_length() == 32;
    if (!share_address && plan_.nases > addresses_of(plan_.network)) {
        throw NoSuchPlace(plan_.network.to_string() + " has no room for " + std::to_string(plan_.nases) +
                          " NASes.");
    }
    for (std::size_t i = 0; i < plan_.nases; ++i) {
        const auto address = address_of(plan_.network, i);
        if (i == 0 || !share_address)
            listeners_.push_back(std::make_unique<Listener>(loop_, address, plan_, secret_, tally_));
        world_.nases.push_back(std::make_unique<Nas>(loop_, i, address, *listeners_.back(), plan_, secret_,
                                                     tally_, dice_.of(Part::nas).of(i)));
    }
    for (std::size_t i = 0; i < accounts_.size() * plan_.devices; ++i) {
        const auto user = i / plan_.devices;
        devices_.push_back(std::make_unique<Device>(world_, accounts_[user], truths_[user], i,
                                                    dice_.of(Part::device).of(i)));
    }
}

std::string Fleet::address_of_first() const {
    return address_of(plan_.network, 0).to_string();
}

bool Fleet::is_answered(std::chrono::seconds time_limit) {
    bool is_answered{};
    auto done = [&](const std::exception_ptr& error, bool answered) {
        if (error) std::rethrow_exception(error);
        is_answered = answered;
        loop_.stop();
    };
    asio::co_spawn(loop_, world_.nases.front()->is_answered(time_limit), done);
    loop_.run();
    loop_.restart();
    return is_answered;
}

void Fleet::begin(asio::awaitable<void> task) {
    asio::co_spawn(loop_, std::move(task), [this](const std::exception_ptr& error) { note(error); });
}

void Fleet::note(const std::exception_ptr& error) {
    if (!error || failure_) return;
    failure_ = error;
    end();
}

void Fleet::run(const std::function<void(const Tally&)>& each_second) {
    world_.began = Clock::now();
    world_.ends = world_.began + plan_.duration;
    for (std::size_t i = 0; i < listeners_.size(); ++i)
        begin(listeners_[i]->serve(dice_.of(Part::listener).of(i)));
    for (const auto& nas : world_.nases)
        begin(nas->restart_now_and_then(world_.ends));
    living_ = devices_.size();
    for (const auto& device : devices_) {
        asio::co_spawn(loop_, device->live(), [this](const std::exception_ptr& error) {
            note(error);
            if (--living_ == 0) close();
        });
    }
    begin(tell_each_second(each_second));
    begin(watch_signals());
    run_loop();
    if (failure_) std::rethrow_exception(failure_);
}

// Coroutines hold places in the ports: they all come to their end before anything is taken down, so that none
// is destroyed in the middle.
void Fleet::run_loop() {
    while (true) {
        try {
            loop_.run();
            return;
        } catch (...) {
            note(std::current_exception());
        }
    }
}

void Fleet::close() {
    signals_.cancel();
    second_.shorten(Clock::now());
    for (const auto& nas : world_.nases) {
        nas->stop_restarts();
        nas->close();
    }
    for (const auto& listener : listeners_)
        listener->close();
}

asio::awaitable<void> Fleet::watch_signals() {
    signals_.add(SIGINT);
    signals_.add(SIGTERM);
    const auto [error, signal] = co_await signals_.async_wait(asio::as_tuple(asio::use_awaitable));
    signals_.clear();  // the next one ends the program
    if (!error) end();
}

asio::awaitable<void> Fleet::tell_each_second(const std::function<void(const Tally&)>& each_second) {
    while (living_ > 0) {
        co_await second_.until(Clock::now() + std::chrono::seconds(1));
        each_second(tally_);
    }
}

void Fleet::end() {
    world_.ends = std::min(world_.ends, Clock::now());
    for (const auto& nas : world_.nases)
        nas->stop_restarts();
    for (const auto& device : devices_)
        device->go_home();
}

}  // namespace hourglass::nas
