// Octets from Redis in, replies out, by hiredis' reader; with functions of our own that put all parts of a
// reply into one piece of memory, where hiredis' would allocate each by itself.
#pragma once

#include "store/redis_reply.hpp"
#include "store/result.hpp"

#include <memory>
#include <optional>
#include <string_view>

namespace hourglass::store {

class ReplyReader {
public:
    ReplyReader();
    ReplyReader(const ReplyReader&) = delete;
    ReplyReader& operator=(const ReplyReader&) = delete;

    // They are read as next() is called, and must stay until it has given nullopt.
    void feed(std::string_view octets) { unread_ = octets; }
    // nullopt: it needs more octets. Error::corrupt: what came is not RESP; mistake() says why.
    result<std::optional<Reply>> next();
    std::string_view mistake() const { return reader_->errstr; }

private:
    struct Free {
        void operator()(redisReader* reader) const { redisReaderFree(reader); }
    };

    std::unique_ptr<ReplyMemory> memory_;  // of the reply that is being read
    std::unique_ptr<redisReader, Free> reader_;
    std::string_view unread_;
};

}  // namespace hourglass::store
