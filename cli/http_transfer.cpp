#include "cli/http_transfer.hpp"

#include "cli/failure.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http.hpp>

#include <csignal>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace hourglass::cli {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::use_awaitable;
using boost::system::error_code;

namespace {

constexpr auto as_tuple = asio::as_tuple(use_awaitable);
constexpr std::chrono::seconds stall_check_interval{1};

using Clock = std::chrono::steady_clock;

// A pipe is waited for without blocking the loop; a file never keeps anyone waiting, and cannot be.
class Upload {
public:
    Upload(const asio::any_io_executor& loop, int descriptor) : descriptor_(descriptor) {
        struct stat status{};
        const bool is_file = ::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
        if (is_file) return;
        flags_ = ::fcntl(descriptor, F_GETFL);
        pipe_.emplace(loop, descriptor);
    }
    // Whoever shares the pipe with us, such as the shell, finds it as it was.
    ~Upload() {
        if (!pipe_) return;
        pipe_->release();
        ::fcntl(descriptor_, F_SETFL, flags_);
    }
    Upload(const Upload&) = delete;
    Upload& operator=(const Upload&) = delete;

    // Empty: the end.
    asio::awaitable<std::string> read_some() {
        std::string piece(transfer_piece_octets, '\0');
        if (pipe_) {
            const auto [error, octets] = co_await pipe_->async_read_some(asio::buffer(piece), as_tuple);
            if (error && error != asio::error::eof) throw unreadable(error);
            piece.resize(octets);
            co_return piece;
        }
        const auto octets = ::read(descriptor_, piece.data(), piece.size());
        if (octets < 0) throw unreadable({errno, boost::system::system_category()});
        piece.resize(static_cast<std::size_t>(octets));
        co_return piece;
    }

private:
    static Failure unreadable(error_code error) {
        return {ExitStatus::refused, "The rows cannot be read: " + error.message() + "."};
    }

    int descriptor_;
    int flags_ = 0;
    std::optional<asio::posix::stream_descriptor> pipe_;
};

template <class Stream>
class Exchange {
public:
    Exchange(Stream& stream, boost::beast::flat_buffer& buffer, const Transfer& transfer)
        : stream_(stream), buffer_(buffer), transfer_(transfer) {}

    asio::awaitable<HttpResponse> run(TransferHeader header) {
        using namespace asio::experimental::awaitable_operators;
        co_await (ending(receive()) || ending(send(std::move(header))) || ending(watch()) ||
                  ending(wait_for_interrupt()));
        if (failure_) std::rethrow_exception(failure_);
        co_return std::move(response_);
    }

private:
    // Whichever ends first ends the others, by an exception too: `||` alone would wait for a success.
    asio::awaitable<void> ending(asio::awaitable<void> task) {
        try {
            co_await std::move(task);
        } catch (...) {
            if (!is_over_) failure_ = std::current_exception();
        }
        is_over_ = true;
    }

    // The response decides when the exchange is over: if the daemon refuses in the middle, the rest is not
    // sent.
    asio::awaitable<void> send(TransferHeader header) {
        http::request_serializer<http::empty_body> serializer(header);
        const auto [error, octets] = co_await http::async_write_header(stream_, serializer, as_tuple);
        if (!error && transfer_.upload) co_await send_body();
        asio::steady_timer forever(stream_.get_executor(), Clock::time_point::max());
        co_await forever.async_wait(use_awaitable);
    }

    asio::awaitable<void> send_body() {
        Upload upload(stream_.get_executor(), *transfer_.upload);
        for (std::uint64_t sent = 0;;) {
            const auto piece = co_await upload.read_some();
            moved_at_ = Clock::now();
            if (piece.empty()) break;
            const auto chunk = http::make_chunk(asio::buffer(piece));
            const auto [error, octets] = co_await asio::async_write(stream_, chunk, as_tuple);
            if (error) co_return;
            sent += piece.size();
            moved_at_ = Clock::now();
            transfer_.note_sent(sent);
        }
        co_await asio::async_write(stream_, http::make_chunk_last(), as_tuple);
    }

    asio::awaitable<void> receive() {
        http::response_parser<http::buffer_body> parser;
        parser.body_limit(boost::none);
        co_await http::async_read_header(stream_, buffer_, parser, use_awaitable);
        response_.status = parser.get().result_int();
        response_.content_type = std::string(parser.get()[http::field::content_type]);

        std::string piece(transfer_piece_octets, '\0');
        while (!parser.is_done()) {
            auto& body = parser.get().body();
            body.data = piece.data();
            body.size = piece.size();
            const auto [error, octets] = co_await http::async_read_some(stream_, buffer_, parser, as_tuple);
            if (error && error != http::error::need_buffer) throw boost::system::system_error(error);
            moved_at_ = Clock::now();
            take(std::string_view(piece).substr(0, piece.size() - parser.get().body().size));
        }
    }

    void take(std::string_view piece) {
        if (response_.status < 300) return transfer_.take_piece(piece);
        if (response_.body.size() + piece.size() <= response_body_octets_max) response_.body += piece;
    }

    asio::awaitable<void> watch() {
        asio::steady_timer timer(stream_.get_executor());
        while (Clock::now() - moved_at_ < transfer_stall_max) {
            timer.expires_after(stall_check_interval);
            co_await timer.async_wait(use_awaitable);
        }
        throw boost::system::system_error(boost::beast::error::timeout);
    }

    asio::awaitable<void> wait_for_interrupt() {
        asio::signal_set signals(stream_.get_executor(), SIGINT, SIGTERM);
        co_await signals.async_wait(use_awaitable);
        throw Failure(ExitStatus::interrupted, "Interrupted.");
    }

    Stream& stream_;
    boost::beast::flat_buffer& buffer_;
    const Transfer& transfer_;
    HttpResponse response_;
    Clock::time_point moved_at_ = Clock::now();
    bool is_over_ = false;
    std::exception_ptr failure_;
};

}  // namespace

asio::awaitable<HttpResponse> exchange(PlainStream& stream, boost::beast::flat_buffer& buffer,
                                       TransferHeader header, const Transfer& transfer) {
    Exchange one(stream, buffer, transfer);
    co_return co_await one.run(std::move(header));
}

asio::awaitable<HttpResponse> exchange(EncryptedStream& stream, boost::beast::flat_buffer& buffer,
                                       TransferHeader header, const Transfer& transfer) {
    Exchange one(stream, buffer, transfer);
    co_return co_await one.run(std::move(header));
}

}  // namespace hourglass::cli
