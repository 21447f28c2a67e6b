// Values that records of users and their extras are made of. The store keeps them as named texts; which
// fields there are, and what they mean to a client, is declared once, in the API's resource tables. The few
// fields that the store itself reads are named here.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hourglass::store {

using UserId = std::int64_t;
using ExtraId = std::int64_t;
using OrganizationId = std::int64_t;
using SessionId = std::int64_t;
using Seconds = std::chrono::seconds;
using Time = std::chrono::sys_seconds;

// Of sessions under a name that no user has.
inline constexpr OrganizationId unknown_organization = 0;

// Field name to its text. A field that is absent is null. Booleans are "1" and "0", integers decimal, times
// seconds since 1970 in decimal (with a fraction of six digits if they have one), lists and objects JSON.
using Fields = std::map<std::string, std::string, std::less<>>;

// What a write changes: nullopt takes the field away (makes it null); fields not named stay as they are.
using FieldChanges = std::map<std::string, std::optional<std::string>, std::less<>>;

// The fields of a user that the store and the login path read.
namespace user_field {
inline constexpr std::string_view username = "username";
inline constexpr std::string_view external_id = "external_id";
inline constexpr std::string_view klass = "klass";
inline constexpr std::string_view password =
    "password";  // plain in what callers pass, sealed in Redis, never read back
inline constexpr std::string_view is_active = "is_active";
inline constexpr std::string_view organization = "organization";
inline constexpr std::string_view date_joined = "date_joined";
inline constexpr std::string_view first_login = "first_login";
inline constexpr std::string_view last_login = "last_login";
inline constexpr std::string_view expiration = "expiration";
inline constexpr std::string_view profile = "profile";  // JSON array of names
}  // namespace user_field

// A balance: whole seconds left, 0 or more; nullopt: not metered.
using Balance = std::optional<Seconds>;

struct Extra {
    ExtraId id{};
    UserId parent{};
    Fields fields;
    std::uint64_t version{};
};

// The version that a write is meant for: it happens to no other (Error::version_changed). nullopt: to any.
using ExpectedVersion = std::optional<std::uint64_t>;

struct PageRequest {
    std::uint64_t offset{};
    std::uint64_t limit{};  // 1 or more
    bool descending{};
    // The page begins behind this id, in the list's direction, whatever `offset` says: so pages neither
    // repeat nor miss a record that stays, whatever is written meanwhile.
    std::optional<std::int64_t> after{};
};

// One page of a list by ascending id (or descending, where asked for).
template <class Item>
struct Page {
    std::uint64_t count{};  // of all that match, not of this page
    std::vector<Item> items{};
    std::optional<std::int64_t>
        next_after{};  // of a page that was asked for by `after`: where the next begins
};

}  // namespace hourglass::store
