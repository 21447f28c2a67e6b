// A fleet: NASes with their devices on one event loop, from the first login to the last answer.
#pragma once

#include "nas/device.hpp"

#include <boost/asio/signal_set.hpp>

#include <exception>

namespace hourglass::nas {

// The network of the plan has not enough addresses, or this machine has not that address.
class NoSuchPlace : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

class Fleet {
public:
    // Opens the sockets; throws NoSuchPlace.
    Fleet(Plan plan, std::vector<Account> accounts);
    Fleet(const Fleet&) = delete;
    Fleet& operator=(const Fleet&) = delete;

    // Does the RADIUS server answer the first of the NASes? `time_limit` is how long it may take.
    bool is_answered(std::chrono::seconds time_limit);
    // To the end of the plan, or until SIGINT or SIGTERM: then all leave at once. Calls `each_second`.
    void run(const std::function<void(const Tally&)>& each_second);

    const Tally& tally() const { return tally_; }
    const std::vector<Account>& accounts() const { return accounts_; }
    // In the order of the accounts.
    const std::vector<UserTruth>& truths() const { return truths_; }
    std::string address_of_first() const;

private:
    void open();
    void begin(boost::asio::awaitable<void> task);
    void note(const std::exception_ptr& error);
    void close();
    boost::asio::awaitable<void> watch_signals();
    boost::asio::awaitable<void> tell_each_second(const std::function<void(const Tally&)>& each_second);
    void end();
    void run_loop();

    Plan plan_;
    std::vector<Account> accounts_;
    Secret secret_{plan_.secret};
    Dice dice_{plan_.seed};
    Tally tally_;
    std::vector<UserTruth> truths_{accounts_.size()};
    boost::asio::io_context loop_{1};
    std::vector<std::unique_ptr<Listener>> listeners_;
    World world_{.loop = loop_, .plan = plan_, .tally = tally_};
    std::vector<std::unique_ptr<Device>> devices_;
    std::size_t living_{};
    Wait second_{loop_};
    boost::asio::signal_set signals_{loop_};
    std::exception_ptr failure_;
};

}  // namespace hourglass::nas
