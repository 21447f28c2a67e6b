// What is known of attributes while the daemon runs: their names, numbers, data types and values' names, as a
// tree whose root is the packet. A vendor is a node below Vendor-Specific, and the parts of a TLV are below
// the TLV; so one path of numbers, such as 26.311.16, leads to each. Made once from dictionary.def and
// dictionary files; nothing changes it afterwards, and all workers share it.
#pragma once

#include "radius/data_types.hpp"

#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>

#include <bitset>
#include <deque>
#include <memory>
#include <stdexcept>

namespace hourglass::radius {

using AttributePath = std::vector<std::uint32_t>;

// "26.311.16".
std::string show_path(const AttributePath& path);

// How a value is hidden: RFC 2865 section 5.2, RFC 2868 section 3.5, and Ascend's own way.
enum class Encryption : std::uint8_t { none, user_password, tunnel_password, ascend_secret };

// The header of a vendor's attributes (RFC 2865 section 5.26 suggests 1, 1). A length of 0 octets: there is
// none, and the value takes the rest.
struct VendorFormat {
    std::uint8_t type_octets = 1;
    std::uint8_t length_octets = 1;
    bool is_continued = false;  // an octet that says whether another attribute goes on with the value (WiMAX)

    bool operator==(const VendorFormat&) const = default;
};

// Of vendors below an Extended-Vendor-Specific (RFC 6929 section 2.4).
inline constexpr VendorFormat extended_vendor_format{1, 0, false};

struct AttributeFlags {
    Encryption encryption{};
    bool has_tag = false;            // RFC 2868 section 3.1
    bool is_concatenated = false;    // a long value goes on in the next attribute of this type
    std::uint16_t exact_octets = 0;  // 0: as the data type has it
};

struct Definition {
    std::string_view name;
    std::uint32_t number{};
    DataType type{};
    AttributeFlags flags{};
    VendorFormat format{};       // of a vendor
    const Definition* parent{};  // nullptr: the packet itself
    const Definition*
        first_named{};  // of those that share parent and number, whose values and parts are theirs
};

// A sentence for the operator.
class DictionaryError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

class Dictionary {
public:
    Dictionary();

    // By name, in any case of letters. nullptr: there is none.
    const Definition* find(std::string_view name) const;
    // Of several names for one number the last that was given.
    const Definition* find_child(const Definition& parent, std::uint32_t number) const;
    const Definition* find(const AttributePath& path) const;
    const Definition& packet() const { return definitions_.front(); }
    // Whether a packet's own attribute of that type is known and holds no others.
    bool knows_plain(std::uint8_t type) const { return plain_[type]; }

    std::string_view value_name(const Definition& attribute,
                                std::uint64_t number) const;  // empty: it has none
    std::optional<std::uint64_t> find_value(const Definition& attribute, std::string_view name) const;
    bool has_value_names(const Definition& attribute) const { return named_.contains(attribute.first_named); }

    // All, vendors and containers among them.
    const std::deque<Definition>& definitions() const { return definitions_; }

    // What follows builds it. Names are views and must outlive it: keep() does that for a file's text. A
    // DictionaryError says what contradicts what is there.
    std::string_view keep(std::string text);
    // Below `parent`, a Vendor-Specific or an Extended-Vendor-Specific.
    const Definition& add_vendor(const Definition& parent, std::string_view name, std::uint32_t number,
                                 VendorFormat format);
    const Definition& add_attribute(const Definition& parent, std::string_view name, std::uint32_t number,
                                    DataType type, AttributeFlags flags = {});
    void add_value(const Definition& attribute, std::string_view name, std::uint64_t number);
    const Definition* find_vendor(std::string_view name) const;  // below Vendor-Specific

private:
    struct Place {
        const Definition* parent;
        std::uint64_t number;
        bool operator==(const Place&) const = default;
    };
    struct PlaceHash {
        std::size_t operator()(const Place& place) const;
    };
    struct Name {
        const Definition* of;  // nullptr: of attributes
        std::string_view text;
        bool operator==(const Name& other) const;
    };
    struct NameHash {
        std::size_t operator()(const Name& name) const;
    };

    Definition& add(Definition definition);
    void put_in_place(Definition& definition);

    std::deque<std::string> texts_;
    std::deque<Definition> definitions_;
    boost::unordered_flat_map<Place, Definition*, PlaceHash> by_place_;
    std::bitset<256> plain_;  // those of the packet's own that knows_plain()
    boost::unordered_flat_map<Name, Definition*, NameHash> by_name_;
    boost::unordered_flat_map<Name, Definition*, NameHash> vendors_;
    boost::unordered_flat_map<Place, std::string_view, PlaceHash> value_names_;
    boost::unordered_flat_map<Name, std::uint64_t, NameHash> values_;
    boost::unordered_flat_set<const Definition*> named_;
};

AttributePath path_of(const Definition& definition);

// Whether it can stand in a packet: dictionary files also name what servers tell themselves.
bool is_of_packets(const Definition& definition);

}  // namespace hourglass::radius
