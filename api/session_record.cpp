#include "api/session_record.hpp"

#include "api/datetime.hpp"
#include "api/resource.hpp"

namespace hourglass::api {
namespace {

constexpr std::string_view disconnect = "disconnect";
constexpr std::string_view bytes_sent = "bytes_sent";
constexpr std::string_view bytes_received = "bytes_received";

constexpr auto statuses = std::to_array<std::string_view>({"active", "completed"});

constexpr auto fields = std::to_array<Field>({
    integer("radacctid"),
    text("username"),
    integer("user").nullable(),
    integer("organization").nullable(),
    integer("access_point").nullable(),
    text("location").nullable(),
    text("client").nullable(),
    text("session_id"),
    datetime("start_time"),
    datetime("end_time").nullable(),
    datetime("update_time"),
    integer("session_duration"),
    integer("charged"),
    integer("uncovered"),
    integer(bytes_sent),
    integer(bytes_received),
    choice("session_status", statuses),
    text("nas_ip_address").nullable(),
    text("nas_identifier").nullable(),
    text("calling_station_id").nullable(),
    text("called_station_id").nullable(),
    text("framed_ip_address").nullable(),
    text("terminate_cause").nullable(),
    text("attributes").nullable(),
    object(disconnect).nullable().read_only(),
});

constexpr auto disconnect_fields = std::to_array<Field>({
    text("outcome").read_only(),
    datetime("requested_at").read_only(),
    text("by").read_only(),
    text("reason").read_only(),
    integer("attempts").read_only(),
    datetime("answered_at").nullable().read_only(),
    integer("error_cause").nullable().read_only(),
});

void put(store::Fields& values, std::string_view name, const std::string& text) {
    if (!text.empty()) values.emplace(name, text);
}

void put_details(store::Fields& values, const store::SessionDetails& details) {
    put(values, "access_point", details.nas_record);
    put(values, "client", details.nas_name);
    put(values, "nas_ip_address", details.nas_ip_address);
    put(values, "nas_identifier", details.nas_identifier);
    put(values, "calling_station_id", details.calling_station_id);
    put(values, "called_station_id", details.called_station_id);
    put(values, "framed_ip_address", details.framed_ip_address);
    put(values, "terminate_cause", details.terminate_cause);
    put(values, "attributes", details.attributes);
}

store::Fields values_of(const store::UserSession& each) {
    const auto& session = each.session;
    store::Fields values{
        {"radacctid",        std::to_string(session.id)                  },
        {"username",         each.username                               },
        {"session_id",       session.session_id                          },
        {"start_time",       store_datetime(session.started)             },
        {"update_time",      store_datetime(session.updated)             },
        {"session_duration", std::to_string(session.session_time.count())},
        {"charged",          std::to_string(session.charged.count())     },
        {"uncovered",        std::to_string(session.uncovered.count())   },
        {"session_status",   session.is_running ? "active" : "completed" },
    };
    if (session.user != 0) values["user"] = std::to_string(session.user);
    if (each.organization != store::unknown_organization) {
        values["organization"] = std::to_string(each.organization);
    }
    if (session.ended) values["end_time"] = store_datetime(*session.ended);
    put_details(values, session.details);
    if (each.disconnect)
        values[std::string(disconnect)] = to_text(show_disconnect(*each.disconnect, session.is_running));
    return values;
}

// A promise that the session has kept; the store notes only what the NAS said.
store::DisconnectOutcome outcome_of(const store::Disconnect& noted, bool is_running) {
    const bool is_kept = noted.outcome == store::DisconnectOutcome::acknowledged && !is_running;
    return is_kept ? store::DisconnectOutcome::confirmed : noted.outcome;
}

}  // namespace

const Record session_record{
    .name = "Session",
    .fields = fields,
    .example = R"({"radacctid": 1048577, "username": "ann", "user": 1, "organization": 1, "client": "lobby",
                   "session_id": "5a3b", "start_time": "2026-01-31T12:00:00Z",
                   "update_time": "2026-01-31T12:10:00Z", "session_duration": 600, "charged": 600,
                   "uncovered": 0, "bytes_sent": 1000000, "bytes_received": 50000,
                   "session_status": "active", "nas_ip_address": "192.0.2.1",
                   "calling_station_id": "02-00-00-00-00-01"})",
};
const Record disconnect_record{
    .name = "Disconnect",
    .fields = disconnect_fields,
    .example = R"({"outcome": "refused", "requested_at": "2026-01-31T12:15:00Z", "by": "the front desk",
                   "reason": "requested", "attempts": 1, "answered_at": "2026-01-31T12:15:01Z",
                   "error_cause": 501})",
};

json show_disconnect(const store::Disconnect& shown, bool is_running) {
    return {
        {"outcome", store::name_of(outcome_of(shown, is_running))},
        {"requested_at", show_datetime(shown.requested_at)},
        {"by", shown.by},
        {"reason", shown.reason},
        {"attempts", shown.attempts},
        {"answered_at", shown.answered_at ? json(show_datetime(*shown.answered_at)) : json(nullptr)},
        {"error_cause", shown.error_cause != 0 ? json(shown.error_cause) : json(nullptr)},
    };
}

json show_session(const store::UserSession& session) {
    auto shown = show_record(fields, values_of(session));
    // Counters have all 64 bits. The NAS sends to the user what it calls output.
    shown[std::string(bytes_sent)] = session.session.output_octets;
    shown[std::string(bytes_received)] = session.session.input_octets;
    return shown;
}

}  // namespace hourglass::api
