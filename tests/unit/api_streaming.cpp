// Bodies in pieces, over a real socket: requests that are read and replies that are made as they go.
#include "api/limits.hpp"
#include "api/reply_writer.hpp"
#include "api/request_reader.hpp"
#include "tests/support/run.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <boost/test/unit_test.hpp>

using namespace hourglass;
using namespace hourglass::api;
using boost::asio::ip::tcp;

namespace {

// A client's socket and the stream of the server that it is connected to.
class Wire {
public:
    Wire() : client_(loop_), stream_(connect(), nullptr) {}

    void send(std::string_view octets) { boost::asio::write(client_, boost::asio::buffer(octets)); }
    void end() { client_.shutdown(tcp::socket::shutdown_send); }
    std::string receive_all() {
        boost::system::error_code ignored;
        stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
        std::string octets;
        boost::asio::read(client_, boost::asio::dynamic_buffer(octets), ignored);
        return octets;
    }
    void hang_up() { client_.close(); }

    template <class Value>
    Value run(awaitable<Value> task) {
        return test::run(loop_, std::move(task));
    }

    Stream& stream() { return stream_; }
    boost::beast::flat_buffer& buffer() { return buffer_; }

private:
    tcp::socket connect() {
        tcp::acceptor acceptor(loop_, {boost::asio::ip::address_v4::loopback(), 0});
        client_.connect(acceptor.local_endpoint());
        return acceptor.accept();
    }

