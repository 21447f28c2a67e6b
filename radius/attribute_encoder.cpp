// Into the headers again. Lengths are set when what they count stands behind them.
#include "radius/attribute_codec.hpp"
#include "radius/attribute_headers.hpp"

namespace hourglass::radius {
namespace {

using Group = std::span<const AttributeData>;

// How many at the front of `group` stand behind the same header, the one of path element `depth`.
std::size_t count_sharing(Group group, std::size_t depth) {
    std::size_t count = 1;
    while (count < group.size() && group[count].shared > depth)
        ++count;
    return count;
}

class Encoder {
public:
    explicit Encoder(const Dictionary& dictionary) : dictionary_(dictionary) {}

    bool encode(Group group) {
        EncodedAttribute whole{.type = static_cast<std::uint8_t>(group.front().path.front()), .value = {}};
        if (group.front().path.front() != whole.type) return false;
        const Container packet{DataType::packet, {}, &dictionary_.packet()};
        if (!put(whole, packet, group, 0)) return false;
        if (whole.value.size() <= attribute_value_octets_max) {
            encoded_.push_back(std::move(whole));
            return true;
        }
        return divide(whole, group);
    }

    std::vector<EncodedAttribute> take() { return std::move(encoded_); }

private:
    // What stands behind the header of path element `depth`, which all of the group share.
    bool put(EncodedAttribute& whole, const Container& parent, Group group, std::size_t depth) {
        const auto& first = group.front();
        if (first.path.size() == depth + 1) return group.size() == 1 && put_value(whole, first);
        const auto container = find_container(parent, first.path[depth], dictionary_);
        if (!container) return false;
        while (!group.empty()) {
            const auto count = count_sharing(group, depth + 1);
            if (!put_child(whole, *container, group.first(count), depth + 1)) return false;
            group = group.subspan(count);
        }
        return true;
    }

    bool put_child(EncodedAttribute& whole, const Container& container, Group group, std::size_t depth) {
        const auto number = group.front().path[depth];
        const auto child = begin_child(whole.value, container, number);
        if (!put(whole, container, group, depth)) return false;
        const bool is_divided_later = container.format.is_continued;
        return end_child(whole.value, child) || is_divided_later;
    }

    bool put_value(EncodedAttribute& whole, const AttributeData& attribute) {
        if (attribute.is_to_be_hidden) {
            const auto* definition = dictionary_.find(attribute.path);
            if (definition == nullptr) return false;
            const std::size_t tag_octets = definition->flags.has_tag ? 1 : 0;
            whole.hidden.push_back({definition->flags.encryption, whole.value.size() + tag_octets,
                                    attribute.octets.size() - tag_octets});
        }
        whole.value.insert(whole.value.end(), attribute.octets.begin(), attribute.octets.end());
        return true;
    }

    bool divide(const EncodedAttribute& whole, Group group) {
        const auto kind = fragments_of(whole.type, read_vendor(whole.value), dictionary_);
        if (!kind || !whole.hidden.empty()) return false;
        const bool are_several = kind->length_at && count_sharing(group, 2) < group.size();
        if (are_several) return false;
        for (auto& value : kind->divide(whole.value))
            encoded_.push_back({whole.type, std::move(value)});
        return true;
    }

    const Dictionary& dictionary_;
    std::vector<EncodedAttribute> encoded_;
};

bool is_joining(const Definition* definition) {
    return definition && (definition->type == DataType::tlv || definition->type == DataType::structure);
}

}  // namespace

std::optional<std::vector<EncodedAttribute>> encode_attributes(Group attributes,
                                                               const Dictionary& dictionary) {
    Encoder encoder(dictionary);
    while (!attributes.empty()) {
        const auto count = count_sharing(attributes, 0);
        if (!encoder.encode(attributes.first(count))) return std::nullopt;
        attributes = attributes.subspan(count);
    }
    return encoder.take();
}

void join_groups(std::span<AttributeData> attributes, const Dictionary& dictionary) {
    for (std::size_t i = 1; i < attributes.size(); ++i) {
        const auto& before = attributes[i - 1].path;
        auto& attribute = attributes[i];
        const auto [end, unused] = std::ranges::mismatch(attribute.path, before);
        AttributePath common(attribute.path.begin(), end);
        if (common.size() == attribute.path.size() || common.size() == before.size()) common.pop_back();
        while (!common.empty() && !is_joining(dictionary.find(common)))
            common.pop_back();
        attribute.shared = common.size();
    }
}

std::optional<Container> find_container(const Container& parent, std::uint32_t number,
                                        const Dictionary& dictionary) {
    const auto* definition = parent.definition ? dictionary.find_child(*parent.definition, number) : nullptr;
    if (definition == nullptr) {
        if (parent.type == DataType::vsa) return Container{DataType::vendor, {}, nullptr};
        if (parent.type == DataType::evs) return Container{DataType::vendor, extended_vendor_format, nullptr};
        return std::nullopt;
    }
    if (!is_container(definition->type)) return std::nullopt;
    return Container{definition->type, definition->format, definition};
}

}  // namespace hourglass::radius
