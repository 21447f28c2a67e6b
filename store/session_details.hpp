// What a session is known by beside its counters. It is kept with the session as one text, and a report
// carries no more than that text: the ledger looks at nothing in it. It is written from views of the packet
// and read as texts.
#pragma once

#include <array>
#include <string>
#include <string_view>

namespace hourglass::store {

// Absent ones are empty.
template <class Text>
struct BasicSessionDetails {
    Text nas_name{};  // the client entry's name
    Text nas_identifier{};
    Text nas_ip_address{};
    Text nas_port{};
    Text nas_port_type{};
    Text calling_station_id{};
    Text called_station_id{};
    Text framed_ip_address{};
    Text terminate_cause{};
    Text source_address{};  // where the packet came from: the NAS, or a proxy before it
    Text nas_record{};      // the id of the NAS in the registry; empty for one of the settings
    Text user_name{};       // User-Name: what the NAS calls the user, whatever his name is by now
    Text chargeable_user_identity{};
    Text attributes{};  // what no dictionary knows, as text; at most about 500 octets

    bool operator==(const BasicSessionDetails&) const = default;
};

using SessionDetails = BasicSessionDetails<std::string>;
using SessionDetailsView = BasicSessionDetails<std::string_view>;

// In the order in which they are encoded. New ones go to the end.
template <class Text>
inline constexpr std::array session_details_members{
    &BasicSessionDetails<Text>::nas_name,
    &BasicSessionDetails<Text>::nas_identifier,
    &BasicSessionDetails<Text>::nas_ip_address,
    &BasicSessionDetails<Text>::nas_port,
    &BasicSessionDetails<Text>::nas_port_type,
    &BasicSessionDetails<Text>::calling_station_id,
    &BasicSessionDetails<Text>::called_station_id,
    &BasicSessionDetails<Text>::framed_ip_address,
    &BasicSessionDetails<Text>::terminate_cause,
    &BasicSessionDetails<Text>::source_address,
    &BasicSessionDetails<Text>::nas_record,
    &BasicSessionDetails<Text>::user_name,
    &BasicSessionDetails<Text>::chargeable_user_identity,
    &BasicSessionDetails<Text>::attributes,
};

// Each text behind its length, without empty ones at the end; parse_details() in session_text.hpp reads it.
std::string encode(const SessionDetailsView& details);
std::string encode(const SessionDetails& details);

}  // namespace hourglass::store
