// From a TOML text to a checked Configuration. Whatever is wrong ends in one SettingsError with file and
// line; of several mistakes the first in the file is told.
#include "daemon/settings.hpp"

#include "daemon/addresses.hpp"
#include "daemon/sentences.hpp"
#include "daemon/setting_rows.hpp"
#include "daemon/toml_shape.hpp"
#include "store/registry.hpp"

#include <toml.hpp>

#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <set>
#include <sstream>

namespace hourglass::daemon {

namespace {

constexpr std::uintmax_t settings_file_octets_max = 1 << 20;

std::uint32_t line_of(const toml::value& value) {
    return static_cast<std::uint32_t>(value.location().line());
}

// toml11 explains over several lines and names its own functions first; the operator gets the gist of line
// one.
std::string gist_of(const toml::exception& failure) {
    std::string text = failure.what();
    text = text.substr(0, text.find('\n'));
    if (text.starts_with("[error] ")) text = text.substr(8);
    if (text.starts_with("toml::")) text = text.substr(std::min(text.find(": ") + 2, text.size()));
    return text;
}

std::optional<SettingValue> to_text_table(const toml::table& table) {
    setting_type::TextTable texts;
    for (const auto& [key, value] : table) {
        if (!value.is_string()) return std::nullopt;
        texts.emplace(key, value.as_string().str);
    }
    return texts;
}

// nullopt: a type that no setting has, such as a date.
std::optional<SettingValue> to_value(const toml::value& value) {
    if (value.is_boolean()) return value.as_boolean();
    if (value.is_integer()) return value.as_integer();
    if (value.is_string()) return value.as_string().str;
    if (value.is_table()) return to_text_table(value.as_table());
    if (!value.is_array()) return std::nullopt;

    const auto& items = value.as_array();
    if (std::ranges::all_of(items, &toml::value::is_integer) && !items.empty()) {
        std::vector<std::int64_t> integers;
        for (const auto& item : items)
            integers.push_back(item.as_integer());
        return integers;
    }
    std::vector<std::string> texts;
    for (const auto& item : items) {
        if (!item.is_string()) return std::nullopt;
        texts.push_back(item.as_string().str);
    }
    return texts;
}

// TOML writes a Requirement as a boolean or a string; a boolean in quotes is meant as one. An empty list is
// one of texts until the rule says otherwise.
SettingValue adapted_to(const Rule& rule, SettingValue value) {
    if (&rule == &rules::thresholds && value == SettingValue(std::vector<std::string>()))
        return std::vector<std::int64_t>();
    if (&rule != &rules::requirement) return value;
    if (const auto* const boolean = std::get_if<bool>(&value)) {
        return *boolean ? radius::Requirement::yes : radius::Requirement::no;
    }
    const auto* const text = std::get_if<std::string>(&value);
    if (text == nullptr) return value;
    if (*text == "auto") return radius::Requirement::auto_;
    if (*text == "true") return radius::Requirement::yes;
    if (*text == "false") return radius::Requirement::no;
    return value;
}

template <class Row>
std::string full_name(const Row& row) {
    return std::string(row.section) + "." + std::string(row.key);
}

template <class Record, std::size_t size>
void set_defaults(Record& record, const std::array<SettingRow<Record>, size>& rows) {
    record.lines.assign(size, 0);
    for (const auto& row : rows) {
        if (row.fallback.empty()) continue;
        std::istringstream text("value = " + std::string(row.fallback));
        const auto value = to_value(toml::parse(text, "settings.def").at("value"));
        row.assign(record, adapted_to(row.rule, value.value()));
    }
}

bool takes(const ClientSettings& client, std::string_view request) {
    return std::ranges::find(client.coa, request) != client.coa.end();
}

std::uint32_t line_of_secret(const ClientSettings& client) {
    const auto row = std::ranges::find(client_rows, "secret", &SettingRow<ClientSettings>::key);
    return client.lines[static_cast<std::size_t>(row - client_rows.begin())];
}

class FileReader {
public:
    explicit FileReader(const std::string& name) { configuration_.file = name; }

    Configuration read(const toml::value& root) {
        set_defaults(configuration_.settings, setting_rows);
        for (const auto& [section, value] : in_file_order(root))
            read_section(section, value);
        check_endpoints();
        check_tls();
        return std::move(configuration_);
    }

    [[noreturn]] void refuse(std::uint32_t line, const std::string& sentence) const {
        throw SettingsError(configuration_.file + ":" + std::to_string(line) + ": " + sentence);
    }
    [[noreturn]] void refuse_text(std::uint32_t line, const std::string& gist) const {
        refuse(line, "This is not TOML: " + gist + ".");
    }

private:
    using Entry = std::pair<std::string, toml::value>;

