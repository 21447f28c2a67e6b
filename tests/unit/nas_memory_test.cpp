// What is learned of a NAS reaches the store, and comes back from it.
#include "daemon/nas_memory.hpp"

#include <boost/test/unit_test.hpp>

namespace hourglass::daemon {

namespace {

class CountingLog : public Log {
public:
    bool is_enabled(LogLevel) const override { return true; }
    void write(LogLevel, std::string_view, std::initializer_list<LogField>) override { ++events; }
    int events = 0;
};

radius::LearnedFact no_proxy(const char* address) {
    return {boost::asio::ip::make_address(address), radius::Learned::is_no_proxy};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(nas_memory)

BOOST_AUTO_TEST_CASE(what_was_learned_is_told_once_and_recalled_as_it_was) {
    CountingLog log;
    NasMemory memory(log);
    BOOST_TEST(memory.add(no_proxy("2001:db8::1")));
    BOOST_TEST(!memory.add(no_proxy("2001:db8::1")));
    const auto told = memory.take_untold();
    BOOST_REQUIRE_EQUAL(told.size(), 1u);
    BOOST_TEST(memory.take_untold().empty());

    NasMemory other(log);
    BOOST_TEST(other.recall(told));
    BOOST_TEST(!other.recall(told));
    BOOST_REQUIRE_EQUAL(other.all().size(), 1u);
    BOOST_TEST(other.all()[0].source == no_proxy("2001:db8::1").source);
    BOOST_CHECK(other.all()[0].what == radius::Learned::is_no_proxy);
    BOOST_TEST(other.take_untold().empty());
    BOOST_TEST(log.events == 0);
}

BOOST_AUTO_TEST_CASE(what_could_not_be_told_is_told_later) {
    CountingLog log;
    NasMemory memory(log);
    memory.add(no_proxy("192.0.2.1"));
    memory.give_back(memory.take_untold());
    memory.add(no_proxy("192.0.2.2"));
    BOOST_TEST(memory.take_untold().size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_spoiled_text_costs_only_itself) {
    CountingLog log;
    NasMemory memory(log);
    memory.recall({"nonsense", "192.0.2.1 is_no_proxy", "192.0.2.2 flies"});
    BOOST_TEST(memory.all().size() == 1u);
    BOOST_TEST(log.events == 2);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace hourglass::daemon
