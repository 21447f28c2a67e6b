#include "api/device_info.hpp"

#include "api/datetime.hpp"

#include <algorithm>
#include <vector>

namespace hourglass::api {
namespace {

struct Device {
    std::string_view id;
    std::string_view nas;
    std::string_view ip_address;
    store::Time first_seen;
    store::Time last_seen;
    bool is_active;
};

std::string_view nas_of(const store::SessionDetails& details) {
    if (!details.nas_identifier.empty()) return details.nas_identifier;
    return details.nas_ip_address.empty() ? details.source_address : details.nas_ip_address;
}

Device& device_of(const store::Session& session, std::vector<Device>& devices) {
    const auto& details = session.details;
    const auto known = std::ranges::find(devices, details.calling_station_id, &Device::id);
    if (known != devices.end()) return *known;
    return devices.emplace_back(Device{.id = details.calling_station_id,
                                       .nas = nas_of(details),
                                       .ip_address = details.framed_ip_address,
                                       .first_seen = session.started,
                                       .last_seen = session.updated,
                                       .is_active = false});
}

json text_or_null(std::string_view text) {
    return text.empty() ? json(nullptr) : json(text);
}

json show(const Device& device) {
    return {
        {"device_id",   device.id                               },
        {"device_type", nullptr                                 },
        {"nas",         text_or_null(device.nas)                },
        {"ip_address",  text_or_null(device.ip_address)         },
        {"first_seen",  show_datetime(device.first_seen)        },
        {"last_seen",   show_datetime(device.last_seen)         },
        {"status",      device.is_active ? "active" : "inactive"}
    };
}

}  // namespace

json show_devices(std::span<const store::Session> sessions) {
    std::vector<Device> devices;
    for (const auto& session : sessions) {
        if (session.details.calling_station_id.empty()) continue;
        auto& device = device_of(session, devices);
        device.first_seen = std::min(device.first_seen, session.started);
        device.last_seen = std::max(device.last_seen, session.updated);
        device.is_active = device.is_active || session.is_running;
    }
    auto shown = json::array();
    for (const auto& device : devices) {
        shown.push_back(show(device));
    }
    return {
        {"assigned_devices", std::move(shown)},
        {"device_count",     devices.size()  }
    };
}

}  // namespace hourglass::api
