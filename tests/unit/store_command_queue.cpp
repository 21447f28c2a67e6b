// Commands on their way to Redis, by a clock that stands still until it is told.
#include "store/command_queue.hpp"
#include "store/redis_reply_reader.hpp"

#include <boost/test/unit_test.hpp>

using namespace hourglass;
using namespace std::chrono_literals;
using store::CommandQueue;
using store::Pipeline;
using store::ReplyWaiter;
using store::Urgency;

namespace {

using Time = CommandQueue::Clock::time_point;

constexpr std::chrono::microseconds moment = 2ms;
constexpr Time start{1h};  // a multiple of the moment

Pipeline command(std::string_view word) {
    return std::move(Pipeline().add({word}));
}

std::string written(CommandQueue& queue) {
    std::string bytes;
    queue.take_unwritten(bytes);
    return bytes;
}

std::string written_as(std::initializer_list<std::string_view> words) {
    std::string bytes;
    for (const auto word : words)
        bytes += command(word).bytes();
    return bytes;
}

store::Reply reply(std::string_view text) {
    store::ReplyReader reader;
    reader.feed(text);
    return *std::move(*reader.next());
}

struct Fixture {
    Fixture() { queue.set_group_commit(moment); }

    void give(std::string_view word, Urgency urgency, Time now = start, ReplyWaiter* waiter = nullptr) {
        queue.give(command(word), waiter, urgency, now);
    }

