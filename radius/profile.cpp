#include "radius/profile.hpp"

#include <algorithm>
#include <iterator>

namespace hourglass::radius {
namespace {

void tell(std::vector<std::string>& mistakes, std::string_view field,
          std::span<const store::AttributeRule> rules, const RuleMistakes& found) {
    for (const auto& mistake : found) {
        const auto name = mistake.rule ? rules[*mistake.rule].attribute + ": " : std::string();
        mistakes.push_back(std::string(field) + ": " + name + mistake.sentence);
    }
}

bool applies(const Profile& profile, const LoginOrigin& origin) {
    return !profile.has_unreadable_check &&
           std::ranges::all_of(profile.checks,
                               [&](const AttributeCheck& check) { return check.holds(origin); });
}

}  // namespace

Profile read_profile(store::Profile settings, const Dictionary& dictionary) {
    Profile profile;
    profile.settings = std::move(settings);
    auto& from = profile.settings;

    auto conditions = read_checks(from.check_attributes, dictionary);
    tell(profile.mistakes, store::profile_field::check_attributes, from.check_attributes,
         conditions.mistakes);
    profile.checks = std::move(conditions.checks);
    profile.has_unreadable_check = !conditions.mistakes.empty();

    auto read = read_reply(from.reply_attributes, dictionary);
    tell(profile.mistakes, store::profile_field::reply_attributes, from.reply_attributes, read.mistakes);
    profile.reply = std::move(read.reply);
    if (!from.interim_interval) from.interim_interval = profile.reply.interim_interval;

    if (from.walled_garden) {
        auto garden = read_reply(*from.walled_garden, dictionary);
        tell(profile.mistakes, store::profile_field::final_action, *from.walled_garden, garden.mistakes);
        profile.walled_garden = std::move(garden.reply);
    }
    return profile;
}

bool has_conditions(const Profile* profile) {
    return !profile->checks.empty() || profile->has_unreadable_check;
}

Profiles applying(const Profiles& named, const LoginOrigin& origin) {
    Profiles profiles;
    profiles.reserve(named.size());
    std::ranges::copy_if(named, std::back_inserter(profiles),
                         [&](const Profile* profile) { return applies(*profile, origin); });
    return profiles;
}

std::string show_application(const Profile& profile, const LoginOrigin& origin) {
    const auto& name = profile.settings.name;
    if (profile.has_unreadable_check)
        return name + " does not apply: it has a condition that cannot be read.";
    std::string text;
    for (const auto& check : profile.checks) {
        if (check.holds(origin)) continue;
        text += (text.empty() ? " does not apply: it wants " : "; it wants ") + check.wish() +
                ", and finds " + check.finding(origin);
    }
    return name + (text.empty() ? " applies" : text) + ".";
}

}  // namespace hourglass::radius
