#include "store/nas_facts.hpp"

#include "store/keys.hpp"
#include "store/redis_connection.hpp"
#include "store/redis_reply.hpp"

namespace hourglass::store {
namespace {

constexpr std::string_view facts_per_read = "500";  // few enough that no NAS waits behind them

}  // namespace

awaitable<result<std::vector<std::string>>> NasFacts::list() {
    std::vector<std::string> facts;
    std::string cursor = "0";
    do {
        auto read = Pipeline().add({"SSCAN", keys::nas_facts, cursor, "COUNT", facts_per_read});
        const auto reply = co_await redis_.execute(std::move(read));
        if (!reply) co_return reply.error();
        const auto elements = reply->elements();
        if (elements.size() != 2) co_return Error::corrupt;
        cursor = text_of(elements[0]);
        for (const auto* fact : elements_of(elements[1]))
            facts.emplace_back(text_of(fact));
    } while (cursor != "0");
    co_return std::move(facts);
}

awaitable<result<void>> NasFacts::remember(std::vector<std::string> facts) {
    const auto known = co_await redis_.execute(Pipeline().add({"SCARD", keys::nas_facts}));
    if (!known) co_return known.error();
    const auto room = facts_max - std::min(facts_max, static_cast<std::size_t>(known->integer()));
    facts.resize(std::min(facts.size(), room));
    if (facts.empty()) co_return result<void>();

    std::vector<std::string_view> command{"SADD", keys::nas_facts};
    command.insert(command.end(), facts.begin(), facts.end());
    const auto added = co_await redis_.execute(Pipeline().add(command));
    if (!added) co_return added.error();
    co_return result<void>();
}

}  // namespace hourglass::store
