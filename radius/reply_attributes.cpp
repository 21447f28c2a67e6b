#include "radius/reply_attributes.hpp"

#include "radius/attribute_rules.hpp"
#include "radius/sentence.hpp"

#include <algorithm>
#include <array>
#include <limits>

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
std::optional<Seconds> seconds_in(const AttributeData& attribute) {
    const auto number = Integer::read(attribute.octets);
    return number && *number > 0 ? std::optional(Seconds(*number)) : std::nullopt;
}

AttributeKey key_of(const AttributeData& attribute, const Dictionary& dictionary) {
    const auto* const definition = dictionary.find(attribute.path);
    const bool has_tag = definition && definition->flags.has_tag && !attribute.octets.empty();
    return {attribute.path, has_tag ? attribute.octets.front() : std::uint8_t{}};
}

// The name without the tag that may stand behind it.
std::string_view bare_name(std::string_view name) {
    return name.substr(0, name.find(':'));
}

class Reader {
public:
    explicit Reader(const Dictionary& dictionary) : dictionary_(dictionary) {}

    ReadReply read(std::span<const store::AttributeRule> rules) {
        for (std::size_t i = 0; i < rules.size(); ++i) {
            if (auto mistake = take(rules[i])) {
                mistake->rule = i;
                ++reply_.left_out;
                mistakes_.push_back(*std::move(mistake));
            }
        }
        take_out_what_is_ours();
        encode_groups();
        refuse_too_much();
        return {std::move(reply_), std::move(mistakes_)};
    }

private:
    struct Entry {
        AttributeKey key;
        bool is_one_more{};
        AttributeData data;
    };

    std::optional<RuleMistake> take(const store::AttributeRule& rule) {
        const auto op = to_operator(rule.op);
        if (!op)
            return RuleMistake{
                {},
                RulePart::op,
                "\"" + rule.op + "\" compares; an attribute is set by = or :=, and one more is added by +=."};
        auto parsed = parse_attribute(rule.attribute, rule.value, dictionary_);
        if (const auto mistake = find_reply_mistake(rule.attribute, parsed)) {
            const bool is_value = std::holds_alternative<AttributeMistake>(parsed) &&
                                  dictionary_.find(bare_name(rule.attribute)) != nullptr;
            return RuleMistake{{}, is_value ? RulePart::value : RulePart::attribute, to_sentence(*mistake)};
        }
        auto& data = std::get<AttributeData>(parsed);
        auto key = key_of(data, dictionary_);
        put({std::move(key), op == Operator::add, std::move(data)}, *op);
        return std::nullopt;
    }

    void put(Entry entry, Operator op) {
        const auto is_same = [&](const Entry& other) { return other.key == entry.key; };
        if (op == Operator::set_if_none && std::ranges::any_of(entries_, is_same)) return;
        if (op == Operator::set) std::erase_if(entries_, is_same);
        entries_.push_back(std::move(entry));
    }

    void take_out_what_is_ours() {
        if (const auto timeout = take_least(attr::session_timeout))
            reply_.session_timeout = std::min(*timeout, session_timeout_most);
        if (const auto interval = take_least(attr::acct_interim_interval))
            reply_.interim_interval = std::clamp(*interval, interval_least, interval_most);
    }

    std::optional<Seconds> take_least(Attribute<Integer> attribute) {
        const AttributePath path{attribute.type};
        std::optional<Seconds> least;
        std::erase_if(entries_, [&](const Entry& entry) {
            if (entry.key.path != path) return false;
            const auto seconds = seconds_in(entry.data);
            if (seconds) least = std::min(least.value_or(*seconds), *seconds);
            return true;
        });
        return least;
    }

    // Neighbours in one TLV are one.
    void encode_groups() {
        std::vector<AttributeData> all;
        all.reserve(entries_.size());
        for (auto& entry : entries_)
            all.push_back(std::move(entry.data));
        join_groups(all, dictionary_);
        for (std::size_t begin = 0, end = 0; begin < all.size(); begin = end) {
            end = begin + 1;
            while (end < all.size() && all[end].shared > 0)
                ++end;
            encode(std::span(all).subspan(begin, end - begin), begin);
        }
    }

    void encode(std::span<AttributeData> group, std::size_t first) {
        auto encoded = encode_attributes(group, dictionary_);
        if (encoded) return add(group, first, *std::move(encoded));
        // Too long to stay together; each alone was found to fit.
        for (std::size_t i = 0; i < group.size(); ++i) {
            group[i].shared = 0;
            auto alone = encode_attributes(group.subspan(i, 1), dictionary_);
            add(group.subspan(i, 1), first + i, *std::move(alone));
        }
    }

    void add(std::span<const AttributeData> group, std::size_t first, std::vector<EncodedAttribute> encoded) {
        const auto members = std::span(entries_).subspan(first, group.size());
        auto key = members.front().key;
        for (const auto& later : group.subspan(1))
            key.path.resize(std::min(key.path.size(), later.shared));
        reply_.attributes.push_back(
            {std::move(key), std::ranges::all_of(members, &Entry::is_one_more), std::move(encoded)});
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

    const Dictionary& dictionary_;
    std::vector<Entry> entries_;
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

bool ReplyAttribute::is_hidden() const {
    return std::ranges::any_of(encoded, [](const EncodedAttribute& each) { return !each.hidden.empty(); });
}

ReadReply read_reply(std::span<const store::AttributeRule> rules, const Dictionary& dictionary) {
    return Reader(dictionary).read(rules);
}

MergedAttributes merge(std::span<const ReplyAttributes* const> profiles) {
    MergedAttributes merged;
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
