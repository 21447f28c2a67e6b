#include "cli/show.hpp"

#include "cli/duration.hpp"
#include "cli/figures.hpp"
#include "cli/table.hpp"

namespace hourglass::cli {

std::string shown(const Json& value) {
    if (value.is_null()) return "-";
    if (value.is_string()) return value.get<std::string>();
    if (value.is_boolean()) return value.get<bool>() ? "yes" : "no";
    if (!value.is_array()) return value.dump(-1, ' ', true);
    std::string items;
    for (const auto& item : value)
        items += (items.empty() ? "" : ", ") + shown(item);
    return items.empty() ? "-" : items;
}

std::string shown_time(const Json& user_time) {
    if (user_time.is_null()) return "unmetered";
    if (!user_time.is_number_integer()) return shown(user_time);
    return format_duration(std::chrono::seconds(user_time.get<std::int64_t>()));
}

std::string shown_octets(const Json& octets) {
    return octets.is_number_integer() ? format_octets(octets.get<std::uint64_t>()) : shown(octets);
}

Json flattened(const Json& object) {
    auto flat = Json::object();
    for (const auto& [field, value] : object.items()) {
        if (!value.is_object()) {
            flat[field] = value;
            continue;
        }
        const auto members = flattened(value);
        for (const auto& [member, inner] : members.items())
            flat[field + "." + member] = inner;
    }
    return flat;
}

void print_list(std::ostream& out, const Json& records, std::span<const Column> columns) {
    std::vector<std::string> header;
    for (const auto& column : columns)
        header.emplace_back(column.title);
    Table table(std::move(header));
    for (const auto& record : records) {
        std::vector<std::string> cells;
        for (const auto& column : columns)
            cells.push_back(column.show(record.value(column.field, Json{})));
        table.add(std::move(cells));
    }
    out << table.text();
}

void print_record(std::ostream& out, const Json& record) {
    Table table;
    for (const auto& [field, value] : record.items()) {
        const bool is_duration = field == "user_time" || field == "uptime";
        table.add({field, is_duration ? shown_time(value) : shown(value)});
    }
    out << table.text();
}

void print_json(std::ostream& out, const Json& json) {
    out << json.dump(2, ' ', true) << '\n';
}

}  // namespace hourglass::cli
