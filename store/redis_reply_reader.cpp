#include "store/redis_reply_reader.hpp"

#include "store/error.hpp"

#include <cstring>
#include <new>

namespace hourglass::store {
namespace {

// hiredis moves what it has not read yet to the front again and again: it is given little at a time.
constexpr std::size_t slice_octets = 4096;

using Task = redisReadTask;

redisReply* make_reply(ReplyMemory& memory, int type) {
    auto* const reply = new (memory.take(sizeof(redisReply), alignof(redisReply))) redisReply{};
    reply->type = type;
    return reply;
}

// Calls `make(memory)` for the next part, and gives the part to the array that it is an element of. nullptr,
// which hiredis takes for want of memory, where that is so: no exception may pass through it.
template <class Make>
redisReply* add_part(const Task* task, Make make) noexcept {
    auto& memory = *static_cast<std::unique_ptr<ReplyMemory>*>(task->privdata);
    try {
        if (!task->parent) memory = std::make_unique_for_overwrite<ReplyMemory>();
        auto* const part = make(*memory);
        if (task->parent)
            static_cast<redisReply*>(task->parent->obj)->element[task->idx] = part;
        else
            memory->root = part;
        return part;
    } catch (const std::bad_alloc&) {
        return nullptr;
    }
}

void* make_string(const Task* task, char* text, std::size_t length) {
    return add_part(task, [=](ReplyMemory& memory) {
        auto* const reply = make_reply(memory, task->type);
        reply->str = static_cast<char*>(memory.take(length + 1, alignof(char)));
        std::memcpy(reply->str, text, length);
        reply->str[length] = '\0';
        reply->len = length;
        return reply;
    });
}

void* make_array(const Task* task, int elements) {
    return add_part(task, [=](ReplyMemory& memory) {
        auto* const reply = make_reply(memory, REDIS_REPLY_ARRAY);
        const auto count = static_cast<std::size_t>(elements);
        reply->elements = count;
        if (count == 0) return reply;
        reply->element = static_cast<redisReply**>(memory.take(count * sizeof(void*), alignof(void*)));
        return reply;
    });
}

void* make_integer(const Task* task, long long integer) {
    return add_part(task, [=](ReplyMemory& memory) {
        auto* const reply = make_reply(memory, REDIS_REPLY_INTEGER);
        reply->integer = integer;
        return reply;
    });
}

void* make_nil(const Task* task) {
    return add_part(task, [](ReplyMemory& memory) { return make_reply(memory, REDIS_REPLY_NIL); });
}

redisReplyObjectFunctions& functions() {
    // hiredis takes them by a pointer that is not const, and changes nothing. Nothing is freed one by one.
    static redisReplyObjectFunctions table{make_string, make_array, make_integer, make_nil, nullptr};
    return table;
}

}  // namespace

ReplyReader::ReplyReader() : reader_(redisReaderCreateWithFunctions(&functions())) {
    if (!reader_) throw std::bad_alloc();
    reader_->privdata = &memory_;
}

result<std::optional<Reply>> ReplyReader::next() {
    for (;;) {
        void* root = nullptr;
        if (redisReaderGetReply(reader_.get(), &root) != REDIS_OK) return Error::corrupt;
        if (root) return std::optional<Reply>(Reply(std::move(memory_)));
        if (unread_.empty()) return std::optional<Reply>();
        const auto slice = unread_.substr(0, slice_octets);
        redisReaderFeed(reader_.get(), slice.data(), slice.size());
        unread_.remove_prefix(slice.size());
    }
}

}  // namespace hourglass::store
