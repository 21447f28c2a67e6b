#include "api/framing.hpp"

#include "api/limits.hpp"
#include "api/problem.hpp"
#include "api/text.hpp"

#include <boost/asio/error.hpp>
#include <boost/beast/http/error.hpp>

#include <algorithm>

namespace hourglass::api {
namespace {

constexpr std::size_t request_id_octets_max = 64;

bool is_letter_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool consists_of(std::string_view text, std::string_view others) {
    return !text.empty() && std::ranges::all_of(text, [&](char c) {
        return is_letter_or_digit(c) || others.find(c) != others.npos;
    });
}

bool is_target(http::verb method, std::string_view target) {
    if (target.find('#') != target.npos) return false;
    if (target == "*") return method == http::verb::options;
    return target.starts_with('/') || is_authority(authority_of(target));
}

std::string kibibytes(std::uint64_t octets) {
    return std::to_string(octets / 1024) + " KiB";
}

}  // namespace

std::optional<Response> refusal_of(boost::system::error_code error) {
    if (error == http::error::end_of_stream) return std::nullopt;
    if (error == http::error::header_limit || error == http::error::buffer_overflow) {
        return problem(http::status::request_header_fields_too_large,
                       "The request's header is larger than " + kibibytes(header_octets_max) + ".");
    }
    if (error == http::error::body_limit) {
        return problem(http::status::payload_too_large,
                       "The request's body is larger than " + kibibytes(body_octets_max) + ".");
    }
    if (error == boost::asio::error::timed_out) {
        return problem(http::status::request_timeout, "The request took too long to arrive.");
    }
    if (error == http::error::partial_message) {
        return problem(http::status::bad_request, "The request was cut short.");
    }
    const bool is_malformed = error.category() == make_error_code(http::error::bad_method).category();
    if (is_malformed) return malformed(error.message());
    return std::nullopt;
}

Response malformed(std::string_view reason) {
    return problem(http::status::bad_request, "Malformed request: " + std::string(reason) + ".");
}

std::optional<Response> refusal_of(const Header& header) {
    const auto transfer_encoding = header.find(http::field::transfer_encoding);
    if (transfer_encoding != header.end()) {
        if (!equals_ignoring_case(trim(transfer_encoding->value()), "chunked") || header.version() < 11) {
            return problem(http::status::bad_request,
                           "The only Transfer-Encoding understood is \"chunked\".");
        }
        if (header.count(http::field::content_length) > 0) {
            return problem(http::status::bad_request, "Both Content-Length and Transfer-Encoding are set.");
        }
    }
    if (!is_target(header.method(), header.target())) {
        return problem(http::status::bad_request, "The request target is invalid.");
    }
    const auto hosts = header.count(http::field::host);
    if (hosts > 1 || (hosts == 0 && header.version() >= 11)) {
        return problem(http::status::bad_request, "One Host header is required.");
    }
    if (hosts == 1 && !is_authority(header[http::field::host])) {
        return problem(http::status::bad_request, "The Host header is invalid.");
    }
    const bool has_expectation = header.count(http::field::expect) > 0;
    if (has_expectation && !expects_continue(header)) {
        return problem(http::status::expectation_failed, "The only expectation met is \"100-continue\".");
    }
    return std::nullopt;
}

std::string_view authority_of(std::string_view target) {
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (!equals_ignoring_case(target.substr(0, scheme.size()), scheme)) continue;
        target.remove_prefix(scheme.size());
        return target.substr(0, target.find_first_of("/?"));
    }
    return {};
}

bool expects_continue(const Header& header) {
    return equals_ignoring_case(header[http::field::expect], "100-continue");
}

bool is_authority(std::string_view text) {
    return consists_of(text, ".-_:[]");
}

bool is_request_id(std::string_view text) {
    return text.size() <= request_id_octets_max && consists_of(text, ".-_");
}

}  // namespace hourglass::api
