#include "radius/attribute_check.hpp"

#include "radius/called_station.hpp"
#include "radius/sentence.hpp"

#include <algorithm>
#include <array>
#include <re2/re2.h>

namespace hourglass::radius {
namespace {

constexpr std::int64_t pattern_memory_max = 1 << 20;  // octets; RE2's own measure of a compiled expression

struct OperatorRow {
    std::string_view text;
    CheckOperator op;
};
constexpr auto operators = std::to_array<OperatorRow>({
    {"==", CheckOperator::equal           },
    {"!=", CheckOperator::not_equal       },
    {">",  CheckOperator::greater         },
    {">=", CheckOperator::greater_or_equal},
    {"<",  CheckOperator::less            },
    {"<=", CheckOperator::less_or_equal   },
    {"=~", CheckOperator::matches         },
    {"!~", CheckOperator::matches_not     },
    {"=*", CheckOperator::present         },
    {"!*", CheckOperator::absent          },
});

bool asks_for_presence(CheckOperator op) {
    return op == CheckOperator::present || op == CheckOperator::absent;
}
bool is_pattern(CheckOperator op) {
    return op == CheckOperator::matches || op == CheckOperator::matches_not;
}
bool must_hold_for_all(CheckOperator op) {
    return op == CheckOperator::not_equal || op == CheckOperator::matches_not;
}

RuleMistake mistake(RulePart part, std::string sentence) {
    return {{}, part, std::move(sentence)};
}

// Whether two stations are one: a MAC address without an SSID stands for all SSIDs.
bool is_same_station(Bytes found, Bytes expected) {
    const auto one = parse_station(as_text(found));
    const auto other = parse_station(as_text(expected));
    if (!one || !other) return std::ranges::equal(found, expected);
    return one->mac == other->mac && (other->ssid.empty() || one->ssid == other->ssid);
}

std::optional<boost::asio::ip::address> to_address(const OctetString& octets) {
    if (const auto v4 = Ipv4::read(octets)) return *v4;
    if (const auto v6 = Ipv6::read(octets)) return *v6;
    return std::nullopt;
}

// Octets of numbers are in network order, so that they compare from the first on.
OctetString comparable(OctetString octets, Comparison comparison) {
    constexpr std::uint8_t sign = 0x80;
    if (comparison == Comparison::signed_number && !octets.empty()) octets.front() ^= sign;
    return octets;
}

}  // namespace

std::variant<AttributeCheck, RuleMistake> AttributeCheck::read(const store::AttributeRule& rule,
                                                               const Dictionary& dictionary) {
    const auto row = std::ranges::find(operators, rule.op, &OperatorRow::text);
    if (row == operators.end())
        return mistake(RulePart::op,
                       "\"" + rule.op +
                           "\" sets an attribute; a condition compares by ==, !=, >, >=, <, <=, "
                           "=~ or !~, or asks by =* or !* whether it is there.");
    auto attribute = CheckedAttribute::find(rule.attribute, dictionary);
    if (!attribute) return mistake(RulePart::attribute, "There is no attribute \"" + rule.attribute + "\".");

    AttributeCheck check(rule, row->op, *std::move(attribute));
    if (asks_for_presence(row->op)) return check;
    if (check.attribute_.is_hidden())
        return mistake(RulePart::attribute, rule.attribute + " is a secret, and not compared.");
    if (auto wrong = is_pattern(row->op) ? check.read_pattern() : check.read_value())
        return *std::move(wrong);
    return check;
}

AttributeCheck::AttributeCheck(store::AttributeRule rule, CheckOperator op, CheckedAttribute attribute)
    : rule_(std::move(rule)), op_(op), attribute_(std::move(attribute)) {}

std::optional<RuleMistake> AttributeCheck::read_pattern() {
    if (rule_.value.size() > pattern_octets_max)
        return mistake(RulePart::value, "A regular expression has no more than " +
                                            std::to_string(pattern_octets_max) + " octets.");
    RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(pattern_memory_max);
    auto pattern = std::make_shared<const RE2>(rule_.value, options);
    if (!pattern->ok()) {
        const auto position = rule_.value.find(pattern->error_arg());
        const auto where =
            position == std::string::npos ? std::string() : " at character " + std::to_string(position + 1);
        return mistake(RulePart::value,
                       "This is no regular expression" + where + ": " + pattern->error() + ".");
    }
    pattern_ = std::move(pattern);
    return std::nullopt;
}

std::optional<RuleMistake> AttributeCheck::read_value() {
    const bool is_prefix =
        attribute_.comparison() == Comparison::address && rule_.value.find('/') != std::string::npos;
    if (is_prefix && (op_ == CheckOperator::equal || op_ == CheckOperator::not_equal)) {
        prefix_ = store::parse_network(rule_.value);
        if (!prefix_)
            return mistake(RulePart::value, "\"" + rule_.value +
                                                "\" is no prefix of addresses, or has bits "
                                                "set beyond its length.");
        return std::nullopt;
    }
    auto value = attribute_.parse(rule_.value);
    if (const auto* const wrong = std::get_if<AttributeMistake>(&value))
        return mistake(RulePart::value, to_sentence(wrong->sentence));
    expected_ = comparable(std::get<OctetString>(std::move(value)), attribute_.comparison());
    return std::nullopt;
}

bool AttributeCheck::holds(const LoginOrigin& origin) const {
    const auto values = attribute_.values_in(origin);
    if (op_ == CheckOperator::absent) return values.empty();
    if (values.empty()) return false;
    const auto is_met = [&](const OctetString& value) { return is_met_by(value); };
    return must_hold_for_all(op_) ? std::ranges::all_of(values, is_met) : std::ranges::any_of(values, is_met);
}

bool AttributeCheck::is_met_by(const OctetString& value) const {
    if (is_pattern(op_))
        return RE2::PartialMatch(attribute_.show(value), *pattern_) == (op_ == CheckOperator::matches);
    if (op_ == CheckOperator::present) return true;
    if (op_ == CheckOperator::equal || op_ == CheckOperator::not_equal)
        return is_equal(value) == (op_ == CheckOperator::equal);

    const auto comparison = attribute_.comparison();
    if (comparison != Comparison::octets && value.size() != expected_.size() &&
        comparison != Comparison::station)
        return false;
    const auto order = comparable(value, comparison) <=> expected_;
    switch (op_) {
        case CheckOperator::greater:
            return order > 0;
        case CheckOperator::greater_or_equal:
            return order >= 0;
        case CheckOperator::less:
            return order < 0;
        default:
            return order <= 0;
    }
}

bool AttributeCheck::is_equal(const OctetString& value) const {
    if (prefix_) {
        const auto address = to_address(value);
        return address && store::contains(*prefix_, *address);
    }
    if (attribute_.comparison() == Comparison::station) return is_same_station(value, expected_);
    return comparable(value, attribute_.comparison()) == expected_;
}

std::string AttributeCheck::wish() const {
    const auto value = asks_for_presence(op_) ? std::string() : " " + rule_.value;
    return rule_.attribute + " " + rule_.op + value;
}

std::string AttributeCheck::finding(const LoginOrigin& origin) const {
    std::string text;
    for (const auto& value : attribute_.values_in(origin))
        text += (text.empty() ? "" : ", ") + (attribute_.is_hidden() ? "a secret" : attribute_.show(value));
    return text.empty() ? "nothing" : text;
}

ReadChecks read_checks(std::span<const store::AttributeRule> rules, const Dictionary& dictionary) {
    ReadChecks read;
    for (std::size_t i = 0; i < rules.size(); ++i) {
        auto check = AttributeCheck::read(rules[i], dictionary);
        if (auto* const wrong = std::get_if<RuleMistake>(&check)) {
            wrong->rule = i;
            read.mistakes.push_back(std::move(*wrong));
        } else {
            read.checks.push_back(std::get<AttributeCheck>(std::move(check)));
        }
    }
    return read;
}

}  // namespace hourglass::radius
