// An operator's own dictionary file, from the start to the reload that brings a mistake.
#include "tests/integration/clients.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <signal.h>
#include <thread>

using namespace hourglass::test;

namespace {

constexpr std::chrono::seconds reload_time_limit{5};
constexpr std::chrono::milliseconds poll_interval{50};

// A dictionary file with one attribute of a vendor.
void write_dictionary(const std::filesystem::path& file, const std::string& attribute) {
    std::ofstream(file) << "VENDOR Examplenet 9999\nBEGIN-VENDOR Examplenet\n"
                        << attribute << "\nEND-VENDOR Examplenet\n";
}

// Of a user's explanation, which tells of each parameter whether it is an attribute.
bool is_known(const Administrator& administrator, std::int64_t user, const std::string& attribute) {
    const auto path = "/user_token/" + std::to_string(user) + "/explain/?" + attribute + "=1";
    return administrator.ask("GET", path).status == 200;
}

template <class Condition>
bool comes_true(Condition condition) {
    const auto end = std::chrono::steady_clock::now() + reload_time_limit;
    while (!condition() && std::chrono::steady_clock::now() < end)
        std::this_thread::sleep_for(poll_interval);
    return condition();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(dictionary)

BOOST_AUTO_TEST_CASE(a_reload_reads_it_again_and_a_mistake_leaves_all_as_it_was) {
    const TemporaryDirectory directory;
    const auto file = directory / "dictionary.examplenet";
    write_dictionary(file, "ATTRIBUTE Examplenet-One 1 integer");
    const Daemon daemon({.radius = "dictionary = [\"" + file.string() + "\"]\n"});
    const Administrator administrator(daemon);
    const auto ann = administrator.add_user("ann", {
                                                       {"user_time", 100}
    });
    BOOST_TEST(is_known(administrator, ann, "Examplenet-One"));
    BOOST_TEST(!is_known(administrator, ann, "Examplenet-Two"));

    write_dictionary(file, "ATTRIBUTE Examplenet-Two 2 integer");
    daemon.send(SIGHUP);
    BOOST_TEST(comes_true([&] { return is_known(administrator, ann, "Examplenet-Two"); }));
    BOOST_TEST(!is_known(administrator, ann, "Examplenet-One"));

    write_dictionary(file, "ATTRIBUTE Examplenet-Three 3 strnig");
    daemon.send(SIGHUP);
    const auto sentence = file.string() + ":3: there is no type 'strnig'";
    BOOST_TEST(comes_true([&] { return daemon.log().find(sentence) != std::string::npos; }));
    BOOST_TEST(is_known(administrator, ann, "Examplenet-Two"));
}

BOOST_AUTO_TEST_SUITE_END()
