// A profile as logins go by it: what the store keeps of it, with its attributes read once.
#pragma once

#include "radius/attribute_check.hpp"
#include "radius/login_origin.hpp"
#include "radius/reply_attributes.hpp"

#include <boost/container/small_vector.hpp>

namespace hourglass::radius {

struct Profile {
    store::Profile settings;             // an Acct-Interim-Interval in its reply is its interim_interval
    std::vector<AttributeCheck> checks;  // all must hold, else it does not apply to a login
    bool has_unreadable_check{};         // it applies to none
    ReplyAttributes reply;
    std::optional<ReplyAttributes> walled_garden;  // what settings.walled_garden says, read
    // Of a profile that was stored before the dictionary lost a name, or before names were looked at.
    std::vector<std::string> mistakes;  // sentences
};

// `dictionary` must outlive it.
Profile read_profile(store::Profile settings, const Dictionary& dictionary);

// Of one user, in order of precedence; of the usual number without an allocation.
using Profiles = boost::container::small_vector<const Profile*, 4>;

bool has_conditions(const Profile* profile);

// Those of `named` whose conditions a login from there fulfils, in their order.
Profiles applying(const Profiles& named, const LoginOrigin& origin);

// A sentence on whether it applies there, and why not.
std::string show_application(const Profile& profile, const LoginOrigin& origin);

// What the first of the profiles says that says something; nullptr if none does.
template <class Value>
const Value* first_of(const Profiles& profiles, std::optional<Value> store::Profile::* member) {
    for (const auto* profile : profiles) {
        if (const auto& value = profile->settings.*member) return &*value;
    }
    return nullptr;
}

}  // namespace hourglass::radius
