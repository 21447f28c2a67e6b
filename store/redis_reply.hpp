// RESP replies, and checked reading of them: the wrong type reads as an empty value, not a crash.
#pragma once

#include <hiredis/hiredis.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <memory_resource>
#include <span>
#include <string_view>

namespace hourglass::store {

inline bool is_nil(const redisReply* reply) {
    return !reply || reply->type == REDIS_REPLY_NIL;
}
// Of a string, status or error.
std::string_view text_of(const redisReply* reply);
// Of an integer, or of a string that is one; else 0.
std::int64_t integer_of(const redisReply* reply);
std::span<redisReply* const> elements_of(const redisReply* reply);

// What one reply is made of, elements and texts, in one piece of memory unless it is large.
class ReplyMemory {
public:
    ReplyMemory() = default;
    ReplyMemory(const ReplyMemory&) = delete;
    ReplyMemory& operator=(const ReplyMemory&) = delete;

    void* take(std::size_t octets, std::size_t alignment) { return pieces_.allocate(octets, alignment); }
    redisReply* root = nullptr;

private:
    static constexpr std::size_t usual_octets = 960;

    alignas(std::max_align_t) std::array<std::byte, usual_octets> first_;  // left as it is: not worth zeroing
    std::pmr::monotonic_buffer_resource pieces_{first_.data(), first_.size()};
};

// An owned reply. Texts and elements live as long as it does.
class Reply {
public:
    Reply() = default;
    explicit Reply(std::unique_ptr<ReplyMemory> memory) : memory_(std::move(memory)) {}

    bool is_nil() const { return store::is_nil(root()); }
    bool is_error() const { return root() && root()->type == REDIS_REPLY_ERROR; }
    bool is_array() const { return root() && root()->type == REDIS_REPLY_ARRAY; }
    std::string_view text() const { return text_of(root()); }
    std::int64_t integer() const { return integer_of(root()); }
    std::span<redisReply* const> elements() const { return elements_of(root()); }
    const redisReply* root() const { return memory_ ? memory_->root : nullptr; }  // nullptr: an empty one

private:
    std::unique_ptr<ReplyMemory> memory_;
};

}  // namespace hourglass::store
