// How each type of field reads a client's value and shows a stored one. The messages are DRF's.
#include "api/datetime.hpp"
#include "api/field.hpp"
#include "api/field_schemas.hpp"
#include "api/text.hpp"
#include "api/web_syntax.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace hourglass::api {
namespace {

constexpr std::size_t number_characters_max = 1000;  // of a number sent as a string

FieldValue accept(std::string stored) {
    return {.stored = std::move(stored), .errors = nullptr};
}
FieldValue refuse(std::string message) {
    return {.stored = "", .errors = json::array({std::move(message)})};
}

// Text: strings, and numbers as Python writes them.

std::optional<std::string> as_string(const json& value) {
    if (value.is_string()) return value.get<std::string>();
    if (value.is_number_integer()) return value.dump();
    if (value.is_number_float()) return show_float(value.get<double>());
    return digits_of(value);
}

std::string surrogate_message(std::string_view after_marker) {
    std::string code_point(after_marker.substr(0, 4));
    std::ranges::transform(code_point, code_point.begin(),
                           [](char c) { return c >= 'a' && c <= 'f' ? static_cast<char>(c - 0x20) : c; });
    return "Surrogate characters are not allowed: U+" + code_point + ".";
}

// parse_json() marks a lone surrogate by U+0000 and its four digits.
std::optional<std::string> forbidden_character_message(std::string_view value) {
    const auto at = value.find('\0');
    if (at == value.npos) return std::nullopt;
    const auto rest = value.substr(at + 1);
    const bool is_surrogate = rest.size() >= 4 && (rest[0] == 'd' || rest[0] == 'D') && rest[1] > '7' &&
                              rest.substr(0, 4).find_first_not_of("0123456789abcdefABCDEF") == rest.npos;
    return is_surrogate ? surrogate_message(rest) : "Null characters are not allowed.";
}

json text_errors(const Field& field, std::string_view value) {
    json errors;
    if (count_characters(value) > field.characters_max) {
        errors.push_back("Ensure this field has no more than " + std::to_string(field.characters_max) +
                         " characters.");
    } else if (value.size() > field.octets_max) {
        errors.push_back("Ensure this field has no more than " + std::to_string(field.octets_max) +
                         " octets.");
    }
    if (auto message = forbidden_character_message(value)) errors.push_back(std::move(*message));
    return errors;
}

FieldValue parse_text(const Field& field, const json& value) {
    const auto sent = as_string(value);
    if (!sent) return refuse("Not a valid string.");
    const auto trimmed = trim(*sent);
    if (trimmed.empty() && !field.is_nullable) return refuse("This field may not be blank.");
    return {.stored = std::string(trimmed), .errors = text_errors(field, trimmed)};
}

FieldValue parse_text_with(const Field& field, const json& value, bool (*is_valid)(std::string_view),
                           std::string_view message) {
    auto parsed = parse_text(field, value);
    const bool was_text = as_string(value).has_value();
    if (was_text && parsed.stored != "" && !is_valid(*parsed.stored)) parsed.errors.push_back(message);
    return parsed;
}

FieldValue parse_email(const Field& field, const json& value) {
    return parse_text_with(field, value, &is_email, "Enter a valid email address.");
}

FieldValue parse_url(const Field& field, const json& value) {
    return parse_text_with(field, value, &is_url, "Enter a valid URL.");
}

FieldValue parse_choice(const Field& field, const json& value) {
    const auto sent = as_string(value);
    if (sent && std::ranges::find(field.choices, *sent) != field.choices.end()) return accept(*sent);
    return refuse("\"" + (sent ? *sent : to_text(value)) + "\" is not a valid choice.");
}

json show_text(std::string_view stored) {
    return stored;
}

// Whole numbers: "5" and 5.0 too, but neither 5.5 nor true.

std::optional<WholeNumber> as_whole_number(const json& value) {
    if (value.is_boolean()) return std::nullopt;
    const auto sent = as_string(value);
    return sent ? parse_whole_number(*sent) : std::nullopt;
}

FieldValue parse_integer(const Field& field, const json& value) {
    if (value.is_string() && value.get_ref<const std::string&>().size() > number_characters_max) {
        return refuse("String value too large.");
    }
    const auto number = as_whole_number(value);
    if (!number) return refuse("A valid integer is required.");
    const bool is_inexact = !number->is_exact;
    if (number->value < field.least || (is_inexact && number->value < 0)) {
        return refuse("Ensure this value is greater than or equal to " + std::to_string(field.least) + ".");
    }
    if (number->value > field.most || is_inexact) {
        return refuse("Ensure this value is less than or equal to " + std::to_string(field.most) + ".");
    }
    return accept(std::to_string(number->value));
}

FieldValue parse_reference(const Field&, const json& value) {
    if (value == json("")) return refuse("This field may not be null.");
    const auto number = as_whole_number(value);
    if (!number) {
        return refuse("Incorrect type. Expected pk value, received " + std::string(python_type(value)) + ".");
    }
    if (!number->is_exact) {
        return refuse("Invalid pk \"" + as_string(value).value_or("") + "\" - object does not exist.");
    }
    return accept(std::to_string(number->value));
}

json show_integer(std::string_view stored) {
    const auto number = parse_whole_number(stored);
    return number ? json(number->value) : json(nullptr);
}

// Booleans: true, 1, and words.

constexpr auto true_words = std::to_array<std::string_view>(
    {"t", "T", "y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON", "1"});
constexpr auto false_words = std::to_array<std::string_view>(
    {"f", "F", "n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF", "0"});

bool is_one_of(std::span<const std::string_view> words, const json& value) {
    return value.is_string() && std::ranges::find(words, value.get_ref<const std::string&>()) != words.end();
}

constexpr auto null_words = std::to_array<std::string_view>({"", "null", "Null", "NULL"});

FieldValue parse_boolean(const Field& field, const json& value) {
    if (value == true || value == 1 || is_one_of(true_words, value)) return accept("1");
    if (value == false || value == 0 || is_one_of(false_words, value)) return accept("0");
    if (field.is_nullable && is_one_of(null_words, value)) return {.stored = std::nullopt, .errors = nullptr};
    return refuse("Must be a valid boolean.");
}

json show_boolean(std::string_view stored) {
    return stored == "1";
}

// Times and dates are strings, and not trimmed.

FieldValue parse_datetime_field(const Field&, const json& value) {
    const auto moment = value.is_string() ? parse_datetime(value.get_ref<const std::string&>())
                                          : boost::system::result<Moment, TimeError>(TimeError::wrong_format);
    if (moment) return accept(store_datetime(*moment));
    if (moment.error() == TimeError::out_of_range) return refuse("Datetime value out of range.");
    return refuse(
        "Datetime has wrong format. Use one of these formats instead: "
        "YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z].");
}

json show_datetime_field(std::string_view stored) {
    const auto moment = read_stored_datetime(stored);
    return moment ? json(show_datetime(*moment)) : json(nullptr);
}

FieldValue parse_date_field(const Field&, const json& value) {
    const auto day = value.is_string() ? parse_date(value.get_ref<const std::string&>()) : std::nullopt;
    if (day) return accept(*day);
    return refuse("Date has wrong format. Use one of these formats instead: YYYY-MM-DD.");
}

// Lists and objects are kept as JSON.

FieldValue parse_list(const Field& field, const json& value) {
    if (!value.is_array()) {
        return refuse("Expected a list of items but got type \"" + std::string(python_type(value)) + "\".");
    }
    if (value.empty() && field.is_never_empty) return refuse("This list may not be empty.");
    if (value.size() > list_items_max) {
        return refuse("Ensure this field has no more than " + std::to_string(list_items_max) + " elements.");
    }
    auto items = json::array();
    json errors;
    for (std::size_t index = 0; index < value.size(); ++index) {
        const auto item = value[index].is_null() ? refuse("This field may not be null.")
                                                 : field.item_type->parse(field, value[index]);
        if (!item.errors.is_null()) errors[std::to_string(index)] = item.errors;
        items.push_back(field.item_type->show(item.stored.value_or("")));
    }
    return {.stored = to_text(items), .errors = std::move(errors)};
}

FieldValue parse_object(const Field&, const json&) {
    return refuse("This field is read-only.");
}

json show_json(std::string_view stored) {
    auto parsed = parse_json(stored);
    return parsed ? std::move(parsed->value) : json(nullptr);
}

}  // namespace

const Type text_type{&parse_text, &show_text, &describe_text};
const Type choice_type{&parse_choice, &show_text, &describe_choice};
const Type integer_type{&parse_integer, &show_integer, &describe_integer};
const Type reference_type{&parse_reference, &show_integer, &describe_reference};
const Type boolean_type{&parse_boolean, &show_boolean, &describe_boolean};
const Type email_type{&parse_email, &show_text, &describe_email};
const Type url_type{&parse_url, &show_text, &describe_url};
const Type datetime_type{&parse_datetime_field, &show_datetime_field, &describe_datetime};
const Type date_type{&parse_date_field, &show_text, &describe_date};
const Type list_type{&parse_list, &show_json, &describe_list};
const Type object_type{&parse_object, &show_json, &describe_object};

}  // namespace hourglass::api
