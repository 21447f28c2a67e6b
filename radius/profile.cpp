#include "radius/profile.hpp"

namespace hourglass::radius {
namespace {

void tell(std::vector<std::string>& mistakes, std::string_view field,
          std::span<const store::AttributeRule> rules, const RuleMistakes& found) {
    for (const auto& mistake : found) {
        const auto name = mistake.rule ? rules[*mistake.rule].attribute + ": " : std::string();
        mistakes.push_back(std::string(field) + ": " + name + mistake.sentence);
    }
}

}  // namespace

Profile read_profile(store::Profile settings) {
    Profile profile{.settings = std::move(settings), .reply = {}, .walled_garden = {}, .mistakes = {}};
    auto& from = profile.settings;

    auto read = read_reply(from.reply_attributes);
    tell(profile.mistakes, store::profile_field::reply_attributes, from.reply_attributes, read.mistakes);
    profile.reply = std::move(read.reply);
    if (!from.interim_interval) from.interim_interval = profile.reply.interim_interval;

    if (from.walled_garden) {
        auto garden = read_reply(*from.walled_garden);
        tell(profile.mistakes, store::profile_field::final_action, *from.walled_garden, garden.mistakes);
        profile.walled_garden = std::move(garden.reply);
    }
    return profile;
}

bool has_conditions(const Profile*) {
    return false;
}

std::vector<const Profile*> applying(const std::vector<const Profile*>& named, const LoginOrigin&) {
    return named;
}

std::string show_application(const Profile& profile, const LoginOrigin&) {
    return profile.settings.name + " applies.";
}

}  // namespace hourglass::radius