    static std::vector<Entry> in_file_order(const toml::value& table) {
        std::vector<Entry> entries(table.as_table().begin(), table.as_table().end());
        std::ranges::sort(entries, {}, [](const Entry& entry) { return line_of(entry.second); });
        return entries;
    }

    void read_section(const std::string& section, const toml::value& value) {
        std::vector<std::string_view> sections;
        sections.reserve(setting_rows.size());
        for (const auto& row : setting_rows)
            sections.push_back(row.section);
        if (std::ranges::find(sections, section) == sections.end()) {
            refuse(line_of(value), "There is no section [" + section + "]" + suggestion(section, sections));
        }
        if (!value.is_table()) refuse(line_of(value), section + " must be a section, [" + section + "].");

        for (const auto& [key, setting] : in_file_order(value)) {
            const auto name = section + "." + key;
            if (name == client_section) {
                read_list("NASes", client_section, client_rows, setting, configuration_.clients);
            } else if (name == realm_section) {
                read_list("Realms", realm_section, realm_rows, setting, configuration_.realms);
            } else {
                read_row(configuration_.settings, setting_rows, section, key, setting);
            }
        }
    }

    template <class Record, std::size_t size>
    void read_list(const std::string& nouns, std::string_view section,
                   const std::array<SettingRow<Record>, size>& rows, const toml::value& list,
                   std::vector<Record>& records) {
        const auto demand = nouns + " are written as [[" + std::string(section) + "]]";
        if (!list.is_array()) refuse(line_of(list), demand + ", with two brackets.");
        for (const auto& table : list.as_array()) {
            if (!table.is_table()) refuse(line_of(table), demand + ".");
            auto record = read_record(section, rows, table);
            check_is_new(record, line_of(table));
            records.push_back(std::move(record));
        }
    }

    template <class Record, std::size_t size>
    Record read_record(std::string_view section, const std::array<SettingRow<Record>, size>& rows,
                       const toml::value& table) {
        Record record;
        set_defaults(record, rows);
        for (const auto& [key, value] : in_file_order(table))
            read_row(record, rows, section, key, value);
        for (std::size_t i = 0; i < size; ++i) {
            if (!rows[i].fallback.empty() || record.lines[i] != 0) continue;
            refuse(line_of(table),
                   "This " + std::string(section) + " has no " + std::string(rows[i].key) + ".");
        }
        return record;
    }

    template <class Record, std::size_t size>
    void read_row(Record& record, const std::array<SettingRow<Record>, size>& rows, std::string_view section,
                  const std::string& key, const toml::value& value) {
        std::vector<std::string_view> keys;
        for (std::size_t i = 0; i < size; ++i) {
            if (rows[i].section != section) continue;
            keys.push_back(rows[i].key);
            if (rows[i].key != key) continue;

            rows[i].assign(record, checked(rows[i], value));
            record.lines[i] = line_of(value);
            return;
        }
        refuse(line_of(value),
               "There is no setting " + std::string(section) + "." + key + suggestion(key, keys));
    }

    template <class Row>
    SettingValue checked(const Row& row, const toml::value& value) const {
        const auto& rule = row.rule;
        const auto typed = to_value(value);
        const auto sentence = full_name(row) + " must be " + rule.demand();
        if (!typed) refuse(line_of(value), sentence + ".");

        auto adapted = adapted_to(rule, *typed);
        const bool may_be_shown = rule.show == to_toml;
        if (!rule.is_met(adapted)) {
            refuse(line_of(value), sentence + (may_be_shown ? ", not " + to_toml(adapted) : "") + ".");
        }
        return adapted;
    }

    void check_is_new(const ClientSettings& client, std::uint32_t line) const {
        for (const auto& other : configuration_.clients) {
            if (other.name == client.name) {
                refuse(line, "Two radius.client are called " + to_toml(client.name) + ".");
            }
            if (parse_network(other.address) == parse_network(client.address)) {
                refuse(line, "Two radius.client have the address " + client.address + ": " +
                                 to_toml(other.name) + " and " + to_toml(client.name) + ".");
            }
        }
    }

    void check_is_new(const RealmSettings& realm, std::uint32_t line) const {
        const auto name = radius::to_lower(realm.name);
        for (const auto& other : configuration_.realms) {
            if (radius::to_lower(other.name) == name)
                refuse(line, "Two radius.realm are called " + to_toml(realm.name) + ".");
        }
    }

