#include "store/store_copy.hpp"

#include "store/keys.hpp"
#include "store/redis_connection.hpp"
#include "store/registry.hpp"
#include "store/schema.hpp"

#include <algorithm>

namespace hourglass::store {
namespace {

constexpr std::string_view keys_per_step = "500";

// All keys that are ours, some at a time; one that lives all the while comes at least once.
class KeyWalk {
public:
    explicit KeyWalk(RedisConnection& redis) : redis_(redis) {}

    bool is_complete() const { return cursor_ == beginning && has_begun_; }

    // Maybe none, though there are more.
    awaitable<result<std::vector<std::string>>> next() {
        has_begun_ = true;
        auto scan = Pipeline().add({"SCAN", cursor_, "MATCH", pattern_, "COUNT", keys_per_step});
        const auto page = co_await redis_.execute(std::move(scan));
        if (!page) co_return page.error();
        if (page->elements().size() != 2) co_return Error::corrupt;

        cursor_ = text_of(page->elements()[0]);
        std::vector<std::string> found;
        for (const auto* const key : elements_of(page->elements()[1]))
            found.emplace_back(text_of(key));
        co_return found;
    }

private:
    static constexpr std::string_view beginning = "0";

    RedisConnection& redis_;
    std::string pattern_ = std::string(keys::prefix) + "*";
    std::string cursor_{beginning};
    bool has_begun_ = false;
};

// The others tell of the store they are in, and not of what it holds.
bool travels(std::string_view key) {
    return key != keys::restore && key != keys::journal_replay;
}

// Each key is written whole or not at all, so that the same may be done again.
awaitable<result<std::uint64_t>> copy_keys(RedisConnection& from, RedisConnection& to,
                                           std::vector<std::string> names) {
    std::erase_if(names, [](const std::string& name) { return !travels(name); });
    if (names.empty()) co_return std::uint64_t{0};
    Pipeline questions;
    for (const auto& name : names)
        questions.add({"DUMP", name}).add({"PTTL", name});
    const auto answers = co_await from.execute_all(std::move(questions));
    if (!answers) co_return answers.error();

    Pipeline writes;
    for (std::size_t i = 0; i < names.size(); ++i) {
        const auto& content = (*answers)[2 * i];
        if (content.is_nil()) continue;                         // it has expired meanwhile
        const auto lifetime = (*answers)[2 * i + 1].integer();  // below 0: it has no end
        writes.add({"RESTORE", names[i], std::to_string(std::max(lifetime, std::int64_t{})), content.text(),
                    "REPLACE"});
    }
    const std::uint64_t copied = writes.size();
    if (copied == 0) co_return copied;
    const auto written = co_await to.execute_all(std::move(writes));
    if (!written) co_return written.error();
    co_return copied;
}

struct Occupant {
    std::string noun;
    std::string count_command;
    std::string key;
    std::int64_t usual = 0;  // as many has every store
};

std::vector<Occupant> known_occupants() {
    return {
        {"user", "GET", std::string(keys::next_user_id)},
        {"session list", "SCARD", std::string(keys::organizations_with_sessions)},
        {"NAS", "ZCARD", keys::records(record_kind::nas.name)},
        {"profile", "ZCARD", keys::records(record_kind::profile.name)},
        {"organization", "ZCARD", keys::records(record_kind::organization.name)},
        {"API token", "GET", std::string(keys::next_token_id), 1},
    };
}

std::string counted(std::int64_t number, const std::string& noun) {
    const auto ending = noun.ends_with("S") ? "es" : "s";
    return std::to_string(number) + " " + noun + (number == 1 ? "" : ending);
}

}  // namespace

awaitable<result<std::vector<std::string>>> find_occupants(RedisConnection& redis) {
    const auto occupants = known_occupants();
    Pipeline questions;
    questions.add({"EXISTS", keys::restore});
    for (const auto& occupant : occupants)
        questions.add({occupant.count_command, occupant.key});
    const auto counts = co_await redis.execute_all(std::move(questions));
    if (!counts) co_return counts.error();

    std::vector<std::string> found;
    const bool is_unfinished = counts->front().integer() != 0;
    if (is_unfinished) co_return found;
    for (std::size_t i = 0; i < occupants.size(); ++i) {
        const auto number = (*counts)[i + 1].integer();
        if (number > occupants[i].usual) found.push_back(counted(number, occupants[i].noun));
    }
    co_return found;
}

awaitable<result<void>> clear_for_restore(RedisConnection& redis) {
    const auto marked = co_await redis.execute(Pipeline().add({"SET", keys::restore, "1"}));
    if (!marked) co_return marked.error();
    for (KeyWalk walk(redis); !walk.is_complete();) {
        const auto names = co_await walk.next();
        if (!names) co_return names.error();
        Pipeline removals;
        for (const auto& name : *names) {
            if (name != keys::restore) removals.add({"UNLINK", name});
        }
        if (removals.size() == 0) continue;
        const auto removed = co_await redis.execute_all(std::move(removals));
        if (!removed) co_return removed.error();
    }
    co_return result<void>();
}

awaitable<result<std::uint64_t>> copy_all(RedisConnection& from, RedisConnection& to,
                                          std::function<void(std::uint64_t)> note) {
    std::uint64_t copied = 0;
    for (KeyWalk walk(from); !walk.is_complete();) {
        auto names = co_await walk.next();
        if (!names) co_return names.error();
        const auto keys = co_await copy_keys(from, to, *std::move(names));
        if (!keys) co_return keys.error();
        copied += *keys;
        note(copied);
    }
    co_return copied;
}

awaitable<result<void>> finish_restore(RedisConnection& redis) {
    const auto unmarked = co_await redis.execute(Pipeline().add({"DEL", keys::restore}));
    if (!unmarked) co_return unmarked.error();
    co_return result<void>();
}

}  // namespace hourglass::store
