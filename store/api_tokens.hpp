// Bearer tokens of the API. Redis holds SHA-256 digests only; the token itself is seen once, when it is made.
#pragma once

#include "store/error.hpp"
#include "store/record.hpp"

#include <optional>
#include <string>
#include <unordered_map>

namespace hourglass::store {

class RedisConnection;

using ApiTokenId = std::int64_t;

struct Scopes {
    bool read{};
    bool write{};  // implies read
    bool admin{};  // implies write
};

struct ApiToken {
    ApiTokenId id{};
    std::string name{};
    Scopes scopes{};
    std::vector<OrganizationId> organizations{};  // confined to these; empty: all
    std::optional<Time> expiration{};
    std::optional<Time> last_used{};
    Time created{};
};

struct NewApiToken {
    ApiToken record;
    std::string token;  // "hg_" and 43 characters of base64url: 256 random bits
};

class ApiTokens {
public:
    explicit ApiTokens(RedisConnection& redis);

    // `token.id`, `created` and `last_used` are set by the store.
    awaitable<result<NewApiToken>> create(ApiToken token, Time now);
    // By the token as a client sent it; expired ones are Error::not_found. Notes last_used at most once a
    // minute. What was read is good for the rest of that second: a token removed by another daemon is refused
    // after a second at the latest, one removed by this object at once.
    awaitable<result<ApiToken>> authenticate(std::string bearer, Time now);
    awaitable<result<ApiToken>> find(ApiTokenId id);
    awaitable<result<Page<ApiToken>>> list(PageRequest page);
    // Error::not_found.
    awaitable<result<void>> remove(ApiTokenId id);
    // Of several daemons that start on an empty store, one gets the first administrator's token; the others
    // nullopt.
    awaitable<result<std::optional<NewApiToken>>> create_first(Time now);

private:
    struct Remembered {
        ApiToken token;
        Time read_at{};
    };

    std::optional<ApiToken> recall(const std::string& digest, Time now) const;
    void remember(const std::string& digest, const ApiToken& token, Time now);

    RedisConnection& redis_;
    std::unordered_map<std::string, Remembered> remembered_;  // by digest
};

}  // namespace hourglass::store