    // A socket serves one purpose.
    void check_endpoints() const {
        const auto& settings = configuration_.settings;
        std::set<std::pair<boost::asio::ip::address, std::uint16_t>> seen;
        for (const auto* const texts : {&settings.radius_auth, &settings.radius_acct}) {
            for (const auto& text : *texts) {
                const auto endpoint = parse_address_and_port(text).value();
                if (seen.emplace(endpoint.address, endpoint.port).second) continue;
                throw SettingsError(configuration_.file + ": radius.auth and radius.acct name " + text +
                                    " twice.");
            }
        }
    }

    void check_tls() const {
        const auto& settings = configuration_.settings;
        if (settings.api_tls_certificate.empty() != settings.api_tls_key.empty()) {
            throw SettingsError(configuration_.file +
                                ": api.tls_certificate and api.tls_key are set both, or none.");
        }
        if (!settings.api_tls_certificate.empty()) return;
        for (const auto& text : settings.api_listen) {
            if (parse_address_and_port(text).value().address.is_loopback()) continue;
            throw SettingsError(configuration_.file + ": api.listen names " + text +
                                ", but without api.tls_certificate only loopback will do: plain HTTP would "
                                "show tokens to the network.");
        }
    }

    Configuration configuration_;
};

}  // namespace

Configuration parse_configuration(const std::string& text, const std::string& name) {
    FileReader reader(name);
    if (const auto mistake = find_shape_mistake(text)) reader.refuse_text(mistake->line, mistake->sentence);
    try {
        std::istringstream stream(text);
        return reader.read(toml::parse(stream, name));
    } catch (const toml::exception& failure) {
        reader.refuse_text(static_cast<std::uint32_t>(failure.location().line()), gist_of(failure));
    }
}

Configuration load_configuration(const std::string& path, bool must_exist) {
    std::error_code failure;
    const auto octets = std::filesystem::file_size(path, failure);
    if (failure == std::errc::no_such_file_or_directory && !must_exist) return parse_configuration("", path);
    if (failure) throw SettingsError(path + ": The settings cannot be read: " + failure.message() + ".");
    if (octets > settings_file_octets_max) throw SettingsError(path + ": The settings are over one MiB.");

    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    if (!file || (octets > 0 && !text)) throw SettingsError(path + ": The settings cannot be read.");
    auto configuration = parse_configuration(text.str(), path);
    configuration.has_file = true;
    return configuration;
}

std::vector<std::string> warnings_of(const Configuration& configuration) {
    std::vector<std::string> warnings;
    for (const auto& client : configuration.clients) {
        if (!store::is_weak_nas_secret(client.secret)) continue;
        warnings.push_back(configuration.file + ":" + std::to_string(line_of_secret(client)) +
                           ": The secret of " + to_toml(client.name) + " has fewer than " +
                           std::to_string(store::good_nas_secret_octets) +
                           " octets: it can be guessed from a captured packet.");
    }
    return warnings;
}

std::vector<radius::Client> radius_clients(const Configuration& configuration) {
    std::vector<radius::Client> clients;
    for (const auto& client : configuration.clients) {
        const auto network = parse_network(client.address).value();
        clients.push_back({
            .name = client.name,
            .network = network.address,
            .prefix_length = network.prefix_length,
            .secret = client.secret,
            .require_message_authenticator = client.require_message_authenticator,
            .limit_proxy_state = client.limit_proxy_state,
            .coa_port = static_cast<std::uint16_t>(client.coa_port),
            .takes_disconnect = takes(client, store::disconnect_request),
            .takes_coa = takes(client, store::coa_request),
            .clamp_to_wall_clock = client.clamp_to_wall_clock,
        });
    }
    return clients;
}

radius::NameRules name_rules(const Configuration& configuration, const radius::Directory& directory) {
    const auto& settings = configuration.settings;
    radius::NameRules rules{
        .unknown_realm = settings.radius_unknown_realm == "reject" ? radius::UnknownRealm::rejected
                                                                   : radius::UnknownRealm::part_of_name,
        .ignores_case = settings.radius_user_name_case == "lower",
        .has_mac_addresses = settings.radius_mac_auth,
        .has_domains = settings.radius_domain_prefix,
    };
    for (const auto& realm : configuration.realms) {
        rules.realms.push_back(
            {radius::to_lower(realm.name), directory.with_those_below(realm.organization), realm.strip});
    }
    return rules;
}

}  // namespace hourglass::daemon
