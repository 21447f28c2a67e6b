#include "cli/finding_text.hpp"

#include "cli/table.hpp"

namespace hourglass::cli {

namespace {

constexpr std::size_t level_columns = 6;
constexpr std::size_t subject_columns = 13;

Colour colour_of(Level level) {
    if (level == Level::ok) return Colour::green;
    return level == Level::warning ? Colour::yellow : Colour::red;
}

std::string padded(std::string text, std::size_t columns) {
    text.append(columns - std::min(columns, text.size()), ' ');
    return text;
}

}  // namespace

std::vector<ScreenLine> lines_of(const Finding& finding) {
    std::vector<ScreenLine> lines{
        {padded(std::string(word_of(finding.level)), level_columns) +
             padded(finding.subject, subject_columns) + printable(finding.sentence),
         colour_of(finding.level)}
    };
    if (!finding.next_step.empty())
        lines.push_back({std::string(level_columns + subject_columns, ' ') + printable(finding.next_step)});
    return lines;
}

Json to_json(const std::vector<Finding>& findings) {
    auto list = Json::array();
    for (const auto& finding : findings) {
        list.push_back({
            {"level",     word_of(finding.level)                                             },
            {"subject",   finding.subject                                                    },
            {"sentence",  finding.sentence                                                   },
            {"next_step", finding.next_step.empty() ? Json(nullptr) : Json(finding.next_step)},
        });
    }
    return list;
}

}  // namespace hourglass::cli
