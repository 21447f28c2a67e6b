// Dynamic authorization (RFC 5176): what a NAS is asked to do with a session that runs, and what came of it.
// One request may take several packets: NASes differ in what they recognize a session by and in whether they
// know the CoA-Request at all, so a refusal that a different packet may cure is followed by that packet.
// Which one, is decided here; no packet and no clock in it.
#pragma once

#include "radius/attribute_codec.hpp"
#include "radius/dictionary.hpp"
#include "store/session_details.hpp"

#include <boost/asio/ip/address.hpp>

#include <optional>
#include <string>
#include <vector>

namespace hourglass::radius::dynamic_authorization {

// What a session is known by at its NAS (RFC 5176 section 3), as the NAS reported it. What is absent or empty
// is not sent.
struct SessionIdentity {
    std::string user_name{};
    std::string acct_session_id{};
    std::string nas_identifier{};
    std::optional<boost::asio::ip::address> nas_address{};
    std::string calling_station_id{};
    // The rest only where a NAS asks for more; hostapd refuses a request that has any of these.
    std::string called_station_id{};
    std::optional<std::uint32_t> nas_port{};
    std::string nas_port_id{};
    std::optional<boost::asio::ip::address> framed_address{};
    std::string klass{};
};

// Of a session in the ledger. Details that cannot be read back are left out.
SessionIdentity identity_of(std::string user_name, std::string acct_session_id,
                            const store::SessionDetails& details);

// An attribute that a CoA-Request sets.
using AttributeChange = EncodedAttribute;
AttributeChange change(Attribute<Integer> attribute, std::uint32_t value);
AttributeChange change(Attribute<Text> attribute, std::string_view value);

enum class Kind : std::uint8_t { disconnect, coa };

struct Request {
    Kind kind{};
    boost::asio::ip::address nas{};  // where its packets come from
    SessionIdentity session{};
    std::vector<AttributeChange> changes{};  // of a CoA-Request
    // Whether the session shall rather end if the NAS does not take this CoA-Request, or keeps silent to it.
    bool disconnect_if_unsupported = false;
};

struct Outcome {
    enum class Result : std::uint8_t {
#define OUTCOME(result) result,
#include "radius/outcomes.def"
#undef OUTCOME
    };
    Result result{};
    Kind kind{};                               // of the packet that brought it: a CoA may end as a Disconnect
    std::optional<std::uint32_t> error_cause;  // of the NAS' answer; value_name() has its name
};

// "acknowledged" and so on.
std::string_view name_of(Outcome::Result result);

struct Answer {
    bool is_acknowledgement{};
    std::optional<std::uint32_t> error_cause;
};

// Which packet is to be sent. Essential are those of which every NAS that was seen takes all.
enum class Identifiers : std::uint8_t { essential, all };
struct Step {
    Kind kind{};
    Identifiers identifiers = Identifiers::essential;

    bool operator==(const Step&) const = default;
};

// The way of one request through its packets: a CoA-Request, the same with more identifiers, a
// Disconnect-Request, the same with more.
class Course {
public:
    explicit Course(Kind kind) : step_{kind} {}

    Step step() const { return step_; }

    // After the answer to the packet of step(), or silence. nullopt: step() is another now.
    std::optional<Outcome> conclude(const Request& request, std::optional<Answer> answer);

private:
    Step step_;
    std::optional<Answer> to_essential_;  // while the step is the same with more identifiers
};

}  // namespace hourglass::radius::dynamic_authorization
