#include "radius/reply_attributes.hpp"

#include "radius/attribute_text.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <variant>

namespace hourglass::radius {
namespace {

using store::Seconds;

constexpr std::size_t attribute_header_octets = 2;
constexpr Seconds session_timeout_most{std::numeric_limits<std::int32_t>::max()};
constexpr Seconds interval_least{60};  // RFC 2869 section 5.16
constexpr Seconds interval_most{86'400};

enum class Operator : std::uint8_t { set_if_none, set, add };

std::optional<Operator> to_operator(std::string_view op) {
    if (op == "=") return Operator::set_if_none;
    if (op == ":=") return Operator::set;
    if (op == "+=") return Operator::add;
    return std::nullopt;
}

// 0, which is no limit to some NASes and none at all to others, says nothing.
std::optional<Seconds> seconds_in(const ReplyAttribute& attribute) {
    const auto number = Integer::read(attribute.encoded.front().value);
    return number && *number > 0 ? std::optional(Seconds(*number)) : std::nullopt;
}

std::variant<ReplyAttribute, RuleMistake> encode_reply_attribute(const store::AttributeRule& rule) {
    const auto mistake = find_mistake(rule.attribute, rule.value);
    if (mistake == AttributeMistake::unknown_name)
        return RuleMistake{{}, RulePart::attribute, "There is no attribute of this name."};
    if (mistake == AttributeMistake::wrong_value)
        return RuleMistake{{}, RulePart::value, "\"" + rule.value + "\" is no value of this attribute."};
    const store::AttributeRule added{rule.attribute, "+=", rule.value};
    auto encoded = encode({&added, 1}).attributes;
    if (encoded.empty())
        return RuleMistake{{}, RulePart::attribute, "This attribute is the protocol's own business."};
    const auto parsed = parse_attribute(rule.attribute, rule.value);
    return ReplyAttribute{{parsed->vendor, parsed->type}, false, std::move(encoded)};
}

class Reader {
public:
    ReadReply read(std::span<const store::AttributeRule> rules) {
        for (std::size_t i = 0; i < rules.size(); ++i) {
            if (auto mistake = take(rules[i])) {
                mistake->rule = i;
                ++reply_.left_out;
                mistakes_.push_back(*std::move(mistake));
            }
        }
        take_out_what_is_ours();
        refuse_too_much();
        return {std::move(reply_), std::move(mistakes_)};
    }

private:
    std::optional<RuleMistake> take(const store::AttributeRule& rule) {
        const auto op = to_operator(rule.op);
        if (!op)
            return RuleMistake{{},
                               RulePart::op,
                               "\"" + rule.op + "\" compares: an attribute is set by \"=\" or \":=\", and one "
                                                "more is added by \"+=\"."};
        auto attribute = encode_reply_attribute(rule);
        if (auto* const mistake = std::get_if<RuleMistake>(&attribute)) return std::move(*mistake);
        put(std::get<ReplyAttribute>(std::move(attribute)), *op);
        return std::nullopt;
    }

    void put(ReplyAttribute attribute, Operator op) {
        auto& all = reply_.attributes;
        const auto is_same = [&](const ReplyAttribute& other) { return other.key == attribute.key; };
        if (op == Operator::set_if_none && std::ranges::any_of(all, is_same)) return;
        if (op == Operator::set) std::erase_if(all, is_same);
        attribute.is_one_more = op == Operator::add;
        all.push_back(std::move(attribute));
    }

    void take_out_what_is_ours() {
        if (const auto timeout = take_least({0, attr::session_timeout.type}))
            reply_.session_timeout = std::min(*timeout, session_timeout_most);
        if (const auto interval = take_least({0, attr::acct_interim_interval.type}))
            reply_.interim_interval = std::clamp(*interval, interval_least, interval_most);
    }

    std::optional<Seconds> take_least(AttributeKey key) {
        std::optional<Seconds> least;
        std::erase_if(reply_.attributes, [&](const ReplyAttribute& attribute) {
            if (attribute.key != key) return false;
            const auto seconds = seconds_in(attribute);
            if (seconds) least = std::min(least.value_or(*seconds), *seconds);
            return true;
        });
        return least;
    }

    void refuse_too_much() {
        std::size_t octets = 0;
        for (const auto& attribute : reply_.attributes)
            octets += octets_of(attribute);
        if (octets > reply_octets_max)
            mistakes_.push_back({{},
                                 RulePart::value,
                                 "Together they take " + std::to_string(octets) +
                                     " octets; a reply has room for " + std::to_string(reply_octets_max) +
                                     "."});
    }

    ReplyAttributes reply_;
    RuleMistakes mistakes_;
};

}  // namespace

std::size_t octets_of(const ReplyAttribute& attribute) {
    std::size_t octets = 0;
    for (const auto& each : attribute.encoded)
        octets += attribute_header_octets + each.value.size();
    return octets;
}

ReadReply read_reply(std::span<const store::AttributeRule> rules) {
    return Reader().read(rules);
}

std::vector<const ReplyAttribute*> merge(std::span<const ReplyAttributes* const> profiles) {
    std::vector<const ReplyAttribute*> merged;
    for (const auto* const profile : profiles) {
        const auto others = static_cast<std::ptrdiff_t>(merged.size());
        for (const auto& attribute : profile->attributes) {
            const auto sets_it = [&](const ReplyAttribute* other) {
                return !other->is_one_more && other->key == attribute.key;
            };
            const bool is_set = std::any_of(merged.begin(), merged.begin() + others, sets_it);
            if (attribute.is_one_more || !is_set) merged.push_back(&attribute);
        }
    }
    return merged;
}

}  // namespace hourglass::radius
