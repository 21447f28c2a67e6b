// A profile as the login path goes by it: its record with every text read.
#pragma once

#include "store/login_time.hpp"
#include "store/records.hpp"

namespace hourglass::store {

namespace profile_field {
inline constexpr std::string_view check_attributes = "check_attributes";
inline constexpr std::string_view reply_attributes = "reply_attributes";
inline constexpr std::string_view simultaneous_use = "simultaneous_use";
inline constexpr std::string_view concurrency = "concurrency";
inline constexpr std::string_view slice_seconds = "slice_seconds";
inline constexpr std::string_view interim_interval = "interim_interval";
inline constexpr std::string_view login_time = "login_time";
inline constexpr std::string_view final_action = "final_action";  // JSON: "disconnect", or attributes
}  // namespace profile_field

// As in the tables of RADIUS servers: Framed-MTU := 1400.
struct AttributeRule {
    std::string attribute;
    std::string op;
    std::string value;

    bool operator==(const AttributeRule&) const = default;
};

// How several sessions go on one balance: all burn it together, or each Accept holds a slice of it.
enum class Concurrency : std::uint8_t { shared, reserve };

struct Profile {
    RecordId id{};
    std::string name{};
    std::optional<OrganizationId> organization{};  // nullopt: for users of all
    std::vector<AttributeRule> check_attributes{};
    std::vector<AttributeRule> reply_attributes{};
    std::optional<std::int64_t> simultaneous_use{};  // 1 or more
    Concurrency concurrency{};
    std::optional<Seconds> slice{};
    std::optional<Seconds> interim_interval{};
    std::optional<LoginTime> login_time{};
    // What a user without time left is given instead of the end of his session, one rule or more; nullopt: he
    // is disconnected.
    std::optional<std::vector<AttributeRule>> walled_garden{};
};

// What cannot be read is as if it were not there.
Profile to_profile(const Record& record);

// Of a list of attributes as profiles keep it. Nothing for what is no list.
std::vector<AttributeRule> parse_rules(std::string_view json);

// Of a user's `profile`, a JSON array.
std::vector<std::string> parse_profile_names(std::string_view json);

}  // namespace hourglass::store
