// The SAX events of nlohmann's parser, made into a value, with a limit on nesting.
#include "api/json.hpp"

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <utility>
#include <vector>

namespace hourglass::api {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";  // RFC 8259 section 8.1: not to be sent

class Builder : public nlohmann::json_sax<json> {
public:
    explicit Builder(std::string_view text) : text_(text) {}

    bool null() override { return add(nullptr); }
    bool boolean(bool value) override { return add(value); }
    bool number_integer(number_integer_t value) override { return add(value); }
    bool number_unsigned(number_unsigned_t value) override { return add(value); }
    bool number_float(number_float_t value, const string_t& digits) override {
        if (digits.find_first_of(".eE") != std::string::npos) return add(value);
        return add(json::binary({digits.begin(), digits.end()}));
    }
    bool string(string_t& value) override { return add(std::move(value)); }
    bool binary(binary_t&) override { return false; }  // not of JSON
    bool start_object(std::size_t) override { return open(json::object()); }
    bool key(string_t& name) override {
        member_ = &(*open_.back())[name];
        return true;
    }
    bool end_object() override { return close(); }
    bool start_array(std::size_t) override { return open(json::array()); }
    bool end_array() override { return close(); }

    bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) override {
        const auto read = text_.substr(0, position == 0 ? 0 : std::min(position - 1, text_.size()));
        const auto line = std::count(read.begin(), read.end(), '\n') + 1;
        const auto column = read.size() - (read.rfind('\n') == read.npos ? 0 : read.rfind('\n') + 1) + 1;
        error_.detail = "JSON parse error - Invalid syntax: line " + std::to_string(line) + " column " +
                        std::to_string(column) + " (char " + std::to_string(read.size()) + ")";
        return false;
    }

    json take_value() { return std::move(root_); }
    JsonError take_error() { return std::move(error_); }

private:
    json* place(json value) {
        if (open_.empty()) {
            root_ = std::move(value);
            return &root_;
        }
        if (open_.back()->is_array()) {
            open_.back()->push_back(std::move(value));
            return &open_.back()->back();
        }
        *member_ = std::move(value);
        return member_;
    }

    bool add(json value) {
        place(std::move(value));
        return true;
    }

    bool open(json container) {
        if (open_.size() == json_nesting_levels_max) {
            error_.detail = "JSON parse error - Nested deeper than " +
                            std::to_string(json_nesting_levels_max) + " levels";
            return false;
        }
        open_.push_back(place(std::move(container)));
        return true;
    }

    bool close() {
        open_.pop_back();
        return true;
    }

    std::string_view text_;
    json root_;
    // Containers still open, outermost first. Only the innermost grows, so the pointers stay good.
    std::vector<json*> open_;
    json* member_ = nullptr;
    JsonError error_;
};

// The code unit of a \uXXXX escape that starts at `at`.
std::optional<unsigned> code_unit_at(std::string_view text, std::size_t at) {
    if (text.size() < at + 6 || text[at] != '\\' || text[at + 1] != 'u') return std::nullopt;
    unsigned unit = 0;
    for (const char digit : text.substr(at + 2, 4)) {
        if (std::isxdigit(static_cast<unsigned char>(digit)) == 0) return std::nullopt;
        const auto value = digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
        unit = unit * 16 + static_cast<unsigned>(value);
    }
    return unit;
}

bool is_high_surrogate(unsigned unit) {
    return unit >= 0xD800 && unit <= 0xDBFF;
}
bool is_low_surrogate(unsigned unit) {
    return unit >= 0xDC00 && unit <= 0xDFFF;
}

// A backslash occurs in strings only, so escapes are found without knowing where strings begin.
std::string mark_lone_surrogates(std::string_view text) {
    std::string marked;
    marked.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        if (text[at] != '\\') {
            marked += text[at++];
            continue;
        }
        const auto unit = code_unit_at(text, at);
        const auto next = code_unit_at(text, at + 6);
        if (unit && is_high_surrogate(*unit) && next && is_low_surrogate(*next)) {
            marked += text.substr(at, 12);
            at += 12;
        } else if (unit && (is_high_surrogate(*unit) || is_low_surrogate(*unit))) {
            marked += "\\u0000";
            marked += text.substr(at + 2, 4);
            at += 6;
        } else {
            marked += text.substr(at, 2);
            at += 2;
        }
    }
    return marked;
}

}  // namespace

boost::system::result<Document, JsonError> parse_json(std::string_view text) {
    if (text.starts_with(byte_order_mark)) {
        return JsonError{"JSON parse error - Unexpected UTF-8 BOM: line 1 column 1 (char 0)"};
    }
    const auto marked = mark_lone_surrogates(text);
    Builder builder(marked);
    if (!json::sax_parse(marked, &builder)) return builder.take_error();
    return Document{builder.take_value()};
}

std::optional<std::string> digits_of(const json& value) {
    if (!value.is_binary()) return std::nullopt;
    return std::string(value.get_binary().begin(), value.get_binary().end());
}

std::string to_text(const json& value) {
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string_view python_type(const json& value) {
    switch (value.type()) {
        case json::value_t::null:
            return "NoneType";
        case json::value_t::boolean:
            return "bool";
        case json::value_t::string:
            return "str";
        case json::value_t::object:
            return "dict";
        case json::value_t::array:
            return "list";
        case json::value_t::number_float:
            return "float";
        default:
            return "int";
    }
}

}  // namespace hourglass::api
