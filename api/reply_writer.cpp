#include "api/reply_writer.hpp"

#include "api/limits.hpp"

#include <array>
#include <charconv>
#include <ctime>

namespace hourglass::api {
namespace {

// IMF-fixdate (RFC 9110 section 5.6.7).
std::string http_date(std::time_t now) {
    std::tm utc{};
    gmtime_r(&now, &utc);
    std::array<char, 40> text{};
    const auto length = std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &utc);
    return {text.data(), length};
}

bool may_have_body(http::status status) {
    return status != http::status::no_content && status != http::status::not_modified;
}

bool is_chunked(const Response& response, const ReplyForm& form) {
    return response.produce && form.version >= chunked_since_version;
}

// RFC 9112 section 7.1.
std::string chunk(std::string piece) {
    std::array<char, 20> size{};
    const auto end = std::to_chars(size.begin(), size.end(), piece.size(), 16).ptr;
    piece.insert(0, std::string(size.begin(), end) + "\r\n");
    return piece += "\r\n";
}

}  // namespace

std::string to_octets(const Response& response, const ReplyForm& form, std::time_t now) {
    std::string octets;
    octets.reserve(512 + response.body.size());
    const auto add = [&](std::string_view name, std::string_view value) {
        octets.append(name).append(": ").append(value).append("\r\n");
    };
    octets.append(form.version >= 11 ? "HTTP/1.1 " : "HTTP/1.0 ");
    octets.append(std::to_string(static_cast<unsigned>(response.status))).append(" ");
    octets.append(http::obsolete_reason(response.status)).append("\r\n");
    add("Date", http_date(now));
    add("X-Request-Id", form.request_id);
    for (const auto& [name, value] : response.headers)
        add(name, value);

    if (!response.body.empty() || response.produce) add("Content-Type", response.content_type);
    if (is_chunked(response, form)) add("Transfer-Encoding", "chunked");
    if (!response.produce && may_have_body(response.status))
        add("Content-Length", std::to_string(response.body.size()));
    if (form.version >= 11 && !form.keep_alive) add("Connection", "close");
    if (form.version < 11 && form.keep_alive) add("Connection", "keep-alive");
    octets.append("\r\n");
    if (!form.is_head && !response.produce) octets.append(response.body);
    return octets;
}

ReplyWriter::ReplyWriter(Stream& stream, ReplyForm form, const bool& is_draining)
    : stream_(stream), form_(form), is_draining_(is_draining) {}

awaitable<bool> ReplyWriter::send(const Response& response) {
    const bool is_sent = co_await write_octets(to_octets(response, form_, std::time(nullptr)));
    if (!is_sent || !response.produce || form_.is_head) co_return is_sent;

    co_await response.produce(*this);
    if (is_broken_ || was_told_to_stop_) co_return false;
    if (is_chunked(response, form_)) co_return co_await write_octets("0\r\n\r\n");
    co_return true;
}

// An empty chunk would end the body.
awaitable<bool> ReplyWriter::write(std::string piece) {
    if (!piece.empty()) {
        const bool is_taken =
            co_await write_octets(form_.version >= chunked_since_version ? chunk(std::move(piece)) : piece);
        if (!is_taken) co_return false;
    }
    was_told_to_stop_ = is_draining_;
    co_return !was_told_to_stop_;
}

awaitable<bool> ReplyWriter::write_octets(std::string octets) {
    if (is_broken_) co_return false;
    const auto error = co_await stream_.write(boost::asio::buffer(octets), write_time_max);
    is_broken_ = error.failed();
    co_return !is_broken_;
}

bool ReplyWriter::is_wanted() const {
    return !is_draining_ && !is_broken_ && !stream_.is_gone();
}

}  // namespace hourglass::api
