// Where Redis is: unix:///path, or redis://[user:password@]host:port/db.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace hourglass::store {

struct RedisAddress {
    std::string unix_path;  // empty: TCP
    std::string host;
    std::uint16_t port = 6379;
    std::string username;
    std::string password;
    int database = 0;

    // Throws std::invalid_argument with a sentence for the operator.
    static RedisAddress parse(std::string_view url);
    // For logs: without the password.
    std::string describe() const;
};

}  // namespace hourglass::store
