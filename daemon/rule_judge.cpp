#include "daemon/rule_judge.hpp"

#include "radius/attribute_check.hpp"
#include "radius/reply_attributes.hpp"

namespace hourglass::daemon {

namespace {

std::string_view field_of(radius::RulePart part) {
    switch (part) {
        case radius::RulePart::attribute:
            return "attribute";
        case radius::RulePart::op:
            return "op";
        case radius::RulePart::value:
            break;
    }
    return "value";
}

std::vector<api::RuleMistake> judge(api::RuleList list, const std::vector<store::AttributeRule>& rules,
                                    const radius::Dictionary& dictionary) {
    const auto found = list == api::RuleList::reply ? radius::read_reply(rules, dictionary).mistakes
                                                    : radius::read_checks(rules, dictionary).mistakes;
    std::vector<api::RuleMistake> mistakes;
    mistakes.reserve(found.size());
    for (const auto& mistake : found)
        mistakes.push_back({mistake.rule, field_of(mistake.part), mistake.sentence});
    return mistakes;
}

}  // namespace

api::JudgeRules make_judge_rules(std::shared_ptr<const radius::Snapshot> snapshot) {
    return
        [snapshot = std::move(snapshot)](api::RuleList list, const std::vector<store::AttributeRule>& rules) {
            return judge(list, rules, snapshot->directory.dictionary());
        };
}

}  // namespace hourglass::daemon
