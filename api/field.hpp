// The words in which a resource's fields are declared: one line a field, from which parsing, validation and
// replies all come. See user_token.cpp for how a table of them reads.
#pragma once

#include "api/json.hpp"

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace hourglass::api {

struct Field;

// What a client's value became: the text the store keeps (store::Fields says in which form), or what is wrong
// with it: a list of messages, or, for a list, an object of such lists by index.
struct FieldValue {
    std::optional<std::string> stored;  // nullopt: null
    json errors;                        // null: none
};

struct Type {
    FieldValue (*parse)(const Field& field, const json& value);
    json (*show)(std::string_view stored);
    json (*describe)(const Field& field) = nullptr;  // as JSON Schema: see field_schemas.hpp
};

// field_types.cpp defines them.
extern const Type text_type;
extern const Type choice_type;
extern const Type integer_type;
extern const Type reference_type;
extern const Type boolean_type;
extern const Type email_type;
extern const Type url_type;
extern const Type datetime_type;
extern const Type date_type;
extern const Type list_type;
extern const Type object_type;

// rule_types.cpp defines them.
extern const Type attribute_type;          // {"attribute", "op", "value"}
extern const Type request_attribute_type;  // {"attribute", "value"}
extern const Type final_action_type;       // "disconnect", or a list of attributes
extern const Type login_time_type;         // as store::LoginTime reads it
extern const Type network_type;            // an address or a prefix
extern const Type requirement_type;        // "auto", true or false

inline constexpr std::size_t string_characters_max = 255;
inline constexpr std::size_t list_items_max = 100;
// The largest whole number that every JSON reader holds exactly: 2^53 - 1.
inline constexpr std::int64_t exact_integer_max = 9'007'199'254'740'991;
// What a password reads as; sent back, it means "unchanged".
inline constexpr std::string_view mask = "****";

// When a field must be sent.
enum class Required : std::uint8_t { never, on_post, on_post_and_put };

struct Field {
    std::string_view name;
    const Type* type;
    const Type* item_type = nullptr;            // of a list
    std::span<const std::string_view> choices;  // of a choice
    std::size_t characters_max = string_characters_max;
    std::size_t octets_max = std::numeric_limits<std::size_t>::max();
    std::int64_t least = std::numeric_limits<std::int64_t>::min();
    std::int64_t most = exact_integer_max;
    Required required = Required::never;
    std::optional<std::string_view> default_text;  // stored by a POST, and by a PUT, that leave it out
    bool is_read_only = false;
    bool is_nullable = false;
    bool is_masked = false;          // shown as "****"
    bool is_kept_by_put = false;     // a PUT that leaves it out changes nothing
    bool is_shown_if_asked = false;  // otherwise not in the reply at all
    bool is_never_empty = false;     // a list with no items is refused
    bool is_fixed = false;           // sent with a POST; later ignored

private:
    // First, since a constant expression needs a body that was read before.
    template <class Member>
    constexpr Field changed(Member Field::* member, Member value) const {
        auto copy = *this;
        copy.*member = value;
        return copy;
    }
    constexpr Field changed(bool Field::* flag) const { return changed(flag, true); }

public:
    constexpr Field(std::string_view field_name, const Type& field_type)
        : name(field_name), type(&field_type) {}

    constexpr Field nullable() const { return changed(&Field::is_nullable); }
    constexpr Field read_only() const { return changed(&Field::is_read_only); }
    constexpr Field masked() const { return changed(&Field::is_masked); }
    constexpr Field kept_by_put() const { return changed(&Field::is_kept_by_put); }
    constexpr Field shown_if_asked() const { return changed(&Field::is_shown_if_asked); }
    constexpr Field fixed() const { return changed(&Field::is_fixed); }
    constexpr Field never_empty() const { return changed(&Field::is_never_empty); }
    constexpr Field required_on_post() const { return changed(&Field::required, Required::on_post); }
    constexpr Field always_required() const { return changed(&Field::required, Required::on_post_and_put); }
    constexpr Field characters(std::size_t at_most) const { return changed(&Field::characters_max, at_most); }
    constexpr Field octets(std::size_t at_most) const { return changed(&Field::octets_max, at_most); }
    constexpr Field at_least(std::int64_t value) const { return changed(&Field::least, value); }
    constexpr Field at_most(std::int64_t value) const { return changed(&Field::most, value); }
    constexpr Field or_else(std::string_view stored) const {
        return changed(&Field::default_text, std::optional(stored));
    }
};

constexpr Field text(std::string_view name) {
    return {name, text_type};
}
constexpr Field choice(std::string_view name, std::span<const std::string_view> choices) {
    Field field(name, choice_type);
    field.choices = choices;
    return field;
}
constexpr Field integer(std::string_view name) {
    return {name, integer_type};
}
// The id of another record.
constexpr Field reference(std::string_view name) {
    return {name, reference_type};
}
constexpr Field boolean(std::string_view name) {
    return {name, boolean_type};
}
constexpr Field email(std::string_view name) {
    return {name, email_type};
}
constexpr Field url(std::string_view name) {
    return {name, url_type};
}
constexpr Field datetime(std::string_view name) {
    return {name, datetime_type};
}
constexpr Field date(std::string_view name) {
    return {name, date_type};
}
// Shown, never sent.
constexpr Field object(std::string_view name) {
    return Field(name, object_type).read_only();
}
// A list of strings, or of what `item` says.
constexpr Field list(std::string_view name, const Type& item = text_type) {
    Field field(name, list_type);
    field.item_type = &item;
    return field;
}
constexpr Field list_of_choices(std::string_view name, std::span<const std::string_view> choices) {
    auto field = list(name, choice_type);
    field.choices = choices;
    return field;
}

}  // namespace hourglass::api
