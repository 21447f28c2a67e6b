// Commands as they are written to Redis, and replies as they are read, whole and in pieces.
#include "store/error.hpp"
#include "store/redis_pipeline.hpp"
#include "store/redis_reply_reader.hpp"

#include <boost/test/unit_test.hpp>

using namespace hourglass;
using store::Pipeline;
using store::ReplyReader;

namespace {

constexpr store::Script script{.name = "nothing", .sha1 = "0123", .body = "return 1"};

// As by `redis-cli`: "[OK, 12, nil, !ERR no]".
std::string shown(const redisReply* reply) {
    switch (reply->type) {
        case REDIS_REPLY_NIL:
            return "nil";
        case REDIS_REPLY_INTEGER:
            return std::to_string(reply->integer);
        case REDIS_REPLY_ERROR:
            return "!" + std::string(store::text_of(reply));
        case REDIS_REPLY_ARRAY: {
            std::string text = "[";
            for (const auto* element : store::elements_of(reply))
                text += (text.size() > 1 ? ", " : "") + shown(element);
            return text + "]";
        }
        default:
            return std::string(store::text_of(reply));
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(redis_codec)

BOOST_AUTO_TEST_CASE(a_command_is_an_array_of_bulk_strings) {
    BOOST_TEST(Pipeline().add({"PING"}).bytes() == "*1\r\n$4\r\nPING\r\n");
    BOOST_TEST(Pipeline().add({"GET", ""}).bytes() == "*2\r\n$3\r\nGET\r\n$0\r\n\r\n");
    BOOST_TEST(Pipeline().add({std::string_view()}).bytes() == "*1\r\n$0\r\n\r\n");
    const std::string binary("a\0\r\nb", 5);
    BOOST_TEST(Pipeline().add({binary}).bytes() == "*1\r\n$5\r\n" + binary + "\r\n");
    const std::string large(100'000, 'x');
    BOOST_TEST(Pipeline().add({large}).bytes() == "*1\r\n$100000\r\n" + large + "\r\n");
}

BOOST_AUTO_TEST_CASE(commands_of_a_pipeline_follow_each_other) {
    Pipeline pipeline;
    pipeline.add({"A"}).run(script, {"k1", "k2"}, {"v"}).add({"B"});
    BOOST_TEST(pipeline.size() == 3U);
    BOOST_TEST(pipeline.bytes() ==
               "*1\r\n$1\r\nA\r\n"
               "*6\r\n$7\r\nEVALSHA\r\n$4\r\n0123\r\n$1\r\n2\r\n$2\r\nk1\r\n$2\r\nk2\r\n"
               "$1\r\nv\r\n"
               "*1\r\n$1\r\nB\r\n");
}

BOOST_AUTO_TEST_CASE(replies_are_read_wherever_they_are_cut) {
    struct Row {
        std::string_view octets;
        std::string_view shown;
    };
    const std::string large(50'000, 'x');
    const auto large_reply = "*2\r\n$50000\r\n" + large + "\r\n:1\r\n";
    const auto large_shown = "[" + large + ", 1]";
    const auto rows = std::to_array<Row>({
        {"+OK\r\n",                                               "OK"                      },
        {"-ERR no\r\n",                                           "!ERR no"                 },
        {":-12\r\n",                                              "-12"                     },
        {"$-1\r\n",                                               "nil"                     },
        {"$0\r\n\r\n",                                            ""                        },
        {"*-1\r\n",                                               "nil"                     },
        {"*0\r\n",                                                "[]"                      },
        {"*3\r\n:1\r\n*2\r\n$-1\r\n+a\r\n$5\r\nhello\r\n",        "[1, [nil, a], hello]"    },
        {"*2\r\n*1\r\n*1\r\n*1\r\n:7\r\n*2\r\n*0\r\n-ERR no\r\n", "[[[[7]]], [[], !ERR no]]"},
        {large_reply,                                             large_shown               },
    });
    for (const auto& row : rows) {
        BOOST_TEST_CONTEXT(row.octets.substr(0, 60)) {
            const std::size_t step = row.octets.size() < 1000 ? 1 : 4099;
            for (std::size_t cut = 0; cut < row.octets.size(); cut += step) {
                ReplyReader reader;
                reader.feed(row.octets.substr(0, cut));
                BOOST_TEST_REQUIRE(!reader.next()->has_value());
                reader.feed(row.octets.substr(cut));
                const auto reply = reader.next();
                BOOST_TEST_REQUIRE(reply->has_value());
                BOOST_TEST_REQUIRE(shown((*reply)->root()) == row.shown);
                BOOST_TEST_REQUIRE(!reader.next()->has_value());
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(a_reply_outlives_its_reader_and_those_after_it) {
    std::optional<store::Reply> first;
    {
        ReplyReader reader;
        reader.feed("*2\r\n+one\r\n:2\r\n$5\r\nthree\r\n");
        first = *reader.next();
        BOOST_TEST((*reader.next())->text() == "three");
    }
    BOOST_TEST(shown(first->root()) == "[one, 2]");
}

BOOST_AUTO_TEST_CASE(what_is_not_resp_is_refused) {
    for (const std::string_view octets : {"HTTP/1.1 400 Bad Request\r\n", "*2\r\n:1\r\n?\r\n"}) {
        ReplyReader reader;
        reader.feed(octets);
        const auto reply = reader.next();
        BOOST_TEST((reply.has_error() && reply.error() == store::Error::corrupt));
        BOOST_TEST(!reader.mistake().empty());
    }
}

BOOST_AUTO_TEST_SUITE_END()
