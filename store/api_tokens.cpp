#include "store/api_tokens.hpp"

#include "store/decimal.hpp"
#include "store/hex.hpp"
#include "store/id_lists.hpp"
#include "store/keys.hpp"
#include "store/redis_connection.hpp"
#include "store/redis_reply.hpp"
#include "store/scripts.hpp"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <stdexcept>

namespace hourglass::store {
namespace {

constexpr std::string_view bearer_prefix = "hg_";
constexpr std::size_t bearer_octets = 32;
constexpr Seconds last_used_interval{60};
constexpr std::size_t remembered_tokens_max = 1024;

std::string make_bearer() {
    static constexpr std::string_view base64url =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    std::array<std::uint8_t, bearer_octets> random{};
    if (RAND_bytes(random.data(), static_cast<int>(random.size())) != 1)
        throw std::runtime_error("no random numbers");

    std::string bearer(bearer_prefix);
    std::uint32_t bits = 0;
    unsigned bit_count = 0;
    for (const auto octet : random) {
        bits = bits << 8 | octet;
        bit_count += 8;
        for (; bit_count >= 6; bit_count -= 6)
            bearer += base64url[bits >> (bit_count - 6) & 63];
    }
    if (bit_count > 0) bearer += base64url[bits << (6 - bit_count) & 63];
    return bearer;
}

std::string digest_of(std::string_view bearer) {
    std::array<std::uint8_t, 32> digest{};
    unsigned length = 0;
    if (EVP_Digest(bearer.data(), bearer.size(), digest.data(), &length, EVP_sha256(), nullptr) != 1) {
        throw std::runtime_error("OpenSSL refuses SHA-256");
    }
    return to_hex(digest);
}

std::string format(const std::vector<OrganizationId>& organizations) {
    std::string text;
    for (const auto id : organizations)
        text.append(text.empty() ? "" : " ").append(std::to_string(id));
    return text;
}

std::vector<OrganizationId> parse_organizations(std::string_view text) {
    std::vector<OrganizationId> organizations;
    while (!text.empty()) {
        const auto word = text.substr(0, text.find(' '));
        text.remove_prefix(std::min(word.size() + 1, text.size()));
        if (const auto id = parse_decimal(word)) organizations.push_back(*id);
    }
    return organizations;
}

std::string format(const Scopes& scopes) {
    return std::string(scopes.read ? "r" : "") + (scopes.write ? "w" : "") + (scopes.admin ? "a" : "");
}

Scopes parse_scopes(std::string_view text) {
    const auto has = [&](char scope) { return text.find(scope) != std::string_view::npos; };
    return {.read = has('r'), .write = has('w'), .admin = has('a')};
}

std::optional<Time> parse_time(std::string_view text) {
    const auto seconds = parse_decimal(text);
    return seconds ? std::optional(Time(Seconds(*seconds))) : std::nullopt;
}

// nullopt if the token is gone.
std::optional<ApiToken> parse_token(const Reply& reply) {
    const auto elements = reply.elements();
    ApiToken token;
    for (std::size_t i = 0; i + 1 < elements.size(); i += 2) {
        const auto field = text_of(elements[i]);
        const auto value = text_of(elements[i + 1]);
        if (field == "id")
            token.id = integer_of(elements[i + 1]);
        else if (field == "name")
            token.name = value;
        else if (field == "scopes")
            token.scopes = parse_scopes(value);
        else if (field == "organizations")
            token.organizations = parse_organizations(value);
        else if (field == "expiration")
            token.expiration = parse_time(value);
        else if (field == "last_used")
            token.last_used = parse_time(value);
        else if (field == "created")
            token.created = parse_time(value).value_or(Time());
    }
    if (token.id == 0) return std::nullopt;
    return token;
}

void add_token_write(Pipeline& pipeline, const std::string& digest, const ApiToken& token) {
    const auto id = std::to_string(token.id);
    pipeline.add({"ZADD", keys::tokens, id, digest});
    const auto key = keys::token(digest);
    const auto scopes = format(token.scopes);
    const auto organizations = format(token.organizations);
    const auto created = decimal(token.created);
    const auto expiration = token.expiration ? decimal(*token.expiration) : std::string();
    std::vector<std::string_view> command{"HSET",          key,           "id",      id,
                                          "name",          token.name,    "scopes",  scopes,
                                          "organizations", organizations, "created", created};
    if (token.expiration) command.insert(command.end(), {"expiration", expiration});
    pipeline.add(command);
}

awaitable<result<std::string>> find_digest(RedisConnection& redis, ApiTokenId id) {
    const auto score = std::to_string(id);
    auto read = Pipeline().add({"ZRANGE", keys::tokens, score, score, "BYSCORE"});
    const auto reply = co_await redis.execute(std::move(read));
    if (!reply) co_return reply.error();
    if (reply->elements().empty()) co_return Error::not_found;
    co_return std::string(text_of(reply->elements().front()));
}

struct IndexedToken {
    ApiTokenId id{};
    std::string digest;
};

void add_index_read(Pipeline& pipeline, PageRequest page) {
    const auto offset = std::to_string(page.after ? 0 : page.offset);
    const auto limit = std::to_string(items_to_look_at(page));
    const auto behind = page.after ? "(" + std::to_string(*page.after) : std::string();
    std::vector<std::string_view> command{"ZRANGE", keys::tokens};
    if (page.descending)
        command.insert(command.end(),
                       {page.after ? std::string_view(behind) : "+inf", "-inf", "BYSCORE", "REV"});
    else
        command.insert(command.end(), {page.after ? std::string_view(behind) : "-inf", "+inf", "BYSCORE"});
    command.insert(command.end(), {"LIMIT", offset, limit, "WITHSCORES"});
    pipeline.add(command);
}

std::vector<IndexedToken> parse_index(const Reply& digests_and_ids) {
    const auto elements = digests_and_ids.elements();
    std::vector<IndexedToken> tokens;
    for (std::size_t i = 0; i + 1 < elements.size(); i += 2)
        tokens.push_back({integer_of(elements[i + 1]), std::string(text_of(elements[i]))});
    return tokens;
}

}  // namespace

ApiTokens::ApiTokens(RedisConnection& redis) : redis_(redis) {}

awaitable<result<NewApiToken>> ApiTokens::create(ApiToken token, Time now) {
    auto next_id = Pipeline().add({"INCR", keys::next_token_id});
    const auto counter = co_await redis_.execute(std::move(next_id));
    if (!counter) co_return counter.error();

    token.id = counter->integer();
    token.created = now;
    token.last_used.reset();
    auto bearer = make_bearer();
    Pipeline write;
    add_token_write(write, digest_of(bearer), token);
    const auto written = co_await redis_.execute_all(std::move(write));
    if (!written) co_return written.error();
    co_return NewApiToken{std::move(token), std::move(bearer)};
}

awaitable<result<ApiToken>> ApiTokens::authenticate(std::string bearer, Time now) {
    // What is looked up is a digest: how long that takes tells nothing of the token that was guessed.
    const auto digest = digest_of(bearer);
    if (auto known = recall(digest, now)) co_return *std::move(known);

    const auto key = keys::token(digest);
    auto read = Pipeline().add({"HGETALL", key});
    const auto reply = co_await redis_.execute(std::move(read));
    if (!reply) co_return reply.error();
    auto token = parse_token(*reply);
    if (!token || (token->expiration && *token->expiration <= now)) co_return Error::not_found;

    if (!token->last_used || now - *token->last_used >= last_used_interval) {
        redis_.send(Pipeline().run(scripts::touch, {key}, {decimal(now), "last_used"}));
    }
    remember(digest, *token, now);
    co_return *std::move(token);
}

std::optional<ApiToken> ApiTokens::recall(const std::string& digest, Time now) const {
    const auto found = remembered_.find(digest);
    if (found == remembered_.end() || found->second.read_at != now) return std::nullopt;
    return found->second.token;
}

void ApiTokens::remember(const std::string& digest, const ApiToken& token, Time now) {
    if (remembered_.size() >= remembered_tokens_max) remembered_.clear();
    remembered_[digest] = {token, now};
}

awaitable<result<ApiToken>> ApiTokens::find(ApiTokenId id) {
    const auto digest = co_await find_digest(redis_, id);
    if (!digest) co_return digest.error();
    auto read = Pipeline().add({"HGETALL", keys::token(*digest)});
    const auto reply = co_await redis_.execute(std::move(read));
    if (!reply) co_return reply.error();
    auto token = parse_token(*reply);
    if (!token) co_return Error::not_found;
    co_return *std::move(token);
}

awaitable<result<Page<ApiToken>>> ApiTokens::list(PageRequest page) {
    Pipeline index;
    index.add({"ZCARD", keys::tokens});
    add_index_read(index, page);
    const auto replies = co_await redis_.execute_all(std::move(index));
    if (!replies) co_return replies.error();
    auto entries = parse_index(replies->back());
    Page<IndexedToken> indexed{static_cast<std::uint64_t>(replies->front().integer()), std::move(entries)};
    if (page.after) cut_after_page(indexed, page.limit, [](const IndexedToken& token) { return token.id; });

    Pipeline read;
    for (const auto& token : indexed.items)
        read.add({"HGETALL", keys::token(token.digest)});
    const auto records = co_await redis_.execute_all(std::move(read));
    if (!records) co_return records.error();
    Page<ApiToken> tokens{indexed.count, {}, indexed.next_after};
    for (const auto& record : *records) {
        if (auto token = parse_token(record)) tokens.items.push_back(*std::move(token));
    }
    co_return std::move(tokens);
}

awaitable<result<void>> ApiTokens::remove(ApiTokenId id) {
    const auto digest = co_await find_digest(redis_, id);
    if (!digest) co_return digest.error();
    auto removal = Pipeline().add({"DEL", keys::token(*digest)}).add({"ZREM", keys::tokens, *digest});
    const auto replies = co_await redis_.execute_all(std::move(removal));
    remembered_.erase(*digest);  // now: whoever read it meanwhile has remembered it by now
    if (!replies) co_return replies.error();
    if (replies->front().integer() != 1) co_return Error::not_found;
    co_return result<void>();
}

// The token is made first and the mark last: cut short in between, the next daemon makes another.
awaitable<result<std::optional<NewApiToken>>> ApiTokens::create_first(Time now) {
    auto look = Pipeline().add({"EXISTS", keys::first_token});
    const auto exists = co_await redis_.execute(std::move(look));
    if (!exists) co_return exists.error();
    if (exists->integer() == 1) co_return std::optional<NewApiToken>();

    ApiToken administrator;
    administrator.name = "administrator";
    administrator.scopes = {.read = true, .write = true, .admin = true};
    auto made = co_await create(std::move(administrator), now);
    if (!made) co_return made.error();

    const auto id = made->record.id;
    auto mark = Pipeline().add({"SET", keys::first_token, std::to_string(id), "NX"});
    const auto marked = co_await redis_.execute(std::move(mark));
    if (!marked) co_return marked.error();
    if (!marked->is_nil()) co_return std::optional(*std::move(made));

    const auto removed = co_await remove(id);
    if (!removed && removed.error() != Error::not_found) co_return removed.error();
    co_return std::optional<NewApiToken>();
}

}  // namespace hourglass::store