    CommandQueue queue;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(command_queue, Fixture)

BOOST_AUTO_TEST_CASE(what_is_given_at_once_is_to_be_written_at_once) {
    give("A", Urgency::at_once);
    give("B", Urgency::at_once);
    BOOST_TEST(!queue.company_leaves_at().has_value());
    BOOST_TEST(written(queue) == written_as({"A", "B"}));
    BOOST_TEST(!queue.has_unwritten());
}

BOOST_AUTO_TEST_CASE(company_leaves_when_its_moment_ends_and_not_before) {
    give("A", Urgency::in_company, start + 500us);
    give("B", Urgency::in_company, start + 1500us);
    BOOST_TEST((queue.company_leaves_at() == start + moment));
    queue.release_company(start + moment - 1ns);
    BOOST_TEST(!queue.has_unwritten());
    queue.release_company(start + moment);
    BOOST_TEST(written(queue) == written_as({"A", "B"}));
    BOOST_TEST(!queue.company_leaves_at().has_value());
}

BOOST_AUTO_TEST_CASE(nobody_waits_longer_than_a_moment) {
    for (const auto given : {0ns, 1ns, 999'999ns, 1'000'000ns, 1'999'999ns, 2'000'000ns, 7'654'321ns}) {
        CommandQueue lonely;
        lonely.set_group_commit(moment);
        lonely.give(command("A"), nullptr, Urgency::in_company, start + given);
        const auto wait = *lonely.company_leaves_at() - (start + given);
        BOOST_TEST_CONTEXT("given at " << given.count() << " ns") {
            BOOST_TEST((wait > 0ns));
            BOOST_TEST((wait <= moment));
        }
    }
}

// Workers know nothing of each other, and share Redis' fsync all the same.
BOOST_AUTO_TEST_CASE(the_moments_of_several_workers_end_together) {
    CommandQueue other;
    other.set_group_commit(moment);
    give("A", Urgency::in_company, start + 100us);
    other.give(command("B"), nullptr, Urgency::in_company, start + 1900us);
    BOOST_TEST((queue.company_leaves_at() == other.company_leaves_at()));
}

BOOST_AUTO_TEST_CASE(company_that_is_large_enough_does_not_wait) {
    for (std::size_t i = 1; i < CommandQueue::company_enough; ++i)
        give("A", Urgency::in_company);
    queue.release_company(start);
    BOOST_TEST(!queue.has_unwritten());
    give("A", Urgency::in_company);
    queue.release_company(start);
    BOOST_TEST(queue.has_unwritten());
}

BOOST_AUTO_TEST_CASE(nobody_waits_while_redis_has_enough_to_do) {
    for (std::size_t i = 1; i < CommandQueue::company_enough; ++i)
        give("A", Urgency::at_once);
    give("B", Urgency::in_company);
    queue.release_company(start);
    BOOST_TEST(queue.company_leaves_at().has_value());
    give("A", Urgency::at_once);
    queue.release_company(start);
    BOOST_TEST(!queue.company_leaves_at().has_value());
}

BOOST_AUTO_TEST_CASE(a_read_overtakes_who_waits_for_company_and_each_gets_his_own_reply) {
    std::array<store::Reply, 3> replies;
    std::array<ReplyWaiter, 3> waiters{ReplyWaiter{std::span(&replies[0], 1)},
                                       ReplyWaiter{std::span(&replies[1], 1)},
                                       ReplyWaiter{std::span(&replies[2], 1)}};
    give("A", Urgency::in_company, start, &waiters[0]);
    give("B", Urgency::in_company, start, &waiters[1]);
    give("C", Urgency::at_once, start, &waiters[2]);
    BOOST_TEST(written(queue) == written_as({"C"}));
    queue.release_company(start + moment);
    BOOST_TEST(written(queue) == written_as({"A", "B"}));

    BOOST_TEST(queue.commands() == 3U);
    BOOST_TEST(queue.take_reply(reply(":3\r\n")) == &waiters[2]);
    BOOST_TEST(queue.take_reply(reply(":1\r\n")) == &waiters[0]);
    BOOST_TEST(queue.take_reply(reply(":2\r\n")) == &waiters[1]);
    BOOST_TEST(queue.commands() == 0U);
    for (std::size_t i = 0; i < replies.size(); ++i)
        BOOST_TEST(replies[i].integer() == static_cast<std::int64_t>(i + 1));
}

BOOST_AUTO_TEST_CASE(a_pipeline_is_complete_with_its_last_reply_and_failed_by_any_error) {
    std::array<store::Reply, 2> replies;
    ReplyWaiter waiter{replies};
    queue.give(Pipeline().add({"A"}).add({"B"}), &waiter, Urgency::at_once, start);
    BOOST_TEST(queue.take_reply(reply("-ERR no\r\n")) == nullptr);
    BOOST_TEST(queue.take_reply(reply("+OK\r\n")) == &waiter);
    BOOST_TEST(waiter.has_failed);
    BOOST_TEST(!queue.awaits_replies());
}

BOOST_AUTO_TEST_CASE(without_group_commit_nobody_waits) {
    queue.set_group_commit(0us);
    give("A", Urgency::in_company);
    BOOST_TEST(written(queue) == written_as({"A"}));
}

BOOST_AUTO_TEST_CASE(switching_it_off_lets_nobody_overtake_those_who_wait) {
    give("A", Urgency::in_company);
    queue.set_group_commit(0us);
    give("B", Urgency::in_company);
    queue.release_company(start + moment);
    give("C", Urgency::in_company, start + moment);
    BOOST_TEST(written(queue) == written_as({"A", "B", "C"}));
}

BOOST_AUTO_TEST_CASE(a_lost_connection_fails_all_who_wait_for_replies_or_company) {
    std::array<store::Reply, 2> replies;
    ReplyWaiter sent{std::span(&replies[0], 1)};
    ReplyWaiter in_company{std::span(&replies[1], 1)};
    give("A", Urgency::in_company, start, &in_company);
    give("B", Urgency::at_once, start, &sent);
    give("C", Urgency::at_once);
    const auto failed = queue.abandon();
    BOOST_TEST((failed == std::vector<ReplyWaiter*>{&sent, &in_company}));
    BOOST_TEST(sent.has_failed);
    BOOST_TEST(in_company.has_failed);
    BOOST_TEST(!queue.has_unwritten());
    BOOST_TEST(!queue.awaits_replies());
    BOOST_TEST(!queue.company_leaves_at().has_value());
    BOOST_TEST(queue.commands() == 0U);
}

BOOST_AUTO_TEST_CASE(what_a_burst_took_of_memory_is_given_back) {
    const std::string large(4 << 20, 'x');
    std::string bytes;
    give(large, Urgency::at_once);
    queue.take_unwritten(bytes);
    BOOST_TEST(bytes.capacity() > large.size());
    for (int turn = 0; turn < 2; ++turn) {
        give("A", Urgency::at_once);
        queue.take_unwritten(bytes);
    }
    BOOST_TEST(bytes.capacity() < large.size());
}

BOOST_AUTO_TEST_SUITE_END()
