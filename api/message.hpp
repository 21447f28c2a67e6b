// One request and one reply, as handlers see them: no sockets, no limits, no framing.
#pragma once

#include "api/json.hpp"
#include "store/result.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hourglass::api {

namespace http = boost::beast::http;

class BodyWriter;
struct Route;

struct Request {
    http::request<http::string_body> message;
    boost::asio::ip::address peer;
    boost::asio::ip::address client;  // the peer, or whom trusted proxies speak for
    std::string id;                   // X-Request-Id of the reply and of the log line
    std::string authority;            // host and port, for absolute links
    std::string_view scheme = "http";

    std::string_view header(http::field name) const;  // empty if absent
    std::string_view path() const;                    // as sent, without the query
    std::string_view query() const;                   // without the "?"
};

struct Response {
    http::status status = http::status::ok;
    std::string body;
    std::string content_type = "application/json";
    std::vector<std::pair<std::string, std::string>> headers;
    boost::system::error_code cause;  // of a 5xx: for the log, never for the client
    const Route* route = nullptr;     // that answered; for what is counted
    std::int64_t token{};             // whose request it was, for the log; 0: nobody's
    // If set, the body is what this writes. It runs after the handler has returned: Request, Environment and
    // the BodyReader live until it ends, Context does not.
    std::function<awaitable<void>(BodyWriter&)> produce;

    Response& with(std::string name, std::string value) &;
    Response with(std::string name, std::string value) &&;
};

// What was asked for, or the reply that refuses it.
template <class T>
using Checked = boost::system::result<T, Response>;

Response reply(http::status status, const json& body);
Response no_content();

}  // namespace hourglass::api
