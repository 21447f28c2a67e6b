#include "store/redis_reply.hpp"

#include "store/decimal.hpp"

namespace hourglass::store {

std::string_view text_of(const redisReply* reply) {
    if (!reply) return {};
    const bool is_text = reply->type == REDIS_REPLY_STRING || reply->type == REDIS_REPLY_STATUS ||
                         reply->type == REDIS_REPLY_ERROR;
    return is_text ? std::string_view(reply->str, static_cast<std::size_t>(reply->len)) : std::string_view();
}

std::int64_t integer_of(const redisReply* reply) {
    if (reply && reply->type == REDIS_REPLY_INTEGER) return reply->integer;
    return parse_decimal(text_of(reply)).value_or(0);
}

std::span<redisReply* const> elements_of(const redisReply* reply) {
    if (!reply || reply->type != REDIS_REPLY_ARRAY) return {};
    return {reply->element, reply->elements};
}

}  // namespace hourglass::store
