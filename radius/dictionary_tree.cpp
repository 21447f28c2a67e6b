#include "radius/dictionary_tree.hpp"

#include "radius/letter_case.hpp"

#include <boost/container_hash/hash.hpp>

#include <algorithm>
#include <array>
#include <limits>

namespace hourglass::radius {
namespace {

constexpr std::uint32_t packet_number_max = 255;

// How large a number the children of a container may have.
std::uint32_t number_max(const Definition& parent) {
    if (parent.type == DataType::packet) return std::numeric_limits<std::uint32_t>::max();
    if (parent.type != DataType::vendor) return packet_number_max;
    return parent.format.type_octets >= sizeof(std::uint32_t)
               ? std::numeric_limits<std::uint32_t>::max()
               : (std::uint32_t(1) << 8 * parent.format.type_octets) - 1;
}

std::uint64_t value_max(DataType type) {
    switch (type) {
        case DataType::boolean:
            return 1;
        case DataType::byte:
            return std::numeric_limits<std::uint8_t>::max();
        case DataType::short_:
            return std::numeric_limits<std::uint16_t>::max();
        case DataType::integer64:
            return std::numeric_limits<std::uint64_t>::max();
        default:
            return std::numeric_limits<std::uint32_t>::max();
    }
}

std::string quoted(std::string_view text) {
    return "'" + std::string(text) + "'";
}

}  // namespace

std::string show_path(const AttributePath& path) {
    std::string text;
    for (const auto number : path)
        text += (text.empty() ? "" : ".") + std::to_string(number);
    return text;
}

AttributePath path_of(const Definition& definition) {
    AttributePath path;
    for (const auto* node = &definition; node->parent != nullptr; node = node->parent)
        path.insert(path.begin(), node->number);
    return path;
}

bool is_of_packets(const Definition& definition) {
    const auto path = path_of(definition);
    return !path.empty() && path.front() <= packet_number_max;
}

std::size_t Dictionary::PlaceHash::operator()(const Place& place) const {
    std::size_t seed = std::hash<const Definition*>()(place.parent);
    boost::hash_combine(seed, place.number);
    return seed;
}

std::size_t Dictionary::NameHash::operator()(const Name& name) const {
    std::size_t hash = 0xcbf29ce484222325;  // FNV-1a
    for (const auto c : name.text)
        hash = (hash ^ static_cast<unsigned char>(to_lower_ascii(c))) * 0x100000001b3;
    boost::hash_combine(hash, name.of);
    return hash;
}

bool Dictionary::Name::operator==(const Name& other) const {
    return of == other.of && is_same_word(text, other.text);
}

Dictionary::Dictionary() {
    definitions_.push_back({.name = "packet", .type = DataType::packet});
    definitions_.front().first_named = &definitions_.front();
}

const Definition* Dictionary::find(std::string_view name) const {
    const auto found = by_name_.find(Name{nullptr, name});
    return found == by_name_.end() ? nullptr : found->second;
}

const Definition* Dictionary::find_child(const Definition& parent, std::uint32_t number) const {
    const auto found = by_place_.find(Place{parent.first_named, number});
    return found == by_place_.end() ? nullptr : found->second;
}

void Dictionary::put_in_place(Definition& definition) {
    by_place_[Place{definition.parent, definition.number}] = &definition;
    if (definition.parent == &packet() && definition.number < plain_.size())
        plain_[definition.number] = !is_container(definition.type);
}

const Definition* Dictionary::find(const AttributePath& path) const {
    const auto* node = &packet();
    for (const auto number : path) {
        node = find_child(*node, number);
        if (node == nullptr) return nullptr;
    }
    return node;
}

const Definition* Dictionary::find_vendor(std::string_view name) const {
    const auto found = vendors_.find(Name{nullptr, name});
    return found == vendors_.end() ? nullptr : found->second;
}

std::string_view Dictionary::value_name(const Definition& attribute, std::uint64_t number) const {
    const auto found = value_names_.find(Place{attribute.first_named, number});
    return found == value_names_.end() ? std::string_view() : found->second;
}

std::optional<std::uint64_t> Dictionary::find_value(const Definition& attribute,
                                                    std::string_view name) const {
    const auto found = values_.find(Name{attribute.first_named, name});
    return found == values_.end() ? std::nullopt : std::optional(found->second);
}

std::string_view Dictionary::keep(std::string text) {
    return texts_.emplace_back(std::move(text));
}

Definition& Dictionary::add(Definition definition) {
    const auto known = by_place_.find(Place{definition.parent, definition.number});
    auto& added = definitions_.emplace_back(definition);
    added.first_named = known == by_place_.end() ? &added : known->second->first_named;
    put_in_place(added);
    return added;
}

const Definition& Dictionary::add_vendor(const Definition& parent, std::string_view name,
                                         std::uint32_t number, VendorFormat format) {
    const bool has_own_format = parent.type == DataType::vsa;
    const auto there = by_place_.find(Place{parent.first_named, number});
    if (there != by_place_.end() && is_same_word(there->second->name, name)) {
        there->second->format = format;
        return *there->second;
    }
    const auto* known = has_own_format ? find_vendor(name) : nullptr;
    if (known)
        throw DictionaryError(quoted(name) + " is the name of vendor " + std::to_string(known->number) +
                              " already");
    auto& vendor = add({.name = name,
                        .number = number,
                        .type = DataType::vendor,
                        .format = format,
                        .parent = parent.first_named});
    if (has_own_format) vendors_.emplace(Name{nullptr, name}, &vendor);
    return vendor;
}

const Definition& Dictionary::add_attribute(const Definition& parent, std::string_view name,
                                            std::uint32_t number, DataType type, AttributeFlags flags) {
    if (number > number_max(parent))
        throw DictionaryError("the number " + std::to_string(number) + " of " + quoted(name) +
                              " is too large: " + std::to_string(number_max(parent)) + " is the largest in " +
                              quoted(parent.name));
    const Definition definition{
        .name = name, .number = number, .type = type, .flags = flags, .parent = parent.first_named};
    const auto [at, is_new] = by_name_.try_emplace(Name{nullptr, name}, nullptr);
    if (is_new) {
        const auto& added = add(definition);
        at->second = &definitions_.back();
        return added;
    }
    auto& known = *at->second;
    if (known.parent != definition.parent || known.number != number)
        throw DictionaryError(quoted(name) + " is the name of attribute " + show_path(path_of(known)) +
                              " already");
    known.type = type;
    known.flags = flags;
    put_in_place(known);
    return known;
}

void Dictionary::add_value(const Definition& attribute, std::string_view name, std::uint64_t number) {
    if (!is_number(attribute.type) && attribute.type != DataType::octets)
        throw DictionaryError("values of " + quoted(attribute.name) + " have no names: it takes " +
                              std::string(values_of(attribute.type)));
    if (number > value_max(attribute.type))
        throw DictionaryError("the value " + std::to_string(number) + " is too large for " +
                              quoted(attribute.name) + ", which takes " +
                              std::string(values_of(attribute.type)));
    const auto [at, is_new] = values_.try_emplace(Name{attribute.first_named, name}, number);
    if (!is_new && at->second != number)
        throw DictionaryError(quoted(name) + " is the name of value " + std::to_string(at->second) + " of " +
                              quoted(attribute.name) + " already");
    value_names_[Place{attribute.first_named, number}] = name;
    named_.insert(attribute.first_named);
}

}  // namespace hourglass::radius
