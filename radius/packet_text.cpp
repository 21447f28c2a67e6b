#include "radius/packet_text.hpp"

#include <boost/algorithm/string/predicate.hpp>

#include <algorithm>
#include <array>

namespace hourglass::radius {
namespace {

constexpr std::string_view present = "present";

struct CodeName {
    Code code;
    std::string_view name;
};
constexpr auto code_names = std::to_array<CodeName>({
    {Code::access_request,      "Access-Request"     },
    {Code::access_accept,       "Access-Accept"      },
    {Code::access_reject,       "Access-Reject"      },
    {Code::accounting_request,  "Accounting-Request" },
    {Code::accounting_response, "Accounting-Response"},
    {Code::access_challenge,    "Access-Challenge"   },
    {Code::status_server,       "Status-Server"      },
    {Code::disconnect_request,  "Disconnect-Request" },
    {Code::disconnect_ack,      "Disconnect-ACK"     },
    {Code::disconnect_nak,      "Disconnect-NAK"     },
    {Code::coa_request,         "CoA-Request"        },
    {Code::coa_ack,             "CoA-ACK"            },
    {Code::coa_nak,             "CoA-NAK"            },
});

// What the name of a secret has in it, whoever the vendor is. A response to a challenge is one: from both
// together a weak password can be found.
constexpr auto secret_words = std::to_array<std::string_view>(
    {"Password", "Passphrase", "Secret", "-Key", "Skey", "PSK", "-CPW", "-Enc-PW", "CHAP-Response",
     "CHAP2-Response", "CHAP2-Success", "EAP-Message"});

bool is_secret(std::string_view name) {
    return name == "State" || std::ranges::any_of(secret_words, [&](std::string_view word) {
               return boost::algorithm::icontains(name, word);
           });
}

// Cisco-AVPair = "psk=…", and those of other vendors that have taken to it.
bool names_a_secret(std::string_view pair_key) {
    constexpr auto words = std::to_array<std::string_view>({"psk", "pass", "secret", "key"});
    return std::ranges::any_of(
        words, [&](std::string_view word) { return boost::algorithm::icontains(pair_key, word); });
}

}  // namespace

std::string name_of(Code code) {
    const auto known = std::ranges::find(code_names, code, &CodeName::code);
    return known != code_names.end() ? std::string(known->name)
                                     : "Code " + std::to_string(static_cast<unsigned>(code));
}

AttributeText masked(AttributeText attribute) {
    const auto equals = attribute.value.find('=');
    if (is_secret(attribute.name)) {
        attribute.value = masked_value;
    } else if (attribute.name.ends_with("AVPair") && equals != std::string::npos &&
               names_a_secret(std::string_view(attribute.value).substr(0, equals))) {
        attribute.value.replace(equals + 1, std::string::npos, masked_value);
    }
    return attribute;
}

std::vector<AttributeText> show_packet(const Packet& packet, const Dictionary& dictionary) {
    auto texts = show_attributes(packet, dictionary);
    for (auto& text : texts) {
        text = masked(std::move(text));
        if (text.name == attribute_name(0, attr::message_authenticator.type)) text.value = present;
    }
    return texts;
}

}  // namespace hourglass::radius
