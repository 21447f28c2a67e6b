#include "api/problem.hpp"

#include "api/etag.hpp"
#include "store/error.hpp"

namespace hourglass::api {

Response problem(http::status status, std::string_view detail) {
    return reply(status, {
                             {"detail", detail}
    });
}

namespace {

Response already_exists(std::string_view noun, std::string_view field) {
    return field_problem(field, std::string(noun) + " with this " + std::string(field) + " already exists.");
}

}  // namespace

Response problem(boost::system::error_code error, std::string_view noun) {
    using store::Error;
    if (error == Error::not_found) return not_found();
    if (error == Error::name_taken) {
        return field_problem("username", "user with this username already exists.");
    }
    if (error == Error::already_exists) {
        return problem(http::status::conflict, "The parent has a user_extra record already.");
    }
    if (error == Error::parent_not_found) return field_problem("parent", "Object does not exist.");
    if (error == Error::version_changed) return precondition_failed();
    if (error == Error::session_running) {
        return problem(http::status::conflict,
                       "The user has a running session. Use ?force=true to disconnect it first.");
    }
    if (error == Error::insufficient_balance) {
        return field_problem("seconds", "The balance would fall below zero.");
    }
    if (error == Error::excessive_balance) {
        return field_problem("seconds", "The balance would be larger than is counted.");
    }
    if (error == Error::key_reused) {
        return problem(http::status::unprocessable_entity,
                       "The Idempotency-Key was used for another request before.");
    }
    if (error == Error::id_taken) return already_exists(noun, "id");
    if (error == Error::name_in_use) return already_exists(noun, "name");
    if (error == Error::address_in_use) return already_exists(noun, "address");
    if (error == Error::not_metered) return field_problem("seconds", "The user's time is not metered.");
    auto response = problem(http::status::internal_server_error, "Internal server error.");
    if (error == Error::unavailable) {
        response =
            problem(http::status::service_unavailable, "Service temporarily unavailable, try again later.");
        response.with("Retry-After", "1");
    }
    response.cause = error;
    return response;
}

Response field_problem(const json& errors) {
    return reply(http::status::bad_request, errors);
}

Response field_problem(std::string_view field, std::string_view message) {
    return field_problem({
        {std::string(field), json::array({message})}
    });
}

Response not_found() {
    return problem(http::status::not_found, "Not found.");
}

Response permission_denied() {
    return problem(http::status::forbidden, "You do not have permission to perform this action.");
}

Response unauthenticated(std::string_view detail) {
    return problem(http::status::unauthorized, detail).with("WWW-Authenticate", "Bearer");
}

Response throttled(std::chrono::seconds wait) {
    const auto seconds = std::to_string(wait.count());
    const auto unit = wait.count() == 1 ? " second." : " seconds.";
    return problem(http::status::too_many_requests,
                   "Request was throttled. Expected available in " + seconds + unit)
        .with("Retry-After", seconds);
}

}  // namespace hourglass::api
