#include "radius/checked_attribute.hpp"

#include "radius/called_station.hpp"
#include "radius/letter_case.hpp"

#include <algorithm>

namespace hourglass::radius {
namespace {

constexpr std::uint8_t tag_max = 0x1f;  // RFC 2868 section 3.1

OctetString octets_of(std::string_view text) {
    return {text.begin(), text.end()};
}

template <class Bytes>
OctetString octets_of(const Bytes& bytes) {
    return {bytes.begin(), bytes.end()};
}

OctetString octets_of(const boost::asio::ip::address& address) {
    return address.is_v4() ? octets_of(address.to_v4().to_bytes()) : octets_of(address.to_v6().to_bytes());
}

std::optional<OctetString> nas_name(const LoginOrigin& origin) {
    if (origin.nas_name.empty()) return std::nullopt;
    return octets_of(origin.nas_name);
}

std::optional<OctetString> source_address(const LoginOrigin& origin) {
    if (origin.address.is_unspecified()) return std::nullopt;
    return octets_of(origin.address);
}

std::optional<OctetString> ssid(const LoginOrigin& origin) {
    const auto station = origin.request ? origin.request->find(attr::called_station_id) : std::nullopt;
    const auto parts = station ? parse_station(*station) : std::nullopt;
    return !parts || parts->ssid.empty() ? std::nullopt : std::optional(octets_of(parts->ssid));
}

Comparison comparison_of(const Definition& definition) {
    const auto path = path_of(definition);
    if (path == AttributePath{attr::calling_station_id.type} ||
        path == AttributePath{attr::called_station_id.type})
        return Comparison::station;
    switch (definition.type) {
        case DataType::byte:
        case DataType::short_:
        case DataType::integer:
        case DataType::integer64:
        case DataType::boolean:
        case DataType::date:
        case DataType::ifid:
        case DataType::ether:
            return Comparison::number;
        case DataType::signed_:
            return Comparison::signed_number;
        case DataType::ipaddr:
        case DataType::ipv6addr:
        case DataType::combo_ip:
            return Comparison::address;
        default:
            return Comparison::octets;
    }
}

void take_off_tag(OctetString& octets, const Definition& definition) {
    if (!definition.flags.has_tag || octets.empty()) return;
    const bool has_tag = is_number(definition.type) || octets.front() <= tag_max;
    if (has_tag) octets.erase(octets.begin());
}

bool has_attribute(const Packet& packet, std::uint32_t type) {
    return std::ranges::any_of(packet.attributes(), [&](RawAttribute each) { return each.type == type; });
}

bool is_below(const AttributePath& path, const AttributePath& top) {
    return path.size() >= top.size() && std::equal(top.begin(), top.end(), path.begin());
}

std::string show_address(const OctetString& octets) {
    return to_text(octets.size() == 4 ? DataType::ipaddr : DataType::ipv6addr, octets)
        .value_or(show_octets(octets));
}

}  // namespace

struct CheckedAttribute::Row {
    std::string_view name;
    Comparison comparison;
    Derive derive;
};

const CheckedAttribute::Row* CheckedAttribute::find_row(std::string_view name) {
    static constexpr auto rows = std::to_array<Row>({
        {"Called-Station-SSID",   Comparison::octets,  ssid          },
        {"Client-Shortname",      Comparison::octets,  nas_name      },
        {"Packet-Src-IP-Address", Comparison::address, source_address},
    });
    const auto row =
        std::ranges::find_if(rows, [&](const Row& each) { return is_same_word(each.name, name); });
    return row == rows.end() ? nullptr : &*row;
}

std::optional<CheckedAttribute> CheckedAttribute::find(std::string_view name, const Dictionary& dictionary) {
    if (const auto* const row = find_row(name))
        return CheckedAttribute(nullptr, row->derive, row->comparison, dictionary);
    const auto* const definition = dictionary.find(name);
    if (definition == nullptr || !is_of_packets(*definition)) return std::nullopt;
    return CheckedAttribute(definition, nullptr, comparison_of(*definition), dictionary);
}

CheckedAttribute::CheckedAttribute(const Definition* definition, Derive derive, Comparison comparison,
                                   const Dictionary& dictionary)
    : definition_(definition),
      path_(definition ? path_of(*definition) : AttributePath()),
      derive_(derive),
      comparison_(comparison),
      dictionary_(&dictionary) {}

std::vector<OctetString> CheckedAttribute::values_in(const LoginOrigin& origin) const {
    std::vector<OctetString> values;
    if (derive_ != nullptr) {
        if (auto value = derive_(origin)) values.push_back(*std::move(value));
        return values;
    }
    if (!origin.request || !has_attribute(*origin.request, path_.front())) return values;
    for (auto& attribute : decode_attributes(*origin.request, *dictionary_)) {
        if (!is_below(attribute.path, path_)) continue;
        take_off_tag(attribute.octets, *definition_);
        values.push_back(std::move(attribute.octets));
    }
    return values;
}

std::variant<OctetString, AttributeMistake> CheckedAttribute::parse(const std::string& text) const {
    if (definition_ == nullptr) return parse_derived(text);
    auto parsed = parse_attribute(definition_->name, text, *dictionary_);
    if (auto* const mistake = std::get_if<AttributeMistake>(&parsed)) return std::move(*mistake);
    auto octets = std::get<AttributeData>(std::move(parsed)).octets;
    take_off_tag(octets, *definition_);
    return octets;
}

std::variant<OctetString, AttributeMistake> CheckedAttribute::parse_derived(const std::string& text) const {
    if (comparison_ != Comparison::address) return octets_of(text);
    boost::system::error_code unreadable;
    const auto address = boost::asio::ip::make_address(text, unreadable);
    if (unreadable) return AttributeMistake{"it takes an IPv4 or IPv6 address, not '" + text + "'"};
    return octets_of(address);
}

std::string CheckedAttribute::show(const OctetString& value) const {
    if (definition_ == nullptr)
        return comparison_ == Comparison::address ? show_address(value) : std::string(as_text(value));
    auto octets = value;
    if (definition_->flags.has_tag && is_number(definition_->type)) octets.insert(octets.begin(), 0);
    if (is_number(definition_->type) && octets.size() <= sizeof(std::uint64_t)) {
        const auto name = dictionary_->value_name(*definition_, read_integer(octets));
        if (!name.empty()) return std::string(name);
    }
    return to_text(definition_->type, octets).value_or(show_octets(octets));
}

}  // namespace hourglass::radius
