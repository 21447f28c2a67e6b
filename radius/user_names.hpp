// What a User-Name means: realms and the Network Access Identifier (RFC 7542), DOMAIN\user, MAC addresses,
// upper and lower case. Pure; the same for logins, for accounting and for names that are given to users.
#pragma once

#include "radius/mac_address.hpp"
#include "store/sought_user.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hourglass::radius {

struct Realm {
    std::string name;                                    // in lower case; empty: of names that have none
    std::vector<store::OrganizationId> organizations{};  // the one it stands for, and those below it
    bool is_stripped{};                                  // users are kept without it
};

// Of a realm that no row names.
enum class UnknownRealm : std::uint8_t { part_of_name, rejected };

struct NameRules {
    std::vector<Realm> realms{};
    UnknownRealm unknown_realm = UnknownRealm::part_of_name;
    bool ignores_case = false;       // users are kept in lower case
    bool has_mac_addresses = false;  // a name that is a MAC address is one in any spelling
    bool has_domains = false;        // DOMAIN\user: a realm before the name

    // A name means who bears it.
    bool are_none() const {
        return realms.empty() && unknown_realm == UnknownRealm::part_of_name && !ignores_case &&
               !has_mac_addresses && !has_domains;
    }
};

struct UserIdentity {
    store::SoughtUser sought;
    std::optional<MacAddress> mac_address{};
    std::optional<std::string> realm{};  // that a row names, in lower case
};

// nullopt: its realm is unknown, and that is refused.
std::optional<UserIdentity> identify(std::string_view user_name, const NameRules& rules);

// Whose usage is reported under that name: nobody's where identify() refuses.
store::SoughtUser sought_user(std::string_view user_name, const NameRules& rules);

// How the rules would have a user's name written.
std::string preferred_spelling(std::string_view name, const NameRules& rules);

// What is wrong with a name for a new user of that organization: it is not in the preferred spelling, or
// nobody could log in by it. nullopt: nothing.
std::optional<std::string> why_unusable(std::string_view name, store::OrganizationId organization,
                                        const NameRules& rules);

// What identify() made of a User-Name, as a sentence.
std::string describe(const UserIdentity& identity);

// Whether RFC 7542 section 2.2 allows it as a realm; one label will do.
bool is_realm(std::string_view text);

// Of the text's ASCII letters, and of Unicode's where it is UTF-8.
std::string to_lower(std::string_view text);

}  // namespace hourglass::radius
