#include "cli/session_table.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace hourglass::cli {

namespace {

struct Order {
    const char* name;
    const char* field;
    bool is_descending;
};

constexpr std::array orders{
    Order{"start",    "start_time",       true },
    Order{"duration", "session_duration", true },
    Order{"report",   "update_time",      false},
    Order{"down",     "bytes_sent",       true },
    Order{"up",       "bytes_received",   true },
    Order{"user",     "username",         false},
    Order{"nas",      "client",           false},
};

constexpr std::array columns{
    Column{"ID", "radacctid"},
    Column{"USER", "username"},
    Column{"ORG", "organization"},
    Column{"NAS", "nas"},
    Column{"DEVICE", "calling_station_id"},
    Column{"ADDRESS", "framed_ip_address"},
    Column{"BEGAN", "start_time"},
    Column{"LASTED", "session_duration", shown_time},
    Column{"DOWN", "bytes_sent", shown_octets},
    Column{"UP", "bytes_received", shown_octets},
    Column{"STATE", "state"},
};

Json first_known(const Json& session, std::initializer_list<const char*> fields) {
    for (const auto* const field : fields) {
        const auto value = session.value(field, Json{});
        if (!value.is_null()) return value;
    }
    return {};
}

std::string state_of(const Json& session) {
    const bool is_running = session.value("session_status", "") == "active";
    const auto disconnect = session.value("disconnect", Json{});
    if (is_running && disconnect.is_object()) return "running, end " + disconnect.value("outcome", "");
    if (is_running) return "running";
    const auto cause = session.value("terminate_cause", Json{});
    return cause.is_string() ? "ended: " + cause.get<std::string>() : "ended";
}

}  // namespace

bool is_older(const Json& a, const Json& b) {
    return a.value("radacctid", std::int64_t{}) < b.value("radacctid", std::int64_t{});
}

std::vector<std::string> session_orders() {
    std::vector<std::string> names;
    for (const auto& order : orders)
        names.emplace_back(order.name);
    return names;
}

void sort_sessions(Json& sessions, const std::string& name) {
    const auto order = std::ranges::find(orders, name, &Order::name);
    if (order == orders.end()) throw std::out_of_range("no such order: " + name);
    std::sort(sessions.begin(), sessions.end(), [&](const Json& a, const Json& b) {
        const auto left = a.value(order->field, Json{});
        const auto right = b.value(order->field, Json{});
        if (left == right) return is_older(a, b);
        return order->is_descending ? right < left : left < right;
    });
}

std::span<const Column> session_columns() {
    return columns;
}

Json readable_session(Json session) {
    session["nas"] = first_known(session, {"client", "nas_identifier", "nas_ip_address"});
    session["state"] = state_of(session);
    return session;
}

}  // namespace hourglass::cli
