// What the condition of a profile looks at: an attribute of the request by the dictionary, or one that is
// made from it or from what is known of its sender, under the names that FreeRADIUS has for these.
#pragma once

#include "radius/attribute_text.hpp"
#include "radius/login_origin.hpp"

namespace hourglass::radius {

// How values compare.
enum class Comparison : std::uint8_t {
    octets,         // from the first that differs on; texts too
    number,         // of as many octets
    signed_number,  // of as many octets
    address,        // the same, with a prefix on the right: whether it is in there
    station,        // a text; MAC addresses are alike in all spellings
};

class CheckedAttribute {
public:
    // nullopt: there is no such attribute.
    static std::optional<CheckedAttribute> find(std::string_view name, const Dictionary& dictionary);

    Comparison comparison() const { return comparison_; }
    // A secret: it may be asked for, and not compared.
    bool is_hidden() const { return definition_ && definition_->flags.encryption != Encryption::none; }

    // All of them, without tags; of what holds others, what is in it.
    std::vector<OctetString> values_in(const LoginOrigin& origin) const;

    // A value as somebody wrote it, or the sentence why it is none.
    std::variant<OctetString, AttributeMistake> parse(const std::string& text) const;
    // As parse() takes it.
    std::string show(const OctetString& value) const;

private:
    using Derive = std::optional<OctetString> (*)(const LoginOrigin& origin);
    struct Row;
    static const Row* find_row(std::string_view name);
    std::variant<OctetString, AttributeMistake> parse_derived(const std::string& text) const;

    CheckedAttribute(const Definition* definition, Derive derive, Comparison comparison,
                     const Dictionary& dictionary);

    const Definition* definition_;  // nullptr: derived
    AttributePath path_;
    Derive derive_;
    Comparison comparison_;
    const Dictionary* dictionary_;
};

}  // namespace hourglass::radius
