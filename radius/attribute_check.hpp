// One condition of a profile on the request of a login: an attribute, an operator and a value, as the tables
// of RADIUS servers have them. Whatever the operator but "!*", the attribute must be there; of several
// one must do, with "!=" and "!~" all.
#pragma once

#include "radius/checked_attribute.hpp"
#include "radius/rule_mistake.hpp"
#include "store/network.hpp"
#include "store/profile.hpp"

namespace re2 {
class RE2;
}

namespace hourglass::radius {

enum class CheckOperator : std::uint8_t {
    equal,
    not_equal,
    greater,
    greater_or_equal,
    less,
    less_or_equal,
    matches,  // the regular expression is found in its text, in a time that grows with the text alone
    matches_not,
    present,
    absent,
};

class AttributeCheck {
public:
    static constexpr std::size_t pattern_octets_max = 253;

    // `dictionary` must outlive it. A mistake does not say which rule it is of.
    static std::variant<AttributeCheck, RuleMistake> read(const store::AttributeRule& rule,
                                                          const Dictionary& dictionary);

    bool holds(const LoginOrigin& origin) const;
    // "NAS-Port-Type == Ethernet".
    std::string wish() const;
    // What is there instead: "Virtual", or "nothing".
    std::string finding(const LoginOrigin& origin) const;

private:
    AttributeCheck(store::AttributeRule rule, CheckOperator op, CheckedAttribute attribute);

    std::optional<RuleMistake> read_pattern();
    std::optional<RuleMistake> read_value();
    bool is_met_by(const OctetString& value) const;
    bool is_equal(const OctetString& value) const;

    store::AttributeRule rule_;
    CheckOperator op_;
    CheckedAttribute attribute_;
    OctetString expected_;
    std::optional<store::Network> prefix_;  // in the place of a value
    std::shared_ptr<const re2::RE2> pattern_;
};

struct ReadChecks {
    std::vector<AttributeCheck> checks;
    RuleMistakes mistakes;
};
ReadChecks read_checks(std::span<const store::AttributeRule> rules, const Dictionary& dictionary);

}  // namespace hourglass::radius
