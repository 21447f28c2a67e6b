// One exchange whose bodies are too long to hold: the request's comes out of a file or pipe, the response's
// goes to whoever takes it, both at the same time, since the daemon answers while it still reads.
#pragma once

#include "cli/http_client.hpp"

#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>

#include <functional>
#include <string_view>

namespace hourglass::cli {

// How long neither side may move before the exchange is given up.
inline constexpr std::chrono::seconds transfer_stall_max{120};
inline constexpr std::size_t transfer_piece_octets = 64 * 1024;

struct Transfer {
    HttpRequest request;        // without a body
    std::string content_type;   // of the upload
    std::optional<int> upload;  // descriptor to read the body from
    // Given the body of a response below 300, piece by piece. What they throw ends the exchange.
    std::function<void(std::string_view)> take_piece;
    std::function<void(std::uint64_t octets)> note_sent = [](std::uint64_t) {};
};

// The response with its body if that is a refusal, and empty if it was given away. Throws
// boost::system::system_error, and Failure when a person interrupts it (SIGINT, SIGTERM).
using PlainStream = boost::beast::tcp_stream;
using EncryptedStream = boost::asio::ssl::stream<boost::beast::tcp_stream&>;
using TransferHeader = boost::beast::http::request<boost::beast::http::empty_body>;

boost::asio::awaitable<HttpResponse> exchange(PlainStream& stream, boost::beast::flat_buffer& buffer,
                                              TransferHeader header, const Transfer& transfer);
boost::asio::awaitable<HttpResponse> exchange(EncryptedStream& stream, boost::beast::flat_buffer& buffer,
                                              TransferHeader header, const Transfer& transfer);

}  // namespace hourglass::cli
