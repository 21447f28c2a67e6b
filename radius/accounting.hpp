// Accounting-Requests freed of their encoding: what the ledger is told. Pure.
#pragma once

#include "radius/packet.hpp"
#include "store/accounting_record.hpp"

#include <boost/asio/ip/address.hpp>

#include <variant>

namespace hourglass::radius {

// Status types that charge nobody, such as Tunnel-Start (RFC 2867): acknowledged and counted.
struct OtherStatus {
    std::uint32_t acct_status_type{};
};

using AccountingEvent = std::variant<store::AccountingRecord, store::NasRestart, OtherStatus>;

// What is needed of an Accounting-Request besides its octets.
struct Arrival {
    boost::asio::ip::address source;
    std::string_view client_name;
    std::chrono::system_clock::time_point received_at;
    std::optional<std::int64_t> nas_record{};  // the NAS in the registry
    bool is_clamped{};                         // see AccountingRecord
    std::string_view unknown_attributes{};     // what no dictionary knows, as text
};

// Error::incomplete_accounting without an Acct-Status-Type or, where one is needed, an Acct-Session-Id. A
// missing User-Name is the empty name: no user has it, so the usage is recorded and charged to nobody.
result<AccountingEvent> to_event(const Packet& request, const Arrival& arrival);

// Who tells sessions apart: "id:" and NAS-Identifier, else "ip:" and NAS-IP(v6)-Address, else "source:" and
// where the packet came from. The prefixes keep names of different kinds from colliding.
std::string nas_identity(const Packet& request, const boost::asio::ip::address& source);

}  // namespace hourglass::radius
