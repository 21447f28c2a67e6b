#include "api/authorization.hpp"

#include "api/peer.hpp"
#include "api/problem.hpp"
#include "api/text.hpp"

#include <algorithm>

namespace hourglass::api {
namespace {

constexpr std::string_view white_space = " \t";

Checked<std::string> read_bearer(std::string_view header) {
    header = trim(header);
    const auto scheme = header.substr(0, header.find_first_of(white_space));
    if (!equals_ignoring_case(scheme, "Bearer")) {
        return unauthenticated("Authentication credentials were not provided.");
    }
    const auto token = trim(header.substr(scheme.size()));
    if (token.empty()) return unauthenticated("Invalid token header. No credentials provided.");
    if (token.find_first_of(white_space) != token.npos) {
        return unauthenticated("Invalid token header. Token string should not contain spaces.");
    }
    return std::string(token);
}

bool allows(const store::Scopes& scopes, Access access) {
    if (access == Access::admin) return scopes.admin;
    if (access == Access::write) return scopes.write || scopes.admin;
    return scopes.read || scopes.write || scopes.admin;
}

}  // namespace

awaitable<Checked<store::ApiToken>> authorize(const Request& request, Access access, Environment& environment,
                                              store::Time now) {
    const bool is_free =
        access == Access::anyone || (access == Access::loopback_or_token && is_from_this_machine(request));
    if (is_free) co_return store::ApiToken{};

    auto bearer = read_bearer(request.header(http::field::authorization));
    if (!bearer) co_return std::move(bearer).error();

    const auto share = share_of(request.client);
    const auto tried_at = FailedTokens::Time::clock::now();
    if (const auto wait = environment.failed_tokens.wait_of(share, tried_at)) co_return throttled(*wait);

    auto token = co_await environment.store.tokens.authenticate(*std::move(bearer), now);
    if (!token && token.error() == store::Error::not_found) {
        environment.failed_tokens.note(share, tried_at);
        co_return unauthenticated("Invalid token.");
    }
    if (!token) co_return problem(token.error());

    if (!allows(token->scopes, access)) co_return permission_denied();
    co_return *std::move(token);
}

awaitable<bool> is_still_authorized(const Request& request, Access access, Environment& environment) {
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    const auto token = co_await authorize(request, access, environment, now);
    co_return token.has_value() || token.error().status == http::status::service_unavailable;
}

bool is_from_this_machine(const Request& request) {
    return request.peer.is_loopback() && request.message.find("X-Forwarded-For") == request.message.end();
}

bool is_confined(const store::ApiToken& token) {
    return !token.organizations.empty();
}

bool may_see(const store::ApiToken& token, store::OrganizationId organization) {
    return !is_confined(token) ||
           std::ranges::find(token.organizations, organization) != token.organizations.end();
}

store::Actor actor_of(const store::ApiToken& token) {
    return "token " + std::to_string(token.id) + " (" + token.name + ")";
}

}  // namespace hourglass::api
