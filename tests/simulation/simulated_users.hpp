// Whose time it is about: the rich, the poor, beggars, one who is not metered, and one whom nobody knows.
#pragma once

#include "store/keys.hpp"

namespace hourglass::test {

struct SimulatedUser {
    std::string name;
    store::Balance balance;
    bool is_known = true;
    store::UserId id{};
    store::OrganizationId organization = 1;
    std::optional<store::Time> expiration{};

    store::UserTag tag() const {
        return is_known ? store::UserTag::of(id) : store::UserTag::of_unknown(name);
    }
};

inline std::vector<SimulatedUser> make_simulated_users() {
    std::vector<SimulatedUser> users;
    for (int number = 1; number <= 4; ++number) {
        const auto text = std::to_string(number);
        users.push_back({"rich" + text, store::Seconds(10'000'000)});
        users.push_back({"poor" + text, store::Seconds(2000)});
        users.push_back({"beggar" + text, store::Seconds(0)});
    }
    users.push_back({"free", {}});
    users.push_back({"nobody", {}, false});
    return users;
}

inline std::vector<std::string> names_of(const std::vector<SimulatedUser>& users) {
    std::vector<std::string> names;
    for (const auto& user : users)
        names.push_back(user.name);
    return names;
}

}  // namespace hourglass::test
