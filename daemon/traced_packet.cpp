// A traced packet as the API shows it. Secrets are masked here, before anything leaves the process.
#include "api/json.hpp"
#include "daemon/trace.hpp"
#include "radius/packet_text.hpp"
#include "store/event.hpp"

namespace hourglass::daemon {
namespace {

using api::json;
using radius::TracedPacket;
using Fate = TracedPacket::Fate;

// "2026-01-31T12:00:00.123Z"
std::string show_time(std::chrono::system_clock::time_point time) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
    const auto milliseconds = std::chrono::floor<std::chrono::milliseconds>(time - seconds).count();
    auto text = store::show_time(seconds);
    auto fraction = std::to_string(1000 + milliseconds);
    fraction.front() = '.';
    return text.insert(text.size() - 1, fraction);
}

std::string_view name_of(Fate fate) {
    switch (fate) {
        case Fate::answered:
            return "answered";
        case Fate::repeated:
            return "repeated";
        case Fate::in_progress:
            return "in_progress";
        case Fate::dropped:
            return "dropped";
        case Fate::sent:
            return "sent";
        case Fate::received:
            break;
    }
    return "received";
}

json text_or_null(std::string_view text) {
    return text.empty() ? json(nullptr) : json(text);
}

json show_packet(radius::Bytes octets, const radius::Dictionary& dictionary) {
    const auto packet = radius::decode(octets);
    if (!packet) return nullptr;
    auto attributes = json::array();
    for (const auto& [name, value] : radius::show_packet(*packet, dictionary)) {
        attributes.push_back({
            {"attribute", name },
            {"value",     value}
        });
    }
    return {
        {"code",       radius::name_of(packet->code())},
        {"identifier", packet->identifier()           },
        {"attributes", std::move(attributes)          },
    };
}

json show_checks(const TracedPacket& traced) {
    auto checks = json::array();
    for (const auto& check : traced.checks) {
        checks.push_back({
            {"check",   check.name     },
            {"passed",  check.is_passed},
            {"finding", check.finding  }
        });
    }
    return checks;
}

json show_usage(const TracedPacket& traced) {
    if (!traced.usage) return nullptr;
    const auto& balance = traced.usage->balance;
    return {
        {"charged",   traced.usage->charged.count()                   },
        {"uncovered", traced.usage->uncovered.count()                 },
        {"balance",   balance ? json(balance->count()) : json(nullptr)},
    };
}

std::string_view reason_of(const TracedPacket& traced) {
    if (traced.refusal) return radius::name_of(*traced.refusal);
    if (traced.fate == Fate::dropped && traced.drop.category() == radius::error_category())
        return radius::name_of(static_cast<radius::Error>(traced.drop.value()));
    return {};
}

// What a person wants to be told beside the packets.
std::string detail_of(const TracedPacket& traced) {
    if (traced.fate == Fate::dropped) return "No answer: " + traced.drop.message() + ".";
    if (traced.fate == Fate::repeated) return "A repeat: it got the same answer again.";
    if (traced.fate == Fate::in_progress) return "A repeat of a request that is not answered yet.";
    if (traced.is_journaled) return "Redis is away: this is in the journal.";
    if (traced.usage && !traced.usage->is_known_user) return "Charged to nobody: no user has this name.";
    if (traced.usage && traced.usage->outcome == store::Applied::Outcome::duplicate)
        return "Nothing new: this was reported before.";
    return {};
}

}  // namespace

std::string to_json(const TracedPacket& traced) {
    const auto microseconds = std::chrono::duration_cast<std::chrono::microseconds>(traced.took).count();
    const auto& dictionary = traced.snapshot->directory.dictionary();
    return api::to_text({
        {"time", show_time(traced.time)},
        {"nas", text_or_null(traced.client ? traced.client->name : "")},
        {"address", traced.nas.address().to_string()},
        {"port", traced.nas.port()},
        {"octets", traced.packet.size()},
        {"packet", show_packet(traced.packet, dictionary)},
        {"outcome", name_of(traced.fate)},
        {"reason", text_or_null(reason_of(traced))},
        {"detail", text_or_null(detail_of(traced))},
        {"user", traced.user == 0 ? json(nullptr) : json(traced.user)},
        {"checks", show_checks(traced)},
        {"usage", show_usage(traced)},
        {"reply", show_packet(traced.reply, dictionary)},
        {"microseconds", traced.fate == Fate::sent ? json(nullptr) : json(microseconds)},
    });
}

}  // namespace hourglass::daemon
