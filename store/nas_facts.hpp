// What the daemons have learned of NASes, remembered for all of them: one set of texts, whose words are
// theirs.
#pragma once

#include "store/error.hpp"
#include "store/records.hpp"

namespace hourglass::store {

class RedisConnection;

class NasFacts {
public:
    static constexpr std::size_t facts_max = 65'536;

    explicit NasFacts(RedisConnection& redis) : redis_(redis) {}

    // Some may come twice.
    awaitable<result<std::vector<std::string>>> list();
    // Repeating a fact changes nothing; beyond facts_max in the set nothing is added.
    awaitable<result<void>> remember(std::vector<std::string> facts);

private:
    RedisConnection& redis_;
};

}  // namespace hourglass::store
