#include "store/redis_address.hpp"

#include <boost/test/unit_test.hpp>

#include <stdexcept>

using hourglass::store::RedisAddress;

BOOST_AUTO_TEST_SUITE(redis_address)

BOOST_AUTO_TEST_CASE(addresses_are_read_and_described_without_their_password) {
    struct Row {
        std::string_view url;
        RedisAddress address;
        std::string_view described;
    };
    const Row rows[] = {
        {"unix:///run/redis.sock",        {"/run/redis.sock", "", 6379, "", "", 0}, "unix:///run/redis.sock"  },
        {"redis://localhost",             {"", "localhost", 6379, "", "", 0},       "redis://localhost:6379/0"},
        {"redis://localhost/",            {"", "localhost", 6379, "", "", 0},       "redis://localhost:6379/0"},
        {"redis://10.0.0.1:7000/3",       {"", "10.0.0.1", 7000, "", "", 3},        "redis://10.0.0.1:7000/3" },
        {"redis://[::1]:7000",            {"", "::1", 7000, "", "", 0},             "redis://[::1]:7000/0"    },
        {"redis://:secret@host",          {"", "host", 6379, "", "secret", 0},      "redis://host:6379/0"     },
        {"redis://me:a%40%2f:b@host:1/2", {"", "host", 1, "me", "a@/:b", 2},        "redis://me@host:1/2"     },
    };
    for (const auto& row : rows) {
        BOOST_TEST_CONTEXT(row.url) {
            const auto address = RedisAddress::parse(row.url);
            BOOST_TEST(address.unix_path == row.address.unix_path);
            BOOST_TEST(address.host == row.address.host);
            BOOST_TEST(address.port == row.address.port);
            BOOST_TEST(address.username == row.address.username);
            BOOST_TEST(address.password == row.address.password);
            BOOST_TEST(address.database == row.address.database);
            BOOST_TEST(address.describe() == row.described);
        }
    }
}

BOOST_AUTO_TEST_CASE(bad_addresses_are_refused_with_a_sentence) {
    for (const std::string_view url : {"",
                                       "localhost",
                                       "http://host",
                                       "unix://relative",
                                       "unix://",
                                       "redis://",
                                       "redis://:6379",
                                       "redis://host:",
                                       "redis://host:0",
                                       "redis://host:65536",
                                       "redis://host:x",
                                       "redis://host/x",
                                       "redis://host/-1",
                                       "redis://host/65536",
                                       "redis://user@host",
                                       "redis://user:@host",
                                       "redis://:%4@host",
                                       "redis://:%zz@host",
                                       "redis://[::1",
                                       "redis://[::1]7000"}) {
        BOOST_CHECK_THROW(RedisAddress::parse(url), std::invalid_argument);
    }
}

BOOST_AUTO_TEST_SUITE_END()
