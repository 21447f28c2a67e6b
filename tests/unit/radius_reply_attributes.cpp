// What profiles give to a session: each alone, and several together.
#include "radius/access_reply.hpp"
#include "radius/dictionary_builtin.hpp"
#include "radius/explanation.hpp"
#include "store/hex.hpp"

#include <boost/test/unit_test.hpp>

namespace hourglass::radius {
namespace {

using namespace std::chrono_literals;
using store::Seconds;
using Rules = std::vector<store::AttributeRule>;

const Dictionary& dictionary() {
    return *builtin_dictionary();
}

std::string show(const MergedAttributes& attributes) {
    std::string text;
    for (const auto* const attribute : attributes) {
        for (const auto& each : attribute->encoded)
            text += (text.empty() ? "" : " ") + std::to_string(each.type) + ":" + store::to_hex(each.value);
    }
    return text;
}

std::string show_together(const std::vector<Rules>& profiles) {
    std::vector<ReplyAttributes> read;
    for (const auto& rules : profiles)
        read.push_back(read_reply(rules, dictionary()).reply);
    std::vector<const ReplyAttributes*> all;
    for (const auto& reply : read)
        all.push_back(&reply);
    return show(merge(all));
}

Rules filter(const char* op, const char* value) {
    return {
        {"Filter-Id", op, value}
    };
}

BOOST_AUTO_TEST_SUITE(radius_reply_attributes)

BOOST_AUTO_TEST_CASE(within_a_profile_a_later_rule_sees_those_before_it) {
    struct Row {
        const char* first;
        const char* second;
        const char* reply;
    };
    for (const auto& row : std::to_array<Row>({
             {"+=", "+=", "11:61 11:62"},
             {"+=", ":=", "11:62"      },
             {":=", "=",  "11:61"      },
             {"=",  "+=", "11:61 11:62"},
             {"=",  "=",  "11:61"      },
             {"==", "=",  "11:62"      },
    })) {
        const Rules rules{
            {"Filter-Id", row.first,  "a"},
            {"Filter-Id", row.second, "b"}
        };
        BOOST_TEST(show_together({rules}) == row.reply, row.first << " " << row.second);
    }
}

BOOST_AUTO_TEST_CASE(of_several_profiles_the_first_that_sets_an_attribute_counts_and_what_is_added_is_added) {
    struct Row {
        const char* first;
        const char* second;
        const char* reply;
    };
    for (const auto& row : std::to_array<Row>({
             {":=", ":=", "11:61"      },
             {"=",  ":=", "11:61"      },
             {":=", "=",  "11:61"      },
             {":=", "+=", "11:61 11:62"},
             {"+=", ":=", "11:61 11:62"},
             {"+=", "+=", "11:61 11:62"},
    })) {
        BOOST_TEST(show_together({filter(row.first, "a"), filter(row.second, "b")}) == row.reply,
                   row.first << " " << row.second);
    }
    const Rules two{
        {"Filter-Id", ":=", "b"},
        {"Filter-Id", "+=", "c"}
    };
    BOOST_TEST(show_together({{}, two}) == "11:62 11:63");
    BOOST_TEST(show_together({filter(":=", "a"), two}) == "11:61 11:63");
}

BOOST_AUTO_TEST_CASE(what_the_daemon_has_a_say_in_is_taken_out) {
    struct Row {
        Rules rules;
        std::optional<Seconds> session_timeout;
        std::optional<Seconds> interim_interval;
    };
    for (const auto& row : std::to_array<Row>({
             {{{"Session-Timeout", ":=", "600"}},                                   600s,           {}     },
             {{{"Session-Timeout", ":=", "600"}, {"Session-Timeout", "+=", "300"}}, 300s,           {}     },
             {{{"Session-Timeout", ":=", "0"}},                                     {},             {}     },
             {{{"Session-Timeout", ":=", "4294967295"}},                            2'147'483'647s, {}     },
             {{{"Acct-Interim-Interval", "=", "90"}},                               {},             90s    },
             {{{"Acct-Interim-Interval", "=", "5"}},                                {},             60s    },
             {{{"Acct-Interim-Interval", "=", "100000"}},                           {},             86'400s},
    })) {
        const auto read = read_reply(row.rules, dictionary());
        BOOST_TEST(read.mistakes.empty());
        BOOST_TEST(read.reply.attributes.empty());
        BOOST_TEST((read.reply.session_timeout == row.session_timeout));
        BOOST_TEST((read.reply.interim_interval == row.interim_interval));
    }
}

BOOST_AUTO_TEST_CASE(mistakes_are_told_by_rule_and_the_rest_is_served) {
    const auto read = read_reply(
        Rules{
            {"Filter-Id",       "==", "a" },
            {"Session-Timeout", ":=", "-1"},
            {"Starlight",       ":=", "1" },
            {"Filter-Id",       ":=", "b" }
    },
        dictionary());
    BOOST_TEST(read.reply.attributes.size() == 1U);
    BOOST_TEST(read.reply.left_out == 3U);
    BOOST_TEST_REQUIRE(read.mistakes.size() == 3U);
    const std::array parts{RulePart::op, RulePart::value, RulePart::attribute};
    for (std::size_t i = 0; i < parts.size(); ++i) {
        BOOST_TEST((read.mistakes[i].rule == i));
        BOOST_TEST((read.mistakes[i].part == parts[i]));
        BOOST_TEST(!read.mistakes[i].sentence.empty());
    }
}

BOOST_AUTO_TEST_CASE(a_profile_has_room_for_what_a_packet_has_left) {
    Rules rules(15, {"Filter-Id", "+=", std::string(253, 'x')});
    const auto room = reply_octets_max - 15 * 255;
    rules.push_back({"Filter-Id", "+=", std::string(room - 2, 'y')});
    BOOST_TEST(read_reply(rules, dictionary()).mistakes.empty());
    rules.back().value += 'y';
    const auto mistakes = read_reply(rules, dictionary()).mistakes;
    BOOST_TEST_REQUIRE(mistakes.size() == 1U);
    BOOST_TEST(!mistakes[0].rule.has_value());
    BOOST_TEST(mistakes[0].sentence == "Together they take 4047 octets; a reply has room for 4046.");
}

BOOST_AUTO_TEST_CASE(a_reply_leaves_whole_attributes_off_and_is_never_too_long) {
    const auto many = read_reply(Rules(16, {"Filter-Id", "+=", std::string(253, 'x')}), dictionary()).reply;
    const auto few = read_reply(filter(":=", "small"), dictionary()).reply;
    Grant grant{600s, 300s, "gold"};
    grant.attributes = merge(std::array{&many, &few});
    PacketWriter accept(Code::access_accept, 1);
    add_grant(accept, grant);
    Digests digests;
    const Authenticator request{};
    Sealer sealer(request, "secret", 1, digests);
    BOOST_TEST(add_profile_attributes(accept, grant, 100, sealer) == 1U);
    const std::vector<std::uint8_t> proxy_state(98, 0);
    accept.add(attr::proxy_state, proxy_state);
    const auto packet = accept.sign(Authenticator{}, "secret");
    BOOST_TEST_REQUIRE(packet.has_value());
    BOOST_TEST(packet->size() <= packet_octets_max);
    const auto texts = show_attributes(decode(*packet).value(), dictionary());
    BOOST_TEST(texts.at(1).name == "Session-Timeout");
    BOOST_TEST((std::ranges::find(texts, AttributeText{"Filter-Id", "small"}) != texts.end()));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace hourglass::radius
