// Commands on their way to Redis, written as RESP while they are given. Writing is a loop over lengths, done
// here; reading, which has to mistrust what comes, is hiredis' (redis_reply_reader.hpp).
#pragma once

#include "store/script.hpp"

#include <array>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace hourglass::store {

// Several commands that travel together and are answered together, in order (a pipeline, not a transaction).
class Pipeline {
public:
    Pipeline& add(std::initializer_list<std::string_view> command);
    Pipeline& add(std::span<const std::string_view> command);
    Pipeline& run(const Script& script, std::initializer_list<std::string_view> keys,
                  std::initializer_list<std::string_view> arguments);
    Pipeline& run(const Script& script, std::span<const std::string_view> keys,
                  std::span<const std::string_view> arguments);
    std::size_t size() const { return commands_; }
    const std::string& bytes() const { return bytes_; }

private:
    using Arguments = std::span<const std::string_view>;

    std::string bytes_;
    std::size_t commands_ = 0;
};

}  // namespace hourglass::store
