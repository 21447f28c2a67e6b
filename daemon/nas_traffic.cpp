#include "daemon/nas_traffic.hpp"

#include <algorithm>

namespace hourglass::daemon {

namespace {

// Of a NAS that sends attributes of several vendors, the first of the table.
std::string_view class_by_vendors(const std::vector<std::uint32_t>& vendors) {
    const auto found = std::ranges::find_if(nas_classes, [&](const NasClass& each) {
        return std::ranges::find(vendors, each.vendor) != vendors.end();
    });
    return found == nas_classes.end() ? other_nas_class : found->name;
}

}  // namespace

void NasTraffic::add(const std::vector<radius::SourceSighting>& seen) {
    for (const auto& each : seen) {
        const bool has_room = nases_.size() < nases_max || nases_.contains(each.client);
        if (each.last_authentic && has_room) {
            auto& last = nases_[each.client].last_heard;
            last = std::max(last, *each.last_authentic);
        }
        auto& counts = packets_[class_of(each)];
        for (std::size_t i = 0; i < counts.size(); ++i)
            counts[i] += each.counts[i];
    }
}

// Not every packet of a NAS shows its vendor.
std::string_view NasTraffic::class_of(const radius::SourceSighting& seen) {
    if (seen.client.empty()) return unknown_nas_class;
    const auto shown = class_by_vendors(seen.vendors);
    const auto known = nases_.find(seen.client);
    if (known == nases_.end()) return shown;
    if (shown != other_nas_class) known->second.its_class = shown;
    return known->second.its_class;
}

NasTraffic::Reading NasTraffic::read(Time now) {
    const auto silence = [&](const auto& nas) { return now - nas.second.last_heard; };
    std::erase_if(nases_, [&](const auto& nas) { return silence(nas) > forgotten_after; });
    const auto silent =
        std::ranges::count_if(nases_, [&](const auto& nas) { return silence(nas) > silent_after; });
    return {.packets = packets_, .heard = nases_.size(), .silent = static_cast<std::uint64_t>(silent)};
}

}  // namespace hourglass::daemon