    boost::asio::io_context loop_;
    tcp::socket client_;
    Stream stream_;
    boost::beast::flat_buffer buffer_;
};

awaitable<std::string> read_pieces(RequestReader& reader, std::size_t& largest) {
    std::string all;
    for (;;) {
        const auto piece = co_await reader.read_some();
        if (!piece) co_return "refused: " + piece.error().body;
        if (piece->empty()) co_return all;
        largest = std::max(largest, piece->size());
        all += *piece;
    }
}

awaitable<void> write_three(BodyWriter& writer) {
    for (const auto* piece : {"one", "", "three"})
        co_await writer.write(piece);
}

std::string produced(ReplyForm form, std::function<awaitable<void>(BodyWriter&)> produce, bool is_draining) {
    Wire wire;
    form.request_id = "id-1";
    ReplyWriter writer(wire.stream(), form, is_draining);
    Response response;
    response.produce = std::move(produce);
    const bool is_sent = wire.run(writer.send(response));
    auto octets = wire.receive_all();
    const auto body = octets.substr(octets.find("\r\n\r\n") + 4);
    return body + (is_sent ? "|open" : "|closed");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(api_streaming)

BOOST_AUTO_TEST_CASE(a_streamed_body_may_be_larger_than_any_buffer) {
    Wire wire;
    RequestReader reader(wire.stream(), wire.buffer());
    const std::string body(3 * body_octets_max, 'x');
    wire.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
              body + "GET");
    BOOST_REQUIRE(wire.run(reader.read_header()));
    BOOST_TEST(reader.has_body());
    std::size_t largest = 0;
    BOOST_TEST((wire.run(read_pieces(reader, largest)) == body));
    BOOST_TEST(largest <= read_octets_max);
    BOOST_TEST(reader.is_at_end());
    BOOST_TEST(wire.run(reader.read_some())->empty());
    BOOST_TEST(wire.buffer().size() <= 3U);  // of the next request
}

BOOST_AUTO_TEST_CASE(chunks_are_joined_and_their_trailers_are_no_headers) {
    Wire wire;
    RequestReader reader(wire.stream(), wire.buffer());
    wire.send(
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n2\r\nde\r\n0\r\n"
        "Authorization: Bearer stolen\r\n\r\n");
    const auto header = wire.run(reader.read_header());
    std::size_t largest = 0;
    BOOST_TEST(wire.run(read_pieces(reader, largest)) == "abcde");
    BOOST_TEST(((*header)->fields.count(http::field::authorization) == 0));
}

BOOST_AUTO_TEST_CASE(a_streamed_body_cut_short_is_refused) {
    Wire wire;
    RequestReader reader(wire.stream(), wire.buffer());
    wire.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabc");
    wire.end();
    BOOST_REQUIRE(wire.run(reader.read_header()));
    std::size_t largest = 0;
    BOOST_TEST(wire.run(read_pieces(reader, largest)).starts_with("refused: "));
    BOOST_TEST(!reader.is_at_end());
}

BOOST_AUTO_TEST_CASE(a_client_that_waits_is_invited_by_the_first_read_only) {
    Wire wire;
    RequestReader reader(wire.stream(), wire.buffer());
    wire.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n");
    BOOST_REQUIRE(wire.run(reader.read_header()));
    BOOST_TEST(!wire.run(reader.invite()).failed());
    wire.send("x");
    std::size_t largest = 0;
    BOOST_TEST(wire.run(read_pieces(reader, largest)) == "x");
    BOOST_TEST(wire.receive_all() == "HTTP/1.1 100 Continue\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(the_end_of_the_daemon_ends_the_reading_of_a_streamed_body) {
    Wire wire;
    RequestReader reader(wire.stream(), wire.buffer());
    wire.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n");
    BOOST_REQUIRE(wire.run(reader.read_header()));
    reader.stop();
    const auto piece = wire.run(reader.read_some());
    BOOST_REQUIRE(!piece);
    BOOST_TEST((piece.error().status == http::status::service_unavailable));
}

BOOST_AUTO_TEST_CASE(a_reply_is_sent_while_it_is_made) {
    BOOST_TEST(produced({}, write_three, false) == "3\r\none\r\n5\r\nthree\r\n0\r\n\r\n|open");
    BOOST_TEST(produced({.version = 10}, write_three, false) == "onethree|open");
    BOOST_TEST(produced({.is_head = true}, write_three, false) == "|open");
}

// What is cut short must not look complete.
BOOST_AUTO_TEST_CASE(a_producer_that_is_told_to_stop_leaves_a_reply_without_its_end) {
    BOOST_TEST(produced({}, write_three, true) == "3\r\none\r\n5\r\nthree\r\n|closed");
}

BOOST_AUTO_TEST_CASE(a_producer_learns_that_its_client_is_gone) {
    const bool is_draining = false;
    Wire wire;
    ReplyWriter writer(wire.stream(), {}, is_draining);
    BOOST_TEST(writer.is_wanted());
    wire.hang_up();
    bool is_taken = true;
    for (int pieces = 0; pieces < 1000 && is_taken; ++pieces)
        is_taken = wire.run(writer.write(std::string(4096, 'x')));
    BOOST_TEST(!is_taken);
    BOOST_TEST(!writer.is_wanted());
}

// A handler may answer rows while it still reads more of them.
BOOST_AUTO_TEST_CASE(a_reply_can_be_made_while_its_request_is_still_read) {
    const bool is_draining = false;
    Wire wire;
    RequestReader reader(wire.stream(), wire.buffer());
    wire.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\na\n\r\n");
    BOOST_REQUIRE(wire.run(reader.read_header()));
    ReplyWriter writer(wire.stream(), {}, is_draining);
    BOOST_TEST(*wire.run(reader.read_some()) == "a\n");
    BOOST_TEST(wire.run(writer.write("1")));
    wire.send("2\r\nb\n\r\n0\r\n\r\n");
    BOOST_TEST(*wire.run(reader.read_some()) == "b\n");
    BOOST_TEST(wire.run(writer.write("2")));
    BOOST_TEST(wire.run(reader.read_some())->empty());
    BOOST_TEST(wire.receive_all() == "1\r\n1\r\n1\r\n2\r\n");
}

BOOST_AUTO_TEST_CASE(a_client_that_takes_nothing_of_its_reply_is_given_up) {
    const bool is_draining = false;
    Wire wire;
    ReplyWriter writer(wire.stream(), {}, is_draining);
    boost::asio::steady_timer timer(wire.stream().socket().get_executor());
    std::function<void(error_code)> expire_again = [&](error_code) {
        wire.stream().expire(Stream::Clock::time_point::max());
        timer.expires_after(std::chrono::milliseconds(10));
        timer.async_wait(expire_again);
    };
    expire_again({});
    BOOST_TEST(!wire.run(writer.write(std::string(64 << 20, 'x'))));
    BOOST_TEST(!writer.is_wanted());
}

BOOST_AUTO_TEST_CASE(a_missed_deadline_ends_the_wait_and_not_the_connection) {
    Wire wire;
    std::array<char, 8> octets{};
    boost::asio::steady_timer later(wire.stream().socket().get_executor(), std::chrono::milliseconds(1));
    later.async_wait([&](error_code) { wire.stream().expire(Stream::Clock::time_point::max()); });
    const auto late = wire.run(wire.stream().read_some(boost::asio::buffer(octets), Stream::Clock::now()));
    BOOST_TEST((late.error == boost::asio::error::timed_out));
    BOOST_TEST(
        !wire.run(wire.stream().write(boost::asio::buffer("late", 4), std::chrono::seconds(1))).failed());
    BOOST_TEST(wire.receive_all() == "late");
}

BOOST_AUTO_TEST_SUITE_END()
