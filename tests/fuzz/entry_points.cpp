#include "tests/fuzz/entry_points.hpp"

#include "radius/accounting.hpp"
#include "radius/authenticator.hpp"
#include "radius/credential.hpp"
#include "radius/dynamic_authorization_packet.hpp"
#include "store/journal_text.hpp"

#include <stdexcept>
#include <vector>

namespace hourglass::fuzz {
namespace {

using namespace radius;

constexpr std::string_view secret = "testing123";

// Reads every attribute that the dictionary knows by its type.
void read_all(const Packet& packet) {
#define ATTRIBUTE(constant, type, name, data_type) static_cast<void>(packet.find(attr::constant));
#define VENDOR_ATTRIBUTE(constant, vendor, type, name, data_type) \
    static_cast<void>(packet.find(attr::constant));
#define VALUE(attribute, number, name)
#include "radius/dictionary.def"
#undef ATTRIBUTE
#undef VENDOR_ATTRIBUTE
#undef VALUE
    std::size_t octets = packet_octets_min;
    for (const auto attribute : packet.attributes())
        octets += attribute.value.size() + 2;
    require(octets == packet.bytes().size(), "the attributes fill the packet");
}

// What is read is written as it was read, or a second replay would tell another story than the first.
void require_same_again(const store::JournalEntry& entry) {
    const auto text = store::encode(entry);
    require(text.size() <= store::journal_entry_octets_max, "an entry has its limit");
    const auto again = store::parse_journal_entry(text);
    require(again && store::encode(*again) == text, "an entry survives being written");
}

void check_event(const Packet& packet) {
    const Arrival arrival{boost::asio::ip::address_v4::loopback(), "lab",
                          std::chrono::system_clock::time_point(std::chrono::seconds(1'800'000'000))};
    const auto event = to_event(packet, arrival);
    if (!event) return;
    if (const auto* record = std::get_if<store::AccountingRecord>(&*event)) {
        require(!record->session_id.empty(), "a record has a session id");
        require(record->event_time >= store::Time{}, "no event lies before 1970");
        require(record->session_time >= store::Seconds::zero(), "a session time is not negative");
        require_same_again(*record);
    }
    if (const auto* restart = std::get_if<store::NasRestart>(&*event)) require_same_again(*restart);
}

// Whatever a reply is made of, it can be decoded, and its authenticators are right.
void check_reply(PacketWriter& writer, const Packet& request, Digests& digests) {
    writer.copy_all(attr::proxy_state, request);
    const auto bytes = writer.sign(request.authenticator(), secret);
    if (!bytes) return;
    const auto reply = decode(*bytes);
    require(reply.has_value(), "our replies are well-formed");
    require(has_response_authenticator(*reply, request.authenticator(), secret, digests),
            "our replies are authentic");
    require(
        check_message_authenticator(*reply, request.authenticator(), secret) == MessageAuthenticator::valid,
        "our replies are signed");
}

void answer(const Packet& packet, Digests& digests) {
    const auto found = find_credential(packet);
    const auto* credential = std::get_if<Credential>(&found);
    if (!credential) return;
    const auto verdict = check(*credential, packet, "hello", secret, digests);

    PacketWriter accept(Code::access_accept, packet.identifier());
    add_success(accept, verdict, packet, {}, secret, digests);
    check_reply(accept, packet, digests);
    PacketWriter reject(Code::access_reject, packet.identifier());
    add_failure(reject, *credential, {});
    check_reply(reject, packet, digests);
}

// Whatever the NAS says, each packet leads to an outcome or to another step, and the steps to an end.
void follow(const dynamic_authorization::Answer& answer) {
    using namespace dynamic_authorization;
    constexpr int steps_max = 4;
    Request request{.kind = Kind::coa, .disconnect_if_unsupported = true};
    request.session.klass = "gold";
    Course course(request.kind);
    int steps = 1;
    while (!course.conclude(request, answer))
        ++steps;
    require(steps <= steps_max, "a request takes four packets at most");
}

Digests& shared_digests() {
    static Digests digests;  // fetching them for each input would be all that the fuzzer does
    return digests;
}

std::vector<std::uint8_t> authentic_packet(Code code, Bytes attributes) {
    std::vector<std::uint8_t> bytes{static_cast<std::uint8_t>(code), 1, 0, 0};
    bytes.resize(packet_octets_min);
    bytes.insert(bytes.end(), attributes.begin(), attributes.end());
    bytes.resize(std::min(bytes.size(), packet_octets_max));
    bytes[2] = static_cast<std::uint8_t>(bytes.size() >> 8);
    bytes[3] = static_cast<std::uint8_t>(bytes.size());
    const auto authenticator = shared_digests().md5({bytes, as_bytes(secret)});
    std::ranges::copy(authenticator, bytes.begin() + 4);
    return bytes;
}

}  // namespace

void require(bool holds, const char* what) {
    if (!holds) throw std::logic_error(what);
}

void read_datagram(Bytes octets) {
    auto& digests = shared_digests();
    const auto packet = decode(octets);
    if (!packet) return;
    read_all(*packet);
    check_event(*packet);
    static_cast<void>(has_request_authenticator(*packet, secret, digests));
    static_cast<void>(check_message_authenticator(*packet, secret));
    answer(*packet, digests);
}

void read_attributes(Bytes octets) {
    for (const auto code : {Code::access_request, Code::accounting_request}) {
        const auto bytes = authentic_packet(code, octets);
        const auto packet = decode(bytes);
        if (!packet) continue;
        require(has_request_authenticator(*packet, secret, shared_digests()), "what we sign is authentic");
        read_datagram(bytes);
    }
}

void read_accounting(Bytes octets) {
    const auto bytes = authentic_packet(Code::accounting_request, octets);
    if (const auto packet = decode(bytes)) check_event(*packet);
}

void read_answer(Bytes octets) {
    auto& digests = shared_digests();
    const Authenticator request{1, 2, 3};
    const auto read = [&](Bytes datagram, dynamic_authorization::Kind kind) {
        const auto packet = decode(datagram);
        if (!packet) return false;
        const auto answer = dynamic_authorization::read_answer(*packet, kind, request, secret, digests);
        if (answer) follow(*answer);
        return answer.has_value();
    };
    for (const auto kind : {dynamic_authorization::Kind::disconnect, dynamic_authorization::Kind::coa}) {
        require(!read(octets, kind), "nobody guesses an authenticator");
        const auto packet = decode(octets);
        if (!packet) continue;
        std::vector<std::uint8_t> bytes(packet->bytes().begin(), packet->bytes().end());
        std::ranges::copy(request, bytes.begin() + 4);
        const auto authenticator = digests.md5({bytes, as_bytes(secret)});
        std::ranges::copy(authenticator, bytes.begin() + 4);
        read(bytes, kind);
    }
}

void read_journal(Bytes octets) {
    const std::string_view text(reinterpret_cast<const char*>(octets.data()), octets.size());
    const auto content = store::read_frames(text);
    require(content.damaged_octets + content.torn_octets <= text.size(), "no octet is counted twice");
    for (const auto& entry : content.entries)
        require_same_again(entry);

    const auto sound = text.substr(0, store::journal_entry_octets_max);
    const auto entry = store::parse_journal_entry(sound);
    if (entry) require_same_again(*entry);
    std::string frames;
    store::append_frame(frames, sound);
    const auto whole = store::read_frames(frames);
    require(whole.entries.size() == (entry ? 1 : 0), "a frame holds what its text says");
    require(whole.torn_octets == 0, "a whole frame is not torn");
}

}  // namespace hourglass::fuzz
