#include "radius/accounting.hpp"

#include "radius/address_text.hpp"
#include "radius/attribute_index.hpp"
#include "store/decimal_text.hpp"
#include "store/session_details.hpp"

namespace hourglass::radius {
namespace {

using namespace std::chrono;

// Acct-Status-Type (RFC 2866 section 5.1).
enum class Status : std::uint32_t { start = 1, stop = 2, interim = 3, on = 7, off = 8 };

std::string_view text_of(const AttributeIndex& request, Attribute<Text> attribute) {
    return request.find(attribute).value_or("");
}

AddressText address_of(const AttributeIndex& request, Attribute<Ipv4> ipv4, Attribute<Ipv6> ipv6) {
    if (const auto address = request.find(ipv4)) return AddressText(*address);
    if (const auto address = request.find(ipv6)) return AddressText(*address);
    return {};
}

// The name of a value, or the value itself where it has none; empty without it.
class ValueText {
public:
    ValueText(const AttributeIndex& request, Attribute<Integer> attribute) : value_(request.find(attribute)) {
        if (value_) name_ = find_value_name(attribute, *value_);
    }

    operator std::string_view() const { return value_ && name_.empty() ? std::string_view(digits_) : name_; }

private:
    std::optional<std::uint32_t> value_;
    std::string_view name_;
    store::DecimalText digits_{value_.value_or(0)};
};

std::uint64_t octets_of(const AttributeIndex& request, Attribute<Integer> gigawords,
                        Attribute<Integer> octets) {
    return std::uint64_t{request.find(gigawords).value_or(0)} << 32 | request.find(octets).value_or(0);
}

// Event-Timestamp is the time of the event itself, whatever the delay. A delay that leads to before 1970 is
// absurd, and held there.
store::Time event_time_of(const AttributeIndex& request, system_clock::time_point received_at) {
    if (const auto time = request.find(attr::event_timestamp)) return *time;
    const seconds delay(request.find(attr::acct_delay_time).value_or(0));
    return std::max(floor<seconds>(received_at) - delay, store::Time{});
}

std::string identity_of(const AttributeIndex& request, const boost::asio::ip::address& source) {
    const auto identity = [](std::string_view kind, std::string_view name) {
        return std::string(kind).append(name);
    };
    if (const auto name = text_of(request, attr::nas_identifier); !name.empty()) return identity("id:", name);
    const auto address = address_of(request, attr::nas_ip_address, attr::nas_ipv6_address);
    if (const std::string_view text = address; !text.empty()) return identity("ip:", text);
    return identity("source:", AddressText(source));
}

std::string encode_details(const AttributeIndex& request, const Arrival& arrival) {
    const auto nas_ip_address = address_of(request, attr::nas_ip_address, attr::nas_ipv6_address);
    const auto port = request.find(attr::nas_port);
    const store::DecimalText port_number(port.value_or(0));
    const ValueText port_type(request, attr::nas_port_type);
    const auto framed_ip_address = address_of(request, attr::framed_ip_address, attr::framed_ipv6_address);
    const ValueText terminate_cause(request, attr::acct_terminate_cause);
    const AddressText source(arrival.source);
    const store::DecimalText nas_record(arrival.nas_record.value_or(0));
    return store::encode(store::SessionDetailsView{
        .nas_name = arrival.client_name,
        .nas_identifier = text_of(request, attr::nas_identifier),
        .nas_ip_address = nas_ip_address,
        .nas_port = port ? std::string_view(port_number) : text_of(request, attr::nas_port_id),
        .nas_port_type = port_type,
        .calling_station_id = text_of(request, attr::calling_station_id),
        .called_station_id = text_of(request, attr::called_station_id),
        .framed_ip_address = framed_ip_address,
        .terminate_cause = terminate_cause,
        .source_address = source,
        .nas_record = arrival.nas_record ? std::string_view(nas_record) : std::string_view(),
        .user_name = text_of(request, attr::user_name),
        .chargeable_user_identity = as_text(request.find(attr::chargeable_user_identity).value_or(Bytes{})),
        .attributes = arrival.unknown_attributes,
    });
}

result<AccountingEvent> to_record(const AttributeIndex& request, const Arrival& arrival,
                                  store::AccountingStatus status) {
    const auto session_id = request.find(attr::acct_session_id);
    if (!session_id || session_id->empty()) return Error::incomplete_accounting;
    const bool is_start = status == store::AccountingStatus::start;
    return store::AccountingRecord{
        .status = status,
        .username = std::string(text_of(request, attr::user_name)),
        .nas = identity_of(request, arrival.source),
        .session_id = std::string(*session_id),
        .received_at = arrival.received_at,
        .event_time = event_time_of(request, arrival.received_at),
        .session_time = seconds(is_start ? 0 : request.find(attr::acct_session_time).value_or(0)),
        .input_octets = octets_of(request, attr::acct_input_gigawords, attr::acct_input_octets),
        .output_octets = octets_of(request, attr::acct_output_gigawords, attr::acct_output_octets),
        .details = encode_details(request, arrival),
        .is_clamped = arrival.is_clamped,
    };
}

}  // namespace

result<AccountingEvent> to_event(const Packet& packet, const Arrival& arrival) {
    const AttributeIndex request(packet);
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
            return store::NasRestart{identity_of(request, arrival.source), arrival.received_at,
                                     event_time_of(request, arrival.received_at)};
    }
    return OtherStatus{*status};
}

std::string nas_identity(const Packet& request, const boost::asio::ip::address& source) {
    return identity_of(AttributeIndex(request), source);
}

}  // namespace hourglass::radius
