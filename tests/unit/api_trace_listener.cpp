// A stream of traced packets: what it tells, and what ends it.
#include "api/trace_listener.hpp"
#include "tests/support/run.hpp"

#include <boost/test/unit_test.hpp>

namespace hourglass::api {
namespace {

using namespace std::chrono_literals;

class GivenNews : public PacketTrace {
public:
    explicit GivenNews(std::vector<News> news) : news_(std::move(news)) {}

    News take() override {
        if (next_ == news_.size()) return {};
        return news_[next_++];
    }

private:
    std::vector<News> news_;
    std::size_t next_ = 0;
};

// Leaves when it has read so many pieces.
class Reader : public BodyWriter {
public:
    explicit Reader(int pieces_wanted) : pieces_wanted_(pieces_wanted) {}

    awaitable<bool> write(std::string piece) override {
        text += piece;
        --pieces_wanted_;
        co_return is_wanted();
    }
    bool is_wanted() const override { return pieces_wanted_ > 0; }

    std::string text;

private:
    int pieces_wanted_;
};

awaitable<bool> always() {
    co_return true;
}

awaitable<bool> to_the_end(TraceListener& listener, BodyWriter& writer) {
    co_await listener.tell(writer);
    co_return true;
}

std::string told(std::vector<PacketTrace::News> news, int pieces_wanted,
                 std::chrono::steady_clock::duration duration) {
    boost::asio::io_context loop;
    Reader reader(pieces_wanted);
    TraceListener listener(std::make_unique<GivenNews>(std::move(news)), always, duration);
    test::run(loop, to_the_end(listener, reader));
    return reader.text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(api_trace_listener)

BOOST_AUTO_TEST_CASE(packets_are_told_and_how_many_are_missing) {
    BOOST_TEST(
        told(
            {
                {.packets = {R"({"a":1})", R"({"a":2})"}, .left_out = 0 },
                {.packets = {},                           .left_out = 37}
    },
            3, 1h) ==
        ":\n\n"
        "event: packet\ndata: {\"a\":1}\n\n"
        "event: packet\ndata: {\"a\":2}\n\n"
        "event: left_out\n"
        "data: {\"type\":\"left_out\",\"packets\":37,\"detail\":\"37 packets were left out.\"}\n\n");
}

BOOST_AUTO_TEST_CASE(a_trace_that_nobody_ends_ends) {
    BOOST_TEST(
        told({}, 10, 0s)
            .ends_with(
                "event: end\ndata: {\"type\":\"end\",\"detail\":\"The trace has run for its longest time: it "
                "ends.\"}\n\n"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace hourglass::api
