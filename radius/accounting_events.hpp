// What of an accounting report is told to listeners. Pure: request and outcome in, events out.
#pragma once

#include "radius/clients.hpp"
#include "radius/packet.hpp"
#include "radius/policy.hpp"
#include "store/accounting_record.hpp"
#include "store/event.hpp"

#include <boost/container/static_vector.hpp>

namespace hourglass::radius {

// Who and where, as far as the request tells; the views are into request and client.
store::Event event_of(store::EventType type, const Packet& request, const Client& client, store::Time now);

// The least of the thresholds that a balance fell to or below by going from `before` to `after`.
std::optional<store::Seconds> crossed_threshold(store::Seconds before, store::Seconds after,
                                                const std::vector<store::Seconds>& thresholds);

using AccountingEvents = boost::container::static_vector<store::Event, 3>;

// Its session began or ended, time ran low or out, nobody knows the user. Nothing for most reports.
AccountingEvents events_of(const Packet& request, const Client& client, const store::Applied& applied,
                           store::Time now, const Policy& policy);

// A NAS lost the sessions that it had. Those are not told one by one.
store::Event restart_event(const Packet& request, const Client& client, store::Time now);

}  // namespace hourglass::radius
