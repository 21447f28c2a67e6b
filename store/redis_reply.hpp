// Checked reading of RESP replies inside other replies: the wrong type reads as an empty value.
#pragma once

#include <hiredis/hiredis.h>

#include <cstdint>
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

}  // namespace hourglass::store
