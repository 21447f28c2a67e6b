#include "daemon/setting_rules.hpp"

#include "daemon/addresses.hpp"
#include "daemon/credentials.hpp"
#include "daemon/logging.hpp"
#include "radius/packet.hpp"
#include "radius/reject_reason.hpp"
#include "radius/user_names.hpp"
#include "store/redis_address.hpp"
#include "store/registry.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <stdexcept>

namespace hourglass::daemon {

namespace {

constexpr std::size_t client_name_octets_max = 128;
constexpr std::size_t shared_secret_octets_max = 1024;
constexpr std::size_t thresholds_max = 16;
constexpr std::int64_t threshold_max = 31'536'000;  // a year, in seconds

template <class... Handlers>
struct Overloaded : Handlers... {
    using Handlers::operator()...;
};

// A TOML basic string has the same escapes as a JSON string.
std::string quoted(const std::string& text) {
    return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string to_text(const std::string& text) {
    return quoted(text);
}
std::string to_text(std::int64_t integer) {
    return std::to_string(integer);
}

template <class Item>
std::string list_of(const std::vector<Item>& items) {
    std::string list = "[";
    for (const auto& item : items)
        list += (list.size() > 1 ? ", " : "") + to_text(item);
    return list + "]";
}

std::string table_of(const std::map<std::string, std::string>& texts) {
    std::string table = "{";
    for (const auto& [key, text] : texts)
        table += (table.size() > 1 ? ", " : "") + key + " = " + quoted(text);
    return table + "}";
}

std::string name_of(radius::Requirement requirement) {
    switch (requirement) {
        case radius::Requirement::no:
            return "false";
        case radius::Requirement::yes:
            return "true";
        case radius::Requirement::auto_:
            return R"("auto")";
    }
    return {};
}

template <class Type>
bool holds(const SettingValue& value) {
    return std::holds_alternative<Type>(value);
}

template <bool (*condition)(const std::string&)>
bool text_that(const SettingValue& value) {
    const auto* const text = std::get_if<std::string>(&value);
    return text != nullptr && condition(*text);
}

template <bool (*condition)(const std::string&)>
bool texts_that(const SettingValue& value) {
    const auto* const texts = std::get_if<std::vector<std::string>>(&value);
    return texts != nullptr && std::ranges::all_of(*texts, condition);
}

template <bool (*condition)(const AddressAndPort&)>
bool is_address_and_port(const std::string& text) {
    const auto parsed = parse_address_and_port(text);
    return parsed && condition(*parsed);
}

bool is_address(const std::string& text) {
    return parse_address(text).has_value();
}

bool is_printable(const std::string& text) {
    return std::ranges::none_of(text,
                                [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; });
}

bool is_absolute_path(const std::string& text) {
    return text.starts_with('/') && is_printable(text);
}

bool is_optional_path(const std::string& text) {
    return text.empty() || is_absolute_path(text);
}

bool is_optional_file(const std::string& text) {
    return is_optional_path(text) || (is_credential(text) && is_printable(text));
}

bool is_log_level(const std::string& text) {
    return parse_log_level(text).has_value();
}

bool is_log_format(const std::string& text) {
    return parse_log_format(text).has_value();
}

bool is_grace(const std::string& text) {
    return text == "none" || text == "known_users";
}

bool is_name_case(const std::string& text) {
    return text == "exact" || text == "lower";
}

bool is_unknown_realm(const std::string& text) {
    return text == "name" || text == "reject";
}

bool is_realm_or_empty(const std::string& text) {
    return text.empty() || radius::is_realm(text);
}

bool is_reply_message(const std::string& text) {
    return text == "off" || text == "safe" || text == "full";
}

// An unknown user is told what a wrong password is told, so there is nothing to write for him.
constexpr std::string_view unwritten_reason = "unknown_user";

// "no_user_name, wrong_password, …"
std::string written_reasons() {
    std::string names;
    for (const std::string_view name : {
#define REJECT(reason, text) #reason,
#include "radius/rejects.def"
#undef REJECT
         }) {
        if (name != unwritten_reason) names.append(names.empty() ? "" : ", ").append(name);
    }
    return names;
}

bool are_reply_messages(const SettingValue& value) {
    const auto* const table = std::get_if<std::map<std::string, std::string>>(&value);
    return table != nullptr && std::ranges::all_of(*table, [](const auto& entry) {
               const auto& [reason, text] = entry;
               return reason != unwritten_reason && radius::find_reject_reason(reason) && !text.empty() &&
                      text.size() <= radius::attribute_value_octets_max && is_printable(text);
           });
}

bool is_client_name(const std::string& text) {
    return !text.empty() && text.size() <= client_name_octets_max && is_printable(text);
}

bool is_network(const std::string& text) {
    return parse_network(text).has_value();
}

bool is_shared_secret(const std::string& text) {
    return !text.empty() && text.size() <= shared_secret_octets_max;
}

bool is_coa_request(const std::string& text) {
    return text == store::disconnect_request || text == store::coa_request;
}

bool are_thresholds(const SettingValue& value) {
    const auto* const list = std::get_if<std::vector<std::int64_t>>(&value);
    return list != nullptr && list->size() <= thresholds_max &&
           std::ranges::all_of(*list, [](std::int64_t item) { return 1 <= item && item <= threshold_max; });
}

bool has_port(const AddressAndPort& parsed) {
    return parsed.port != 0;
}

// Any port: 0 leaves it to the kernel.
bool are_source_addresses(const SettingValue& value) {
    const auto* const texts = std::get_if<std::vector<std::string>>(&value);
    if (texts == nullptr) return false;
    std::size_t ipv4 = 0;
    for (const auto& text : *texts) {
        const auto parsed = parse_address_and_port(text);
        if (!parsed) return false;
        ipv4 += parsed->address.is_v4() ? 1 : 0;
    }
    return ipv4 <= 1 && texts->size() - ipv4 <= 1;
}

bool is_redis_address(const std::string& text) {
    if (text == "embedded") return true;
    try {
        store::RedisAddress::parse(text);
        return true;
    } catch (const std::invalid_argument&) {
        return false;
    }
}

std::string show_redis_address(const SettingValue& value) {
    const auto& text = std::get<std::string>(value);
    return quoted(text == "embedded" ? text : store::RedisAddress::parse(text).describe());
}

std::string show_stars(const SettingValue&) {
    return R"("****")";
}

}  // namespace

std::string to_toml(const SettingValue& value) {
    return std::visit(Overloaded{
                          [](bool boolean) -> std::string { return boolean ? "true" : "false"; },
                          [](std::int64_t integer) { return std::to_string(integer); },
                          [](const std::string& text) { return quoted(text); },
                          [](const std::vector<std::string>& texts) { return list_of(texts); },
                          [](const std::vector<std::int64_t>& integers) { return list_of(integers); },
                          [](radius::Requirement requirement) { return name_of(requirement); },
                          [](const std::map<std::string, std::string>& texts) { return table_of(texts); },
                      },
                      value);
}

namespace rules {

using namespace std::string_literals;

bool is_integer_between(const SettingValue& value, std::int64_t min, std::int64_t max) {
    const auto* const integer = std::get_if<std::int64_t>(&value);
    return integer != nullptr && min <= *integer && *integer <= max;
}

std::string an_integer_between(std::int64_t min, std::int64_t max) {
    return "an integer from " + std::to_string(min) + " to " + std::to_string(max);
}

constinit const Rule absolute_path{[] { return "an absolute path"s; }, text_that<is_absolute_path>};

constinit const Rule log_level{[] { return "error, warning, notice, info or debug"s; },
                               text_that<is_log_level>};

constinit const Rule log_format{[] { return "auto, journal, text or json"s; }, text_that<is_log_format>};

constinit const Rule grace{[] { return "none or known_users"s; }, text_that<is_grace>};

constinit const Rule reply_message{[] { return "off, safe or full"s; }, text_that<is_reply_message>};

constinit const Rule reply_messages{[] {
                                        return "a table of texts of 1 to " +
                                               std::to_string(radius::attribute_value_octets_max) +
                                               " octets for any of " + written_reasons();
                                    },
                                    are_reply_messages};

constinit const Rule addresses{[] { return "a list of addresses, such as [\"192.0.2.1\"]"s; },
                               texts_that<is_address>};

constinit const Rule udp_addresses{
    [] { return R"(a list of addresses with ports, such as ["192.0.2.1:1812", "[::]:1812"])"s; },
    texts_that<is_address_and_port<has_port>>};

constinit const Rule source_addresses{
    [] { return R"(at most one IPv4 and one IPv6 address with ports, such as ["192.0.2.1:0", "[::]:0"])"s; },
    are_source_addresses};

constinit const Rule tcp_addresses{
    [] { return R"(a list of addresses with ports, such as ["127.0.0.1:8080", "[::]:8443"])"s; },
    texts_that<is_address_and_port<has_port>>};

constinit const Rule optional_path{[] { return "an absolute path, or empty"s; }, text_that<is_optional_path>};

constinit const Rule optional_file{
    [] { return "an absolute path, or empty, or $CREDENTIALS_DIRECTORY/ and a file name"s; },
    text_that<is_optional_file>};

constinit const Rule paths{
    [] { return R"(a list of absolute paths, such as ["/etc/hourglass/dictionary.acme"])"s; },
    texts_that<is_absolute_path>};

constinit const Rule redis_address{
    [] {
        return R"("embedded", "unix:///path" or "redis://[user:password@]host:port/db" )"s +
               "(not sentinel:// or cluster://)";
    },
    text_that<is_redis_address>, show_redis_address};

constinit const Rule boolean{[] { return "true or false"s; }, holds<bool>};

constinit const Rule thresholds{[] {
                                    return "a list of at most " + std::to_string(thresholds_max) +
                                           " integers from 1 to " + std::to_string(threshold_max) +
                                           ", such as [3600, 300]";
                                },
                                are_thresholds};

constinit const Rule client_name{
    [] { return "a text of 1 to " + std::to_string(client_name_octets_max) + " octets"; },
    text_that<is_client_name>};

constinit const Rule network{
    [] { return "an address, or a prefix without bits beyond its length, such as 192.0.2.0/24"s; },
    text_that<is_network>};

constinit const Rule shared_secret{
    [] { return "a text of 1 to " + std::to_string(shared_secret_octets_max) + " octets"; },
    text_that<is_shared_secret>, show_stars};

constinit const Rule coa_requests{[] { return R"(a list of "disconnect" and "coa")"s; },
                                  texts_that<is_coa_request>};

constinit const Rule name_case{[] { return "exact or lower"s; }, text_that<is_name_case>};

constinit const Rule unknown_realm{[] { return "name or reject"s; }, text_that<is_unknown_realm>};

constinit const Rule realm{[] { return "a domain name, such as example.org, or empty"s; },
                           text_that<is_realm_or_empty>};

constinit const Rule requirement{[] { return R"("auto", true or false)"s; }, holds<radius::Requirement>};

}  // namespace rules

}  // namespace hourglass::daemon
