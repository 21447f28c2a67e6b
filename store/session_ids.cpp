#include "store/session_ids.hpp"

#include "store/packed_text.hpp"
#include "store/redis_connection.hpp"

#include <map>

namespace hourglass::store {
namespace {

struct Block {
    UserTag tag;
    std::uint64_t number{};
};

Block block_of(const SessionName& name) {
    return {name.tag, name.number / sessions_per_block};
}

// The user's own id serves for his first block.
std::optional<UserId> own_id_of(const Block& block) {
    return block.number == 0 ? parse_decimal(block.tag.text) : std::nullopt;
}

// The way back is there before the id can be found. Of two who claim at once, one wins.
awaitable<result<UserId>> claim_id(RedisConnection& redis, Block block) {
    auto next_id = Pipeline().add({"INCR", keys::next_user_id});
    const auto counter = co_await redis.execute(std::move(next_id));
    if (!counter) co_return counter.error();
    const UserId id = counter->integer();

    const auto key = keys::session_ids(block.tag, block.number);
    Pipeline claim;
    claim.add({"SET", keys::session_owner(id), block.tag.text + " " + std::to_string(block.number)})
        .add({"SET", key, std::to_string(id), "NX"})
        .add({"GET", key});
    const auto replies = co_await redis.execute_all(std::move(claim));
    if (!replies) co_return replies.error();
    const auto winner = replies->back().integer();
    if (winner != id) redis.send(Pipeline().add({"DEL", keys::session_owner(id)}));
    co_return winner;
}

}  // namespace

std::optional<SessionId> session_id_of(UserId user, std::uint64_t number) {
    const bool is_in_range =
        user > 0 && user <= session_user_id_max && number > 0 && number < sessions_per_block;
    if (!is_in_range) return std::nullopt;
    return user * static_cast<SessionId>(sessions_per_block) + static_cast<SessionId>(number);
}

std::optional<SessionIdParts> split_session_id(SessionId id) {
    const auto user = id >> session_number_bits;
    if (user <= 0 || user > session_user_id_max) return std::nullopt;
    return SessionIdParts{user, static_cast<std::uint64_t>(id) % sessions_per_block};
}

awaitable<result<std::vector<SessionId>>> find_session_ids(RedisConnection& redis,
                                                           std::vector<SessionName> names) {
    std::map<std::string, Block> foreign;  // by key
    for (const auto& name : names) {
        const auto block = block_of(name);
        if (!own_id_of(block)) foreign.emplace(keys::session_ids(block.tag, block.number), block);
    }
    std::map<std::string, UserId> ids;
    if (!foreign.empty()) {
        Pipeline read;
        for (const auto& [key, block] : foreign)
            read.add({"GET", key});
        const auto replies = co_await redis.execute_all(std::move(read));
        if (!replies) co_return replies.error();
        auto reply = replies->begin();
        for (const auto& [key, block] : foreign)
            ids.emplace(key, (reply++)->integer());
    }
    for (auto& [key, id] : ids) {
        if (id != 0) continue;
        const auto claimed = co_await claim_id(redis, foreign.at(key));
        if (!claimed) co_return claimed.error();
        id = *claimed;
    }

    std::vector<SessionId> found;
    found.reserve(names.size());
    for (const auto& name : names) {
        const auto block = block_of(name);
        const auto own = own_id_of(block);
        const auto high = own ? *own : ids.at(keys::session_ids(block.tag, block.number));
        found.push_back(high * static_cast<SessionId>(sessions_per_block) +
                        static_cast<SessionId>(name.number % sessions_per_block));
    }
    co_return std::move(found);
}

awaitable<result<SessionName>> find_session_name(RedisConnection& redis, SessionId id) {
    const auto parts = split_session_id(id);
    if (!parts) co_return Error::not_found;
    auto read = Pipeline().add({"GET", keys::session_owner(parts->user)});
    const auto owner = co_await redis.execute(std::move(read));
    if (!owner) co_return owner.error();
    if (owner->is_nil()) co_return SessionName{UserTag::of(parts->user), parts->number};

    auto text = owner->text();
    SessionName name;
    name.tag.text = take_word(text);
    std::uint64_t block = 0;
    if (!take_number(text, block)) co_return Error::corrupt;
    name.number = block * sessions_per_block + parts->number;
    co_return std::move(name);
}

}  // namespace hourglass::store
