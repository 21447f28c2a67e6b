#include "radius/accounting.hpp"

namespace hourglass::radius {
namespace {

using namespace std::chrono;

// Acct-Status-Type (RFC 2866 section 5.1).
enum class Status : std::uint32_t { start = 1, stop = 2, interim = 3, on = 7, off = 8 };

std::string text_of(const Packet& request, Attribute<Text> attribute) {
    return std::string(request.find(attribute).value_or(""));
}

std::string address_of(const Packet& request, Attribute<Ipv4> ipv4, Attribute<Ipv6> ipv6) {
    if (const auto address = request.find(ipv4)) return address->to_string();
    if (const auto address = request.find(ipv6)) return address->to_string();
    return {};
}

std::string name_of_value(const Packet& request, Attribute<Integer> attribute) {
    const auto value = request.find(attribute);
    return value ? value_name(attribute, *value) : std::string();
}

std::string port_of(const Packet& request) {
    const auto port = request.find(attr::nas_port);
    return port ? std::to_string(*port) : text_of(request, attr::nas_port_id);
}

std::uint64_t octets_of(const Packet& request, Attribute<Integer> gigawords, Attribute<Integer> octets) {
    return std::uint64_t{request.find(gigawords).value_or(0)} << 32 | request.find(octets).value_or(0);
}

// Event-Timestamp is the time of the event itself, whatever the delay. A delay that leads to before 1970 is
// absurd, and held there.
store::Time event_time_of(const Packet& request, system_clock::time_point received_at) {
    if (const auto time = request.find(attr::event_timestamp)) return *time;
    const seconds delay(request.find(attr::acct_delay_time).value_or(0));
    return std::max(floor<seconds>(received_at) - delay, store::Time{});
}

store::SessionDetails details_of(const Packet& request, const Arrival& arrival) {
    return {
        .nas_name = std::string(arrival.client_name),
        .nas_identifier = text_of(request, attr::nas_identifier),
        .nas_ip_address = address_of(request, attr::nas_ip_address, attr::nas_ipv6_address),
        .nas_port = port_of(request),
        .nas_port_type = name_of_value(request, attr::nas_port_type),
        .calling_station_id = text_of(request, attr::calling_station_id),
        .called_station_id = text_of(request, attr::called_station_id),
        .framed_ip_address = address_of(request, attr::framed_ip_address, attr::framed_ipv6_address),
        .terminate_cause = name_of_value(request, attr::acct_terminate_cause),
        .source_address = arrival.source.to_string(),
        .nas_record = arrival.nas_record ? std::to_string(*arrival.nas_record) : std::string(),
        .user_name = text_of(request, attr::user_name),
        .chargeable_user_identity =
            std::string(as_text(request.find(attr::chargeable_user_identity).value_or(Bytes{}))),
        .attributes = {},  // the dictionary tells those
    };
}

result<AccountingEvent> to_record(const Packet& request, const Arrival& arrival,
                                  store::AccountingStatus status) {
    const auto session_id = request.find(attr::acct_session_id);
    if (!session_id || session_id->empty()) return Error::incomplete_accounting;
    const bool is_start = status == store::AccountingStatus::start;
    return store::AccountingRecord{
        .status = status,
        .username = text_of(request, attr::user_name),
        .nas = nas_identity(request, arrival.source),
        .session_id = std::string(*session_id),
        .received_at = arrival.received_at,
        .event_time = event_time_of(request, arrival.received_at),
        .session_time = seconds(is_start ? 0 : request.find(attr::acct_session_time).value_or(0)),
        .input_octets = octets_of(request, attr::acct_input_gigawords, attr::acct_input_octets),
        .output_octets = octets_of(request, attr::acct_output_gigawords, attr::acct_output_octets),
        .details = details_of(request, arrival),
        .is_clamped = arrival.is_clamped,
    };
}

}  // namespace

result<AccountingEvent> to_event(const Packet& request, const Arrival& arrival) {
    const auto status = request.find(attr::acct_status_type);
    if (!status) return Error::incomplete_accounting;
    switch (static_cast<Status>(*status)) {
        case Status::start:
            return to_record(request, arrival, store::AccountingStatus::start);
        case Status::interim:
            return to_record(request, arrival, store::AccountingStatus::interim);
        case Status::stop:
            return to_record(request, arrival, store::AccountingStatus::stop);
        case Status::on:
        case Status::off:
            return store::NasRestart{nas_identity(request, arrival.source), arrival.received_at,
                                     event_time_of(request, arrival.received_at)};
    }
    return OtherStatus{*status};
}

std::string nas_identity(const Packet& request, const boost::asio::ip::address& source) {
    if (const auto name = request.find(attr::nas_identifier); name && !name->empty())
        return "id:" + std::string(*name);
    if (const auto address = address_of(request, attr::nas_ip_address, attr::nas_ipv6_address);
        !address.empty())
        return "ip:" + address;
    return "source:" + source.to_string();
}

}  // namespace hourglass::radius
