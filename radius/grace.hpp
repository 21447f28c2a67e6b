// Whom a worker lets in while the store is away: users it has accepted before, as far as their last known
// balance goes, and for no more than a budget each until their usage is recorded again.
#pragma once

#include "radius/policy.hpp"
#include "store/secret_box.hpp"
#include "store/users.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace hourglass::radius {

class Grace {
public:
    // Users not met during a whole generation are forgotten; two generations are kept.
    static constexpr std::size_t generation_users_max = 32'768;

    explicit Grace(std::size_t generation_users = generation_users_max);

    // A login was accepted by the store's word: what he was granted without it is history.
    void remember(const store::LoginUser& user);
    // His usage was recorded.
    void note_balance(store::UserId user, store::Seconds balance);

    // As he was last known, his balance less what he was granted since.
    std::optional<store::LoginUser> find(const store::SoughtUser& sought) const;
    // What of the budget is left to him.
    store::Seconds left(std::string_view username, store::Seconds budget) const;
    void spend(std::string_view username, store::Seconds granted);

    std::size_t size() const { return young_.by_name.size() + old_.by_name.size(); }

private:
    struct Entry {
        store::LoginUser user;  // without the password
        std::string sealed_password;
        store::Seconds granted{};
    };
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };
    struct Generation {
        std::unordered_map<std::string, Entry, Hash, std::equal_to<>> by_name;
        std::unordered_map<store::UserId, Entry*> by_id;  // under the name that he was last accepted by
    };

    const Entry* find_entry(std::string_view username) const;
    Entry* find_entry(std::string_view username);
    Entry* find_entry(store::UserId user);

    std::size_t generation_users_;
    store::SecretBox secrets_;  // of a key that lives as long as the process
    Generation young_;
    Generation old_;
};

}  // namespace hourglass::radius
